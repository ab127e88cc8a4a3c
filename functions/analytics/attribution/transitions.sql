-- How often which touch, or end, followed which: the last {{order}} touches, at the beginning fewer.
insert into work_attribution_transition (run_id, dimension, from_state, next_value, ending, transitions)
with step as (
  select
    dimension,
    slice(touches, greatest(1, place - {{order}}), least(place - 1, {{order}})) as from_state,
    next_value,
    cast(null as varchar) as ending
  from work_attribution_path
  cross join unnest(touches) with ordinality as touch_of (next_value, place)
  where run_id = {{run_id}}
  union all
  select
    dimension,
    slice(touches, greatest(1, cardinality(touches) - {{order}} + 1), {{order}}) as from_state,
    cast(null as varchar) as next_value,
    case when is_converted then '(conversion)' else '(null)' end as ending
  from work_attribution_path
  where run_id = {{run_id}} and cardinality(touches) > 0
)

select {{run_id}}, dimension, from_state, next_value, ending, count(*)
from step
group by dimension, from_state, next_value, ending
