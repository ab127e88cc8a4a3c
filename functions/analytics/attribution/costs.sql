-- What each value cost in the time of the run, whose days are those of UTC that begin in it. A campaign's cost by
-- channel group, and by source and medium, is spread over those that its touchpoints have, in proportion to them.
insert into work_attribution_cost (run_id, dimension, dimension_value, currency, cost)
with spent as (
  select campaign_id, currency, sum(amount) as cost
  from campaign_cost
  where cast(day as timestamp(6)) >= {{from}} and cast(day as timestamp(6)) < {{to}}
  group by campaign_id, currency
),

told as (
  select
    campaign_id,
    channel_group,
    nullif(campaign_source, '') as campaign_source,
    nullif(campaign_medium, '') as campaign_medium
  from touchpoint
  where event_time >= {{from}} and event_time < {{to}} and campaign_id is not null
),

named as (
  select campaign_id, dimension, dimension_value, count(*) as touchpoints
  from (
    select
      campaign_id,
      channel_group,
      case
        when campaign_source is not null or campaign_medium is not null
          then coalesce(campaign_source, '(none)') || ' / ' || coalesce(campaign_medium, '(none)')
      end as source_medium
    from told
  ) as origin
  cross join unnest(array['channel_group', 'source_medium'], array[channel_group, source_medium])
    as value_of (dimension, dimension_value)
  where dimension_value <> ''
  group by campaign_id, dimension, dimension_value
),

until as (
  select
    campaign_id,
    dimension,
    dimension_value,
    cast(floor(1e18 * (
      cast(sum(touchpoints) over (partition by campaign_id, dimension order by dimension_value) as double)
        / cast(sum(touchpoints) over (partition by campaign_id, dimension) as double)
    )) as bigint) as part_until
  from named
),

rounded as (
  select
    until.campaign_id,
    until.dimension,
    until.dimension_value,
    spent.currency,
    cast(
      cast(until.part_until as decimal(19, 0)) * spent.cost * decimal '0.000000000000000001' as decimal(38, 4)
    ) as cost_until
  from until
  join spent on spent.campaign_id = until.campaign_id
),

cost_of as (
  select
    dimension,
    dimension_value,
    currency,
    cost_until - coalesce(lag(cost_until) over (
      partition by campaign_id, dimension, currency order by dimension_value
    ), 0) as cost
  from rounded
  union all
  select 'campaign', campaign_id, currency, cost from spent
  union all
  select 'channel', campaign.channel, spent.currency, spent.cost
  from spent
  join campaign on campaign.campaign_id = spent.campaign_id
)

select {{run_id}}, dimension, dimension_value, currency, cast(sum(cost) as decimal(18, 4))
from cost_of
where dimension in ({{dimensions}}) and dimension_value <> ''
group by dimension, dimension_value, currency
