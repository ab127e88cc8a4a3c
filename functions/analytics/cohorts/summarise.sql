-- Every cohort has a row for each month up to that of the latest order, in each currency that it ever paid in.
insert into cohort (
  run_id, cohort_month, first_channel, month, customers, active_customers, orders, currency, revenue
)
with cohort_size as (
  select cohort_month, first_channel, count(*) as customers
  from work_cohort_customer
  where run_id = {{run_id}}
  group by cohort_month, first_channel
),

bought as (
  select
    orders.*,
    customer.first_channel,
    12 * year(orders.cohort_month) + month(orders.cohort_month) as cohort_number
  from work_cohort_order as orders
  join work_cohort_customer as customer
    on customer.person_id = orders.person_id and customer.run_id = {{run_id}}
  where orders.run_id = {{run_id}}
),

latest as (
  select max(cohort_number + month) as month_number from bought
),

cohort_currency as (
  select distinct cohort_month, first_channel, currency, cohort_number from bought
),

cell as (
  select
    cohort_currency.cohort_month,
    cohort_currency.first_channel,
    cohort_currency.currency,
    cast(one.month as integer) as month
  from cohort_currency
  cross join latest
  cross join unnest(sequence(0, latest.month_number - cohort_currency.cohort_number)) as one (month)
),

active as (
  select
    cohort_month,
    first_channel,
    currency,
    month,
    count(distinct case when is_order then person_id end) as customers,
    count(case when is_order then 1 end) as orders,
    sum(net) as revenue
  from bought
  group by cohort_month, first_channel, currency, month
)

select
  {{run_id}},
  cell.cohort_month,
  cell.first_channel,
  cell.month,
  cohort_size.customers,
  coalesce(active.customers, 0),
  coalesce(active.orders, 0),
  cell.currency,
  -- Sums have no limit, columns have.
  try_cast(coalesce(active.revenue, 0) as decimal(18, 4))
from cell
join cohort_size
  on cohort_size.cohort_month = cell.cohort_month and cohort_size.first_channel = cell.first_channel
left join active
  on active.cohort_month = cell.cohort_month
  and active.first_channel = cell.first_channel
  and active.currency = cell.currency
  and active.month = cell.month
