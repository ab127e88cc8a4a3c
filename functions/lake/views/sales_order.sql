-- One row for each order, and for each refund of an unknown one.
with orders as (
  select
    order_key,
    max(order_id) as order_id,
    max(person_id) as person_id,
    max(order_time) as order_time,
    max(local_time) as local_time,
    max(channel) as channel,
    max(store_id) as store_id,
    max(fulfilment) as fulfilment,
    max(coupon) as coupon,
    max(currency) as currency,
    max(total) as total,
    max(tax) as tax,
    max(shipping) as shipping,
    max(discount) as discount,
    max(net) as net,
    max(order_place) as order_place,
    bool_and(is_known) as is_known,
    bool_and(is_paid) as is_paid,
    bool_and(is_empty) as is_empty,
    sum(case when is_line then quantity else 0 end) as units,
    sum(case when is_line then 1 else 0 end) as line_count,
    sum(still_open) as still_open,
    max(whole_place) as whole_place,
    max(emptied_place) as emptied_place,
    max(case when place = whole_place then type end) as whole_type,
    bool_or(place = whole_place and gave_back) as whole_gave_back,
    max_by(type, case when gave_back then place end) as last_type,
    max_by(type, case when type <> 'purchase' then place end) as last_told_type
  from order_part
  group by order_key
),

-- By what something was given back last; null: nothing was.
returned as (
  select
    *,
    case
      when whole_gave_back or whole_place = emptied_place and still_open > 0 then whole_type
      else coalesce(last_type, case when whole_place is not null then last_told_type end)
    end as returned_by,
    whole_place is not null or case when is_paid then is_empty else still_open = 0 end as is_wholly_returned
  from orders
)

select
  order_key,
  cast(order_id as varchar) as order_id,
  cast(person_id as varchar) as person_id,
  -- Nobody's orders, and what is no order, stand alone: they have no number.
  cast(case when person_id is not null and is_known then row_number() over (
    partition by person_id, case when person_id is null or not is_known then order_key end
    order by order_place, order_key
  ) end as bigint) as order_number,
  cast(order_time as timestamp(6)) as order_time,
  cast(local_time as timestamp(6)) as local_time,
  cast(channel as varchar) as channel,
  cast(store_id as varchar) as store_id,
  cast(fulfilment as varchar) as fulfilment,
  cast(coupon as varchar) as coupon,
  cast((
    select max(journey.journey_id) from journey where journey.order_key = returned.order_key
  ) as varchar) as journey_id,
  cast(currency as varchar) as currency,
  cast(total as decimal(18, 4)) as total,
  cast(tax as decimal(18, 4)) as tax,
  cast(shipping as decimal(18, 4)) as shipping,
  cast(discount as decimal(18, 4)) as discount,
  cast(total - net as decimal(18, 4)) as returned,
  cast(net as decimal(18, 4)) as net,
  -- Quantities are no money: what somebody mistyped must not fail the query of all.
  try_cast(units as decimal(18, 3)) as units,
  cast(line_count as bigint) as line_count,
  cast(case
    when not is_known then 'unmatched_return'
    when returned_by is null then 'placed'
    when not is_wholly_returned then 'partly_returned'
    when returned_by = 'cancellation' then 'cancelled'
    else 'returned'
  end as varchar) as status
from returned
