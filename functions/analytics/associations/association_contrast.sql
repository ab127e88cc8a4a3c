-- Confidence: baskets with both by those with the antecedent, of the same side. Lift: that by the share of the side's
-- baskets that have the consequent. Null where the side has none to divide by.
select
  level,
  antecedent,
  consequent,
  store_rule_count,
  online_rule_count,
  cast(store_rule_count as double) / nullif(cast(store_antecedent_count as double), 0) as store_confidence,
  cast(online_rule_count as double) / nullif(cast(online_antecedent_count as double), 0) as online_confidence,
  cast(store_rule_count * store_basket_count as double)
    / nullif(cast(store_antecedent_count * store_consequent_count as double), 0) as store_lift,
  cast(online_rule_count * online_basket_count as double)
    / nullif(cast(online_antecedent_count * online_consequent_count as double), 0) as online_lift,
  cast(store_rule_count as double) / nullif(cast(store_antecedent_count as double), 0)
    - cast(online_rule_count as double) / nullif(cast(online_antecedent_count as double), 0)
    as confidence_difference,
  p_value,
  q_value
from latest_association_side
