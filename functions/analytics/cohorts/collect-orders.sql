-- All orders, before the end of the window, of customers whose first order is in it, UTC.
insert into work_cohort_order (run_id, person_id, cohort_month, month, is_order, currency, net)
with orders as (
  select
    person_id,
    order_time,
    order_number is not null as is_order,
    currency,
    net,
    min(case when order_number is not null then order_time end) over (partition by person_id) as first_order_at
  from sales_order
  where order_time < {{to}}
    and person_id not in (
      select person_id from identity_map where kind = 'shared_device' and person_id is not null
    )
)

select
  {{run_id}},
  person_id,
  cast(date_trunc('month', first_order_at) as date),
  cast(greatest(
    12 * (year(order_time) - year(first_order_at)) + month(order_time) - month(first_order_at),
    0
  ) as integer),
  is_order,
  currency,
  net
from orders
where first_order_at >= {{from}}
