-- What purchases, refunds and cancellations tell: of each event a row of its own (part 0) and one for each of its
-- items (part 1 and up), with the order that it counts for. sales_order and order_line read nothing else, so that one
-- look at the touchpoints is enough.
with event as (
  select
    person_id, node_id, event_time, local_time, channel, store_id, type, order_id, refund_id,
    order_total, order_tax, order_shipping, order_discount, currency, fulfilment, coupon, items,
    -- Orders are reckoned within one person; nobody counts as one.
    coalesce(person_id, 'nobody') as owner,
    coalesce(cardinality(items), 0) as item_count,
    type = 'purchase' as is_purchase,
    -- Exact: quantities have 3 decimals and prices 4. Rounded once, where it is shown. Wider than the column, or the
    -- lake of one machine would reckon in 64 bits.
    coalesce(cast(order_total as decimal(38, 7)), (
      select sum(coalesce(
        cast(amount as decimal(38, 7)), cast(cast(quantity as decimal(19, 3)) * price as decimal(38, 7)), 0
      ))
      from unnest(items) as item (
        sku, product_id, name, variant, category, brand, quantity, price, amount, discount, tax, promotion
      )
    )) as worth,
    lpad(
      cast(date_diff('millisecond', timestamp '1970-01-01 00:00:00', event_time) + 100000000000000 as varchar),
      15, '0'
    ) || '#' || case type when 'purchase' then '1' else '2' end || '#' || source || chr(1) || event_id as touch_key
  from touchpoint
  where type in ('purchase', 'refund', 'cancellation')
),

-- Twins under two nodes of a person are told apart by their nodes.
placed as (
  select *, touch_key || chr(1) || coalesce(node_id, '') as place from event
),

-- What has no number is alone in its window.
numbered as (
  select
    *,
    case when order_id is null then place end as own_order,
    case when refund_id is null or is_purchase then place end as own_refund,
    case when is_purchase then case when worth is null then 1 else 0 end else 2 end as telling
  from placed
),

-- Of an order: where and when it was bought, from its earliest report, and what was paid, from the earliest that has an
-- amount.
reported as (
  select
    *,
    is_purchase or place = min(place) over (partition by owner, refund_id, own_refund) as counts,
    max(case when is_purchase then 1 else 0 end) over of_order = 1 as is_bought,
    min(case when is_purchase and item_count > 0 then place end) over of_order as items_place,
    min(case when is_purchase then place end) over of_order as order_place,
    first_value(event_time) over by_time as order_time,
    first_value(local_time) over by_time as order_local_time,
    first_value(channel) over by_time as order_channel,
    first_value(store_id) over by_time as order_store_id,
    first_value(worth) over by_telling as paid,
    first_value(order_tax) over by_telling as paid_tax,
    first_value(order_shipping) over by_telling as paid_shipping,
    first_value(order_discount) over by_telling as paid_discount,
    first_value(coupon) over by_telling as paid_coupon,
    -- Reports without an amount complete each other.
    case
      when first_value(telling) over by_telling = 0 then first_value(currency) over by_telling
      else min_by(currency, case when is_purchase and currency is not null then place end) over of_order
    end as paid_currency,
    case
      when first_value(telling) over by_telling = 0 then first_value(fulfilment) over by_telling
      else min_by(fulfilment, case when is_purchase and fulfilment is not null then place end) over of_order
    end as paid_fulfilment
  from numbered
  window
    of_order as (partition by owner, order_id, own_order),
    by_time as (partition by owner, order_id, own_order order by case when is_purchase then 0 else 1 end, place),
    by_telling as (partition by owner, order_id, own_order order by telling, place)
),

-- A refund reported twice counts once; one in another currency counts as of an unknown order.
counted as (
  select
    *,
    coalesce(paid_currency, {{currency}}) as order_currency,
    is_purchase or is_bought and (
      worth is null or coalesce(currency, paid_currency, {{currency}}) = coalesce(paid_currency, {{currency}})
    ) as is_known
  from reported
  where counts
),

