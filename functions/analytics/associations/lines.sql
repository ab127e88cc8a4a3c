-- The distinct values of each level in each order, as far as they were kept. Orders are numbered day by day.
insert into work_association_line (run_id, level, basket, channel, store_id, value)
with line as (
  select
    date_diff('day', date '1970-01-01', cast(order_time as date)) * 1000000000
      + dense_rank() over (partition by cast(order_time as date) order by order_key) as basket,
    channel,
    store_id,
    sku,
    product_id,
    category,
    brand
  from order_line
  where order_time >= {{from}} and order_time < {{to}} and line_type = 'item' and net_quantity > 0
)

select distinct {{run_id}}, told.level, line.basket, line.channel, line.store_id, told.value
from line
cross join unnest(
  array['sku', 'product', 'category', 'brand'],
  array[line.sku, line.product_id, line.category, line.brand]
) as told (level, value)
where told.level in ({{levels}}) and told.value is not null
