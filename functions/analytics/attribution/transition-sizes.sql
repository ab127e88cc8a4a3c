-- How large each Markov model is: its transitions, and the values that can be taken away.
select
  size.model,
  size.dimension,
  size.transitions,
  value_of.dimension_values
from (
  select model, dimension, count(*) as transitions
  from attribution_transition
  where run_id = {{run_id}}
  group by model, dimension
) as size
join (
  select dimension, count(distinct next_value) as dimension_values
  from work_attribution_transition
  where run_id = {{run_id}}
  group by dimension
) as value_of on value_of.dimension = size.dimension
order by size.dimension, size.model
