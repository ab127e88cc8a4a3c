-- Two sets in a basket that differ in their last item make a candidate that is larger by one: how many there will be.
with shared as (
  select group_number, basket, prefix, count(*) as sets
  from work_association_occurrence
  where run_id = {{run_id}} and size = {{size}}
  group by group_number, basket, prefix
),

made as (
  select sum(sets * (sets - 1) / 2) as candidates, sum(sets) as occurrences from shared
),

found as (
  select count(*) as sets from work_association_set where run_id = {{run_id}} and size = {{size}}
)

select
  coalesce(cast(made.candidates as bigint), 0) as candidates,
  coalesce(cast(made.occurrences as bigint), 0) as occurrences,
  found.sets
from made
cross join found
