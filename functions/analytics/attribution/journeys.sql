-- Journeys of the time of the run that ended, by their purchase or by silence. Money as in the order; an order of a
-- phase that is no purchase is known by its journey only.
insert into work_attribution_journey (
  run_id, person_id, journey_id, purchase_key, reference_at, is_converted, is_kept, currency, gross, net
)
select
  {{run_id}},
  journey.person_id,
  journey.journey_id,
  current_journey.purchase_key,
  journey.ended_at,
  journey.status = 'converted',
  coalesce(sales_order.status not in ('returned', 'cancelled'), true),
  coalesce(sales_order.currency, journey.currency),
  coalesce(sales_order.total, journey.gross_value),
  coalesce(sales_order.net, journey.value)
from journey
join current_journey
  on current_journey.journey_id = journey.journey_id and current_journey.person_id = journey.person_id
left join sales_order on sales_order.order_key = journey.order_key
where journey.status in ('converted', 'abandoned')
  and journey.ended_at >= {{from}} and journey.ended_at < {{to}}