booked as (
  select
    *,
    case
      when is_known and order_id is not null then owner || '/' || order_id
      else coalesce(node_id, 'nobody') || '/' || replace(touch_key, chr(1), '/')
    end as order_key,
    not is_purchase and is_known and worth is null as is_whole,
    case when is_purchase or not is_known then 0 else coalesce(worth, 0) end as back,
    case when is_known then coalesce(paid, 0) else 0 end as total,
    -- Of one order at most its amount is given back.
    case when is_known and paid > 0 then paid else 0 end as at_most
  from counted
),

summed as (
  select
    *,
    least(at_most, sum(back) over in_order) as back_after,
    least(at_most, sum(back) over in_order - back) as back_before,
    least(at_most, sum(back) over (partition by order_key)) as back_at_last,
    min(case when is_whole then place end) over (partition by order_key) as whole_place
  from booked
  window in_order as (partition by order_key order by place rows unbounded preceding)
),

given_back as (
  select
    *,
    case when whole_place is null then total - back_at_last else 0 end as left_at_last,
    case
      when is_purchase or place > whole_place then 0
      when is_whole then total - back_before
      else back_after - back_before
    end as given
  from summed
),

-- Given back without items: all that is left, or a share of it.
refunded as (
  select
    *,
    case when is_whole or item_count = 0 and given > 0 and back_after = at_most then place end as emptied_here,
    case when not is_whole and item_count = 0 and given > 0 and back_after < at_most then place end as shared_here
  from given_back
),

-- Of several shares the quantities are taken as if they had come together with the first. What has been emptied is so,
-- whatever came before or comes after.
shared as (
  select
    *,
    min(emptied_here) over (partition by order_key) as emptied_place,
    min(shared_here) over (partition by order_key) as share_place,
    sum(case when shared_here is not null then given end) over (partition by order_key) as share_given,
    max(case when shared_here is not null then total - back_before end) over (partition by order_key) as share_left,
    sum(case when item_count = 0 then back end) over (partition by order_key) as share_back
  from refunded
),

opened as (
  select
    shared.*,
    part,
    is_purchase and part > 0 as is_line,
    case when part > 0 then element_at(items, part) end as item
  from shared
  cross join unnest(
    sequence(0, case when place = items_place or not is_purchase and is_known then item_count else 0 end)
  ) as parts (part)
),

items_told as (
  select
    *,
    item.sku as sku,
    coalesce(
      cast(item.amount as decimal(38, 7)),
      cast(cast(item.quantity as decimal(19, 3)) * item.price as decimal(38, 7)),
      0
    ) as line_worth,
    coalesce(cast(cast(item.quantity as decimal(19, 3)) * 1000 as decimal(17, 0)), 0) as thousandths
  from opened
),

-- Pieces are thousandths. A negative line was given back as the order was made. When all is given back nothing is
-- taken any more.
pieces as (
  select
    *,
    case when is_line and thousandths > 0 then thousandths else 0 end as sold,
    case when is_purchase or place > emptied_place or place > share_place then 0 else thousandths end as early,
    case
      when is_purchase or place > emptied_place or share_place is null or place < share_place then 0
      else thousandths
    end as late
  from items_told
),

-- Of a product, what came back before the share; it takes the lines in their order.
early_taken as (
  select
    *,
    sum(sold) over of_sku as sku_sold,
    sum(early) over by_place - early as early_before,
    sum(case when is_purchase then 0 else line_worth end) over of_sku as sku_back,
    sold
      - least(sum(early) over of_sku, sum(sold) over by_place)
      + least(sum(early) over of_sku, sum(sold) over by_place - sold) as open_before
  from pieces
  window
    of_sku as (partition by order_key, sku),
    by_place as (partition by order_key, sku order by place, part rows unbounded preceding)
),

open_sums as (
  select
    *,
    cast(share_given * 10000000 as decimal(21, 0)) as numerator,
    cast(share_left * 10000000 as decimal(21, 0)) as denominator,
    cast(open_before as decimal(17, 0)) as open_here,
    cast(least(sum(open_before) over (partition by order_key), 99999999999999999) as decimal(17, 0)) as open_in_all,
    max(case when open_before > 0 then part end) over (partition by order_key) as last_open_part
  from early_taken
),

