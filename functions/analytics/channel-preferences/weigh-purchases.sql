-- Orders, likewise, overall.
insert into work_channel_preference (run_id, kind, category, channel, amount, weight)
select
  {{run_id}},
  'purchase',
  cast(null as varchar),
  channel,
  count(*),
  cast(sum(cast(
    power(0.5e0, cast(date_diff('millisecond', order_time, {{to}}) as double) / {{half_life_ms}})
    as decimal(38, 28)
  )) as double)
from sales_order
where order_time >= {{from}}
  and order_time < {{to}}
  and status <> 'unmatched_return'
group by channel
