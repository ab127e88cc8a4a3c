insert into work_association_occurrence (run_id, size, group_number, basket, prefix, set_number)
with larger as (
  select group_number, prefix, other, set_number
  from work_association_set
  where run_id = {{run_id}} and size = {{size}} + 1
)

select {{run_id}}, {{size}} + 1, one.group_number, one.basket, larger.prefix, larger.set_number
from work_association_occurrence one
join larger on larger.group_number = one.group_number and larger.prefix = one.set_number
join work_association_occurrence two
  on two.group_number = one.group_number and two.basket = one.basket and two.set_number = larger.other
where one.run_id = {{run_id}} and one.size = {{size}} and two.run_id = {{run_id}} and two.size = {{size}}
