-- A split says which items of a set of its size are the antecedent and which the consequent: 3|1,3|2.
insert into work_association_rule
  (run_id, group_number, antecedent, consequent, antecedent_count, consequent_count, rule_count, basket_count)
with split as (
  select
    cast(split_part(told.one, '|', 1) as integer) as size,
    split(split_part(told.one, '|', 2), ',') as antecedent,
    split(split_part(told.one, '|', 3), ',') as consequent
  from unnest(split({{splits}}, ';')) as told (one)
),

rule as (
  select
    s.group_number,
    transform(split.antecedent, place -> element_at(s.items, cast(place as integer))) as antecedent,
    transform(split.consequent, place -> element_at(s.items, cast(place as integer))) as consequent,
    s.itemset_count
  from work_association_set s
  join split on split.size = s.size
  where s.run_id = {{run_id}} and s.size > 1
)

select
  {{run_id}},
  rule.group_number,
  rule.antecedent,
  rule.consequent,
  one.itemset_count,
  two.itemset_count,
  rule.itemset_count,
  g.basket_count
from rule
join work_association_set one on one.group_number = rule.group_number and one.items = rule.antecedent
join work_association_set two on two.group_number = rule.group_number and two.items = rule.consequent
join work_association_group g on g.group_number = rule.group_number
where one.run_id = {{run_id}} and two.run_id = {{run_id}} and g.run_id = {{run_id}}
