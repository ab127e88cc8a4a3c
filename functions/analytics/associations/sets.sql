-- The frequent sets that are larger by one.
insert into work_association_set (run_id, size, group_number, set_number, prefix, other, items, itemset_count)
with candidate as (
  select one.group_number, one.set_number as prefix, two.set_number as other, count(*) as itemset_count
  from work_association_occurrence one
  join work_association_occurrence two
    on two.group_number = one.group_number
    and two.basket = one.basket
    and two.prefix = one.prefix
    and two.set_number > one.set_number
  where one.run_id = {{run_id}} and one.size = {{size}} and two.run_id = {{run_id}} and two.size = {{size}}
  group by one.group_number, one.set_number, two.set_number
),

frequent as (
  select candidate.*
  from candidate
  join work_association_group g on g.group_number = candidate.group_number
  where g.run_id = {{run_id}}
    and candidate.itemset_count >= {{min_count}}
    and cast(candidate.itemset_count as double) / cast(g.basket_count as double) >= {{min_share}}
)

select
  {{run_id}},
  {{size}} + 1,
  frequent.group_number,
  cast(
    row_number() over (partition by frequent.group_number order by frequent.prefix, frequent.other) as integer
  ),
  frequent.prefix,
  frequent.other,
  one.items || slice(two.items, {{size}}, 1),
  frequent.itemset_count
from frequent
join work_association_set one on one.group_number = frequent.group_number and one.set_number = frequent.prefix
join work_association_set two on two.group_number = frequent.group_number and two.set_number = frequent.other
where one.run_id = {{run_id}} and one.size = {{size}} and two.run_id = {{run_id}} and two.size = {{size}}
