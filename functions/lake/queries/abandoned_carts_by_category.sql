-- What was put into the cart in journeys that were given up, by the first part of the category. Denominator of the
-- share: journeys that are over and in which something of the category was put into the cart. The last 365 days, UTC.
-- abandoned_amount: as priced when it was put in, also if it was taken out again; currency null: the usual one.
with added as (
  select
    split_part(item.category, '/', 1) as category,
    touchpoint.currency,
    journey.journey_id,
    journey.status,
    item.quantity,
    coalesce(item.amount, cast(item.quantity * item.price as decimal(38, 7))) as amount
  from touchpoint
  join journey on journey.journey_id = touchpoint.journey_id and journey.person_id = touchpoint.person_id
  cross join unnest(touchpoint.items) as item (
    sku, product_id, name, variant, category, brand, quantity, price, amount, discount, tax, promotion
  )
  where touchpoint.event_time >= date_add('day', -365, current_date)
    and touchpoint.type = 'add_to_cart'
    and journey.status <> 'open'
)

select
  category,
  currency,
  count(distinct journey_id) as journeys,
  count(distinct case when status = 'abandoned' then journey_id end) as abandoned_journeys,
  cast(count(distinct case when status = 'abandoned' then journey_id end) as double) / count(distinct journey_id)
    as abandoned_share,
  sum(case when status = 'abandoned' then quantity end) as abandoned_quantity,
  round(sum(case when status = 'abandoned' then amount end), 2) as abandoned_amount
from added
group by category, currency
order by abandoned_journeys desc, category, currency