-- a * b / c, rounded half up: less the remainder it is a whole number, which a double holds up to a trillion pieces.
shares as (
  select
    *,
    coalesce(
      cast(round(
        cast(open_here * numerator - mod(open_here * numerator, denominator) as double) / cast(denominator as double)
      ) as decimal(17, 0)) + case when 2 * mod(open_here * numerator, denominator) >= denominator then 1 else 0 end,
      0
    ) as share_here,
    coalesce(
      cast(round(
        cast(open_in_all * numerator - mod(open_in_all * numerator, denominator) as double)
          / cast(denominator as double)
      ) as decimal(17, 0)) + case when 2 * mod(open_in_all * numerator, denominator) >= denominator then 1 else 0 end,
      0
    ) as share_in_all
  from open_sums
),

-- The remainder of rounding is taken from the last line.
share_taken as (
  select
    *,
    open_before - case
      when not is_line or open_before = 0 then 0
      when part = last_open_part then least(
        open_before,
        share_in_all - least(share_in_all, sum(share_here) over by_place - share_here)
      )
      else least(share_in_all, sum(share_here) over by_place)
        - least(share_in_all, sum(share_here) over by_place - share_here)
    end as open_after
  from shares
  window by_place as (partition by order_key order by place, part rows unbounded preceding)
),

late_taken as (
  select
    *,
    sum(open_after) over of_sku as sku_open,
    sum(late) over by_place - late as late_before,
    open_after
      - least(sum(late) over of_sku, sum(open_after) over by_place)
      + least(sum(late) over of_sku, sum(open_after) over by_place - open_after) as still_open
  from share_taken
  window
    of_sku as (partition by order_key, sku),
    by_place as (partition by order_key, sku order by place, part rows unbounded preceding)
)

select
  cast(order_key as varchar) as order_key,
  cast(case when is_known then order_id end as varchar) as order_id,
  cast(person_id as varchar) as person_id,
  cast(case when is_known then order_time else event_time end as timestamp(6)) as order_time,
  cast(case when is_known then order_local_time else local_time end as timestamp(6)) as local_time,
  cast(case when is_known then order_channel else channel end as varchar) as channel,
  cast(case when is_known then order_store_id else store_id end as varchar) as store_id,
  cast(case when is_known then order_currency else coalesce(currency, {{currency}}) end as varchar) as currency,
  cast(case when is_known then paid_fulfilment end as varchar) as fulfilment,
  cast(case when is_known then paid_coupon end as varchar) as coupon,
  cast(case when is_known then paid_tax end as decimal(18, 4)) as tax,
  cast(case when is_known then paid_shipping end as decimal(18, 4)) as shipping,
  cast(case when is_known then paid_discount end as decimal(18, 4)) as discount,
  cast(total as decimal(38, 4)) as total,
  cast(case when is_known then left_at_last else -coalesce(worth, 0) end as decimal(38, 4)) as net,
  cast(case when whole_place is null then least(at_most, share_back) end as decimal(38, 4)) as share_back,
  at_most > 0 as is_paid,
  left_at_last = 0 as is_empty,
  cast(type as varchar) as type,
  cast(place as varchar) as place,
  cast(order_place as varchar) as order_place,
  cast(whole_place as varchar) as whole_place,
  cast(emptied_place as varchar) as emptied_place,
  cast(part as bigint) as part,
  is_known,
  is_line,
  part = 0 and (not is_known or place = order_place) as is_head,
  given <> 0 or early > 0 and early_before < sku_sold or late > 0 and late_before < sku_open as gave_back,
  cast(still_open as decimal(38, 0)) as still_open,
  cast(
    case when emptied_place is null then sold - still_open else sold end as decimal(38, 0)
  ) as returned_pieces,
  cast(sku as varchar) as sku,
  cast(item.product_id as varchar) as product_id,
  cast(item.name as varchar) as name,
  cast(item.variant as varchar) as variant,
  cast(item.category as varchar) as category,
  cast(item.brand as varchar) as brand,
  cast(item.promotion as varchar) as promotion,
  cast(item.quantity as decimal(18, 3)) as quantity,
  cast(item.price as decimal(18, 4)) as price,
  cast(line_worth as decimal(38, 4)) as amount,
  cast(item.discount as decimal(18, 4)) as line_discount,
  cast(item.tax as decimal(18, 4)) as line_tax,
  cast(sku_back as decimal(38, 4)) as sku_back
from late_taken
