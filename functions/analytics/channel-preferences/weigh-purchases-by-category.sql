-- Orders, likewise, once per category of their items.
insert into work_channel_preference (run_id, kind, category, channel, amount, weight)
with bought as (
  select distinct order_key, order_time, channel, category
  from order_line
  where order_time >= {{from}}
    and order_time < {{to}}
    and line_type = 'item'
    and category <> ''
)

select
  {{run_id}},
  'purchase',
  category,
  channel,
  count(*),
  cast(sum(cast(
    power(0.5e0, cast(date_diff('millisecond', order_time, {{to}}) as double) / {{half_life_ms}})
    as decimal(38, 28)
  )) as double)
from bought
group by category, channel
