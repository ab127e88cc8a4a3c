insert into work_association_tail (run_id, tail_number, hits, drawn, marked, population)
with wanted as (
  select rule_count as hits, antecedent_count as one, consequent_count as two, basket_count as population
  from work_association_rule
  where run_id = {{run_id}}
  union all
  select
    store_rule_count as hits,
    store_antecedent_count as one,
    store_rule_count + online_rule_count as two,
    store_antecedent_count + online_antecedent_count as population
  from work_association_pair
  where run_id = {{run_id}}
),

distinct_tail as (
  select distinct hits, least(one, two) as drawn, greatest(one, two) as marked, population from wanted
)

select
  {{run_id}},
  row_number() over (order by population, marked, drawn, hits),
  hits,
  drawn,
  marked,
  population
from distinct_tail
