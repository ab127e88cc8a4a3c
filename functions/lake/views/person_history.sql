-- Whose a node was, and when: one row for each span of time in which it stayed with one person. The last one has no
-- end.
with change as (
  select
    node_id,
    person_id,
    lag(person_id) over by_version as person_before,
    -- Clocks differ: no version holds before the one that it follows.
    max(changed_at) over (by_version rows unbounded preceding) as changed_at,
    row_number() over by_version as place
  from identity_map
  window by_version as (partition by node_id order by version, changed_at, person_id)
),

span as (
  select * from change where person_before is null or person_before <> person_id
)

select
  node_id,
  person_id,
  changed_at as valid_from,
  lead(changed_at) over (partition by node_id order by place) as valid_to
from span
