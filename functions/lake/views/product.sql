-- Of each sku the latest that was said of it, whatever the event was.
with seen as (
  select
    event_time,
    items,
    lpad(
      cast(date_diff('millisecond', timestamp '1970-01-01 00:00:00', event_time) + 100000000000000 as varchar),
      15, '0'
    ) || '#' || case type when 'purchase' then '1' when 'refund' then '2' when 'cancellation' then '2' else '0' end
      || '#' || source || chr(1) || event_id || chr(1) || coalesce(node_id, '') as place
  from touchpoint
  where cardinality(items) > 0
),

-- As text, so that the greatest is the latest: then the position in the event.
item_seen as (
  select
    sku, product_id, name, variant, category, brand, price,
    event_time,
    place || chr(1) || lpad(cast(part as varchar), 4, '0') as said_at
  from seen
  cross join unnest(items) with ordinality as item (
    sku, product_id, name, variant, category, brand, quantity, price, amount, discount, tax, promotion, part
  )
)

select
  cast(sku as varchar) as sku,
  cast(max_by(product_id, case when product_id is not null then said_at end) as varchar) as product_id,
  cast(max_by(name, case when name is not null then said_at end) as varchar) as name,
  cast(max_by(variant, case when variant is not null then said_at end) as varchar) as variant,
  cast(max_by(category, case when category is not null then said_at end) as varchar) as category,
  cast(max_by(brand, case when brand is not null then said_at end) as varchar) as brand,
  cast(max_by(price, case when price is not null then said_at end) as decimal(18, 4)) as price,
  cast(max(event_time) as timestamp(6)) as last_seen_at
from item_seen
group by sku
