-- Touchpoints by which customers look around, each once overall and once per category of its items; what nobody is known
-- of counts as well. Age is the time until the end of the window, UTC. Weights are added as decimals, for sums of doubles
-- depend on the order.
insert into work_channel_preference (run_id, kind, category, channel, amount, weight)
select
  {{run_id}},
  'interaction',
  one.category,
  touchpoint.channel,
  count(*),
  cast(sum(cast(
    power(0.5e0, cast(date_diff('millisecond', touchpoint.event_time, {{to}}) as double) / {{half_life_ms}})
    as decimal(38, 28)
  )) as double)
from touchpoint
cross join unnest(concat(
  array[cast(null as varchar)],
  coalesce(
    filter(array_distinct(transform(touchpoint.items, item -> item.category)), category -> category <> ''),
    cast(array[] as array(varchar))
  )
)) as one (category)
where touchpoint.event_time >= {{from}}
  and touchpoint.event_time < {{to}}
  and touchpoint.phase in ({{early_phases}})
  and touchpoint.type not in ({{exposures}})
group by one.category, touchpoint.channel
