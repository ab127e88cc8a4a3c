-- Households, persons whom a refused card or device connects, with what they bought together. Denominator of
-- orders_per_person: all their persons, also those who never bought. Money is in the currency of each person's latest
-- order; persons without one stand in a row of their own, without currency.
select
  household_id,
  currency,
  count(*) as persons,
  sum(order_count) as orders,
  cast(sum(order_count) as double) / count(*) as orders_per_person,
  round(sum(net_value), 2) as net,
  max(last_seen_at) as last_seen_at
from customer
where household_id is not null
group by household_id, currency
order by net desc, household_id, currency
limit 1000
