-- q is the least p * m / rank of this rule and those after it, by p; rules of the same p have the last one's rank.
insert into association_rule (
  run_id, scope, level, antecedent, consequent, antecedent_count, consequent_count, rule_count, basket_count,
  support, confidence, lift, leverage, conviction, p_value, q_value
)
with tested as (
  select rule.*, probability.p_value
  from work_association_rule rule
  join work_association_tail tail
    on tail.hits = rule.rule_count
    and tail.drawn = least(rule.antecedent_count, rule.consequent_count)
    and tail.marked = greatest(rule.antecedent_count, rule.consequent_count)
    and tail.population = rule.basket_count
  join work_association_probability probability on probability.tail_number = tail.tail_number
  where rule.run_id = {{run_id}} and tail.run_id = {{run_id}} and probability.run_id = {{run_id}}
),

ranked as (
  select
    *,
    count(*) over (partition by group_number) as rules,
    count(*) over (partition by group_number order by p_value) as last_rank
  from tested
),

corrected as (
  select
    *,
    min(p_value * cast(rules as double) / cast(last_rank as double))
      over (partition by group_number order by p_value desc) as q_value
  from ranked
)

select
  {{run_id}},
  g.scope,
  g.level,
  rule.antecedent,
  rule.consequent,
  rule.antecedent_count,
  rule.consequent_count,
  rule.rule_count,
  rule.basket_count,
  cast(rule.rule_count as double) / cast(rule.basket_count as double),
  cast(rule.rule_count as double) / cast(rule.antecedent_count as double),
  cast(rule.rule_count * rule.basket_count as double) / cast(rule.antecedent_count * rule.consequent_count as double),
  cast(rule.rule_count * rule.basket_count - rule.antecedent_count * rule.consequent_count as double)
    / cast(rule.basket_count * rule.basket_count as double),
  cast((rule.basket_count - rule.consequent_count) * rule.antecedent_count as double)
    / nullif(cast((rule.antecedent_count - rule.rule_count) * rule.basket_count as double), 0),
  rule.p_value,
  rule.q_value
from corrected rule
join work_association_group g on g.group_number = rule.group_number
where g.run_id = {{run_id}}
  and cast(rule.rule_count as double) / cast(rule.antecedent_count as double) >= {{min_confidence}}
