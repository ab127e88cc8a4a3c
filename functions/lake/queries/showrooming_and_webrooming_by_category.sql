-- Who looked in a store and bought online (showroomers), and who looked online and bought in a store (webroomers), by
-- the first part of the category. Denominators: orders with a line of the category that converted a journey, bought
-- online (web, app, marketplace) and in a store. An order of several categories counts for each. The last 365 days by
-- the time the journey began, UTC.
with bought as (
  select distinct
    journey.journey_id,
    journey.person_id,
    journey.purchase_channel,
    journey.patterns,
    split_part(order_line.category, '/', 1) as category
  from journey
  join order_line on order_line.order_key = journey.order_key
  where journey.started_at >= date_add('day', -365, current_date)
    and order_line.line_type = 'item'
)

select
  category,
  count(case when purchase_channel in ('web', 'app', 'marketplace') then 1 end) as online_orders,
  cast(count(case when contains(patterns, 'showroomer') then 1 end) as double)
    / nullif(count(case when purchase_channel in ('web', 'app', 'marketplace') then 1 end), 0) as showroomer_share,
  count(case when purchase_channel = 'store' then 1 end) as store_orders,
  cast(count(case when contains(patterns, 'webroomer') then 1 end) as double)
    / nullif(count(case when purchase_channel = 'store' then 1 end), 0) as webroomer_share
from bought
group by category
order by online_orders + store_orders desc, category
