-- The frequent items of each group, numbered in the order of their text.
insert into work_association_set (run_id, size, group_number, set_number, prefix, other, items, itemset_count)
with counted as (
  select g.group_number, g.basket_count, line.value, count(*) as itemset_count
  from work_association_line line
  cross join unnest(array['all', 'channel=' || line.channel, 'store=' || line.store_id]) as placed (scope)
  join work_association_group g on g.level = line.level and g.scope = placed.scope
  where line.run_id = {{run_id}} and g.run_id = {{run_id}}
  group by g.group_number, g.basket_count, line.value
)

select
  {{run_id}},
  1,
  group_number,
  cast(row_number() over (partition by group_number order by value) as integer),
  0,
  0,
  array[value],
  itemset_count
from counted
where itemset_count >= {{min_count}} and cast(itemset_count as double) / cast(basket_count as double) >= {{min_share}}
