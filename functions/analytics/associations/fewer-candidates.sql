-- How many candidates there would be if only sets counted that have a higher support.
with wish as (
  select
    asked.place as wish,
    cast(split_part(asked.one, '|', 1) as bigint) as min_count,
    cast(split_part(asked.one, '|', 2) as double) as min_share
  from unnest(split({{wishes}}, ';')) with ordinality as asked (one, place)
),

shared as (
  select wish.wish, o.group_number, o.basket, o.prefix, count(*) as sets
  from work_association_occurrence o
  join work_association_set s on s.group_number = o.group_number and s.set_number = o.set_number
  join work_association_group g on g.group_number = o.group_number
  join wish
    on s.itemset_count >= wish.min_count
    and cast(s.itemset_count as double) / cast(g.basket_count as double) >= wish.min_share
  where o.run_id = {{run_id}} and o.size = {{size}}
    and s.run_id = {{run_id}} and s.size = {{size}}
    and g.run_id = {{run_id}}
  group by wish.wish, o.group_number, o.basket, o.prefix
)

select wish, cast(sum(sets * (sets - 1) / 2) as bigint) as number
from shared
group by wish
