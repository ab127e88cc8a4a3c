-- Orders and net revenue of first orders and of later ones, by month, UTC. Denominator of the share: net revenue of
-- known customers in that month and currency; nobody's orders and returns of unknown orders are left out. The last 365
-- days.
select
  cast(date_trunc('month', order_time) as date) as month,
  currency,
  case when order_number = 1 then 'new' else 'returning' end as customer,
  count(*) as orders,
  count(distinct person_id) as customers,
  round(sum(net), 2) as net,
  cast(sum(net) as double) / nullif(cast(
    sum(sum(net)) over (partition by cast(date_trunc('month', order_time) as date), currency) as double
  ), 0) as share_of_net
from sales_order
where order_time >= date_add('day', -365, current_date)
  and order_number is not null
group by
  cast(date_trunc('month', order_time) as date),
  currency,
  case when order_number = 1 then 'new' else 'returning' end
order by month, currency, customer
