-- Many transitions in a row, for answers are read by the thousand rows: states apart by semicolons, each with what
-- followed it and how often, as in `41 42=43:7,(null):2`. Values are in hexadecimal digits.
with cut as (
  select
    slice(from_state, greatest(1, cardinality(from_state) - {{order}} + 1), {{order}}) as from_state,
    next_value,
    ending,
    transitions
  from work_attribution_transition
  where run_id = {{run_id}} and dimension = {{dimension}}
),

counted as (
  select
    array_join(transform(from_state, one -> to_hex(to_utf8(one))), ' ') as state,
    coalesce(to_hex(to_utf8(next_value)), ending) as next,
    sum(transitions) as transitions
  from cut
  group by 1, 2
),

line as (
  select
    state || '=' || array_join(array_agg(next || ':' || cast(transitions as varchar) order by next), ',') as line,
    row_number() over (order by state) as place
  from counted
  group by state
)

select array_join(array_agg(line order by place), ';') as lines
from line
group by floor(place / 50e0)
