-- Customers who bought both online and elsewhere against those who bought one way only. Denominator: persons with an
-- order; share_of_net: of all their net value in that currency, which is that of their latest order. All time.
select
  currency,
  is_cross_channel,
  count(*) as customers,
  cast(sum(order_count) as double) / count(*) as orders_per_customer,
  cast(sum(net_value) as double) / count(*) as net_per_customer,
  cast(sum(net_value) as double) / nullif(cast(sum(sum(net_value)) over (partition by currency) as double), 0)
    as share_of_net
from customer
where kind = 'person'
  and order_count > 0
group by currency, is_cross_channel
order by currency, is_cross_channel
