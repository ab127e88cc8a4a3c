-- How many sets of each size there would be at a higher support.
with wish as (
  select
    asked.place as wish,
    cast(split_part(asked.one, '|', 1) as bigint) as min_count,
    cast(split_part(asked.one, '|', 2) as double) as min_share
  from unnest(split({{wishes}}, ';')) with ordinality as asked (one, place)
)

select wish.wish, s.size, count(*) as number
from work_association_set s
join work_association_group g on g.group_number = s.group_number
join wish
  on s.itemset_count >= wish.min_count
  and cast(s.itemset_count as double) / cast(g.basket_count as double) >= wish.min_share
where s.run_id = {{run_id}} and g.run_id = {{run_id}}
group by wish.wish, s.size
