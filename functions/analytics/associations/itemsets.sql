insert into frequent_itemset (run_id, scope, level, items, size, itemset_count, basket_count, support)
select
  {{run_id}},
  g.scope,
  g.level,
  s.items,
  s.size,
  s.itemset_count,
  g.basket_count,
  cast(s.itemset_count as double) / cast(g.basket_count as double)
from work_association_set s
join work_association_group g on g.group_number = s.group_number
where s.run_id = {{run_id}} and g.run_id = {{run_id}}
