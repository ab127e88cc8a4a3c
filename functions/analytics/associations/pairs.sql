-- Pairs that are frequent in a channel of either side, both ways, counted in stores and online. Without baskets on
-- both sides there is nothing to compare.
insert into work_association_pair (
  run_id, level, antecedent, consequent,
  store_rule_count, store_antecedent_count, store_consequent_count, store_basket_count,
  online_rule_count, online_antecedent_count, online_consequent_count, online_basket_count
)
with pair as (
  select distinct g.level, element_at(s.items, 1) as first_item, element_at(s.items, 2) as second_item
  from work_association_set s
  join work_association_group g on g.group_number = s.group_number
  where s.run_id = {{run_id}}
    and s.size = 2
    and g.run_id = {{run_id}}
    and g.scope in ('channel=store', 'channel=web', 'channel=app', 'channel=marketplace')
),

line as (
  select level, basket, value, channel = 'store' as is_store
  from work_association_line
  where run_id = {{run_id}} and channel in ('store', 'web', 'app', 'marketplace')
),

basket as (
  select
    level,
    count(distinct case when is_store then basket end) as store_count,
    count(distinct case when not is_store then basket end) as online_count
  from line
  group by level
),

item as (
  select
    level,
    value,
    count(case when is_store then 1 end) as store_count,
    count(case when not is_store then 1 end) as online_count
  from line
  group by level, value
),

together as (
  select
    pair.level,
    pair.first_item,
    pair.second_item,
    count(case when one.is_store then 1 end) as store_count,
    count(case when not one.is_store then 1 end) as online_count
  from pair
  join line one on one.level = pair.level and one.value = pair.first_item
  join line two on two.level = pair.level and two.value = pair.second_item and two.basket = one.basket
  group by pair.level, pair.first_item, pair.second_item
),

directed as (
  select level, first_item as antecedent, second_item as consequent, store_count, online_count from together
  union all
  select level, second_item as antecedent, first_item as consequent, store_count, online_count from together
)

select
  {{run_id}},
  directed.level,
  directed.antecedent,
  directed.consequent,
  directed.store_count,
  one.store_count,
  two.store_count,
  basket.store_count,
  directed.online_count,
  one.online_count,
  two.online_count,
  basket.online_count
from directed
join item one on one.level = directed.level and one.value = directed.antecedent
join item two on two.level = directed.level and two.value = directed.consequent
join basket on basket.level = directed.level
where basket.store_count > 0 and basket.online_count > 0
