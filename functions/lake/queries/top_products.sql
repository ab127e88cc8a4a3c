-- The fifty products with most net revenue, with what is left of them after returns. Denominator of the return rate:
-- pieces sold. The last 90 days by the time of the order, UTC; nobody's orders are included.
select
  order_line.currency,
  order_line.sku,
  max(product.name) as name,
  max(product.category) as category,
  count(distinct order_line.order_key) as orders,
  sum(order_line.net_quantity) as net_quantity,
  round(sum(order_line.net_amount), 2) as net,
  cast(sum(order_line.returned_quantity) as double)
    / nullif(cast(sum(case when order_line.quantity > 0 then order_line.quantity end) as double), 0) as return_rate
from order_line
left join product on product.sku = order_line.sku
where order_line.order_time >= date_add('day', -90, current_date)
  and order_line.line_type = 'item'
group by order_line.currency, order_line.sku
order by net desc, order_line.currency, order_line.sku
limit 50
