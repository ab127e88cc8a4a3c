-- How much of what was sold came back, by the first part of the category. Denominators: pieces sold, and what they
-- cost, of lines that are items; lines given back within the order itself are left out. The last 365 days by the time
-- of the order, UTC, whenever it came back.
select
  currency,
  split_part(category, '/', 1) as category,
  sum(quantity) as sold,
  sum(returned_quantity) as returned,
  cast(sum(returned_quantity) as double) / cast(sum(quantity) as double) as return_rate,
  round(sum(amount), 2) as sold_amount,
  round(sum(returned_amount), 2) as returned_amount,
  cast(sum(returned_amount) as double) / nullif(cast(sum(amount) as double), 0) as returned_share_of_amount
from order_line
where order_time >= date_add('day', -365, current_date)
  and line_type = 'item'
  and quantity > 0
group by currency, split_part(category, '/', 1)
order by return_rate desc, currency, category
