-- How many customers buy again, by the month of their first order, UTC. Denominators: of repeat_rate customers with a
-- first order in that month; of repeat_rate_90_days, again within 90 days, those whose first order is as long ago.
with cohort as (
  select
    first_order.person_id,
    cast(date_trunc('month', first_order.order_time) as date) as month,
    date_diff('day', first_order.order_time, cast(now() as timestamp(6))) >= 90 as is_old_enough,
    second_order.order_time is not null as came_again,
    coalesce(date_diff('millisecond', first_order.order_time, second_order.order_time) <= 7776000000, false)
      as came_within_90_days
  from sales_order as first_order
  left join sales_order as second_order
    on second_order.person_id = first_order.person_id and second_order.order_number = 2
  where first_order.order_number = 1
)

select
  month,
  count(*) as customers,
  count(case when came_again then 1 end) as came_again,
  cast(count(case when came_again then 1 end) as double) / count(*) as repeat_rate,
  cast(count(case when is_old_enough and came_within_90_days then 1 end) as double)
    / nullif(count(case when is_old_enough then 1 end), 0) as repeat_rate_90_days
from cohort
group by month
order by month
