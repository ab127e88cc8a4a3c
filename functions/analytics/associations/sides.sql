insert into association_side (
  run_id, level, antecedent, consequent,
  store_rule_count, store_antecedent_count, store_consequent_count, store_basket_count,
  online_rule_count, online_antecedent_count, online_consequent_count, online_basket_count,
  p_value, q_value
)
with wanted as (
  select
    *,
    store_rule_count + online_rule_count as rules,
    store_antecedent_count + online_antecedent_count as antecedents
  from work_association_pair
  where run_id = {{run_id}}
),

tested as (
  select wanted.*, probability.p_value
  from wanted
  join work_association_tail tail
    on tail.hits = wanted.store_rule_count
    and tail.drawn = least(wanted.store_antecedent_count, wanted.rules)
    and tail.marked = greatest(wanted.store_antecedent_count, wanted.rules)
    and tail.population = wanted.antecedents
  join work_association_probability probability on probability.tail_number = tail.tail_number
  where tail.run_id = {{run_id}} and probability.run_id = {{run_id}}
),

ranked as (
  select
    *,
    count(*) over (partition by level) as pairs,
    count(*) over (partition by level order by p_value) as last_rank
  from tested
)

select
  {{run_id}},
  level,
  antecedent,
  consequent,
  store_rule_count,
  store_antecedent_count,
  store_consequent_count,
  store_basket_count,
  online_rule_count,
  online_antecedent_count,
  online_consequent_count,
  online_basket_count,
  p_value,
  min(p_value * cast(pairs as double) / cast(last_rank as double)) over (partition by level order by p_value desc)
from ranked
