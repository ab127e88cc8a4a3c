-- A channel's share is its sum of 0.5^(age / half-life) divided by that of all channels of the category.
insert into channel_preference (
  run_id, category, channel, interactions, purchases, interaction_share, purchase_share
)
with by_channel as (
  select
    category,
    channel,
    sum(case when kind = 'interaction' then amount else 0 end) as interactions,
    sum(case when kind = 'purchase' then amount else 0 end) as purchases,
    sum(cast(case when kind = 'interaction' then weight else 0 end as decimal(38, 20))) as interaction_weight,
    sum(cast(case when kind = 'purchase' then weight else 0 end as decimal(38, 20))) as purchase_weight
  from work_channel_preference
  where run_id = {{run_id}}
  group by category, channel
)

select
  {{run_id}},
  category,
  channel,
  cast(interactions as bigint),
  cast(purchases as bigint),
  cast(interaction_weight as double) / nullif(cast(sum(interaction_weight) over of_category as double), 0),
  cast(purchase_weight as double) / nullif(cast(sum(purchase_weight) over of_category as double), 0)
from by_channel
window of_category as (partition by category)
