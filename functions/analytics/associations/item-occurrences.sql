insert into work_association_occurrence (run_id, size, group_number, basket, prefix, set_number)
with item as (
  select g.level, g.scope, s.group_number, s.set_number, element_at(s.items, 1) as value
  from work_association_set s
  join work_association_group g on g.group_number = s.group_number
  where s.run_id = {{run_id}} and s.size = 1 and g.run_id = {{run_id}}
)

select {{run_id}}, 1, item.group_number, line.basket, 0, item.set_number
from work_association_line line
cross join unnest(array['all', 'channel=' || line.channel, 'store=' || line.store_id]) as placed (scope)
join item on item.level = line.level and item.scope = placed.scope and item.value = line.value
where line.run_id = {{run_id}}
