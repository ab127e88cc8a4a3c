-- The transitions of lower orders are those of the highest one, told by fewer of the last touches.
insert into attribution_transition (run_id, model, dimension, from_state, to_state, transitions, probability)
with known as (
  select
    model,
    cast(substr(model, 8) as bigint) as k,
    dimension,
    from_state,
    case when next_value is null then array[ending] else from_state || array[next_value] end as to_state,
    next_value is null as is_end,
    transitions
  from work_attribution_transition
  cross join unnest(array[{{models}}]) as asked (model)
  where run_id = {{run_id}}
),

cut as (
  select
    model,
    dimension,
    case
      when cardinality(from_state) = 0 then array['(start)']
      else slice(from_state, greatest(1, cardinality(from_state) - k + 1), k)
    end as from_state,
    case
      when is_end then to_state
      else slice(to_state, greatest(1, cardinality(to_state) - k + 1), k)
    end as to_state,
    transitions
  from known
),

counted as (
  select model, dimension, from_state, to_state, sum(transitions) as transitions
  from cut
  group by model, dimension, from_state, to_state
)

select
  {{run_id}},
  model,
  dimension,
  from_state,
  to_state,
  cast(transitions as bigint),
  cast(transitions as double)
    / cast(sum(transitions) over (partition by model, dimension, from_state) as double)
from counted
