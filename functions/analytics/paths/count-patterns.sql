-- Denominators: journeys that converted; those whose order has an item of the category; those that were in the store.
-- A journey of several categories or stores counts for each.
insert into journey_pattern (run_id, pattern, category, store_id, journeys, share)
with converted as (
  select * from work_journey_path where run_id = {{run_id}} and is_converted
),

scoped as (
  select journey_id, patterns, cast(null as varchar) as category, cast(null as varchar) as store_id
  from converted
  union all
  select converted.journey_id, converted.patterns, category_of.category, cast(null as varchar)
  from converted
  join work_order_category as category_of
    on category_of.order_key = converted.order_key and category_of.run_id = {{run_id}}
  union all
  select converted.journey_id, converted.patterns, cast(null as varchar), store.store_id
  from converted
  cross join unnest(converted.store_ids) as store (store_id)
),

-- The empty pattern stands for all.
counted as (
  select one.pattern, scoped.category, scoped.store_id, count(*) as journeys
  from scoped
  cross join unnest(concat(array[''], scoped.patterns)) as one (pattern)
  group by one.pattern, scoped.category, scoped.store_id
),

compared as (
  select
    *,
    max(case when pattern = '' then journeys end) over (partition by category, store_id) as all_journeys
  from counted
)

select {{run_id}}, pattern, category, store_id, journeys, cast(journeys as double) / all_journeys
from compared
where pattern <> ''
