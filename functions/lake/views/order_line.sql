-- The lines of each order, what its total has beyond them, and refunds of unknown orders. Summed over an order, amount
-- is exactly the total of sales_order, returned_amount its returned, and net_amount its net.
with line as (
  select
    *,
    total - net as returned,
    -- Without items: all of an order, or a part of it.
    case when whole_place is null then coalesce(share_back, 0) else total - net end as share_returned,
    case when is_line and amount > 0 then amount else 0 end as at_most
  from order_part
  where is_line or is_head
),

-- Refunds with items take the lines of their product in order, each up to what it cost.
filled as (
  select
    *,
    case
      when is_line
        then least(sku_back, sum(at_most) over by_place) - least(sku_back, sum(at_most) over by_place - at_most)
      else 0
    end as by_item
  from line
  window by_place as (partition by order_key, sku order by place, part rows unbounded preceding)
),

-- The row that is no line takes what is left over of the total and of what was given back.
balanced as (
  select
    *,
    case
      when is_line then part
      else 1 + sum(case when is_line then 1 else 0 end) over (partition by order_key)
    end as line_number,
    case
      when is_line then amount
      else total - sum(case when is_line then amount else 0 end) over (partition by order_key)
    end as line_amount,
    case
      when is_line then by_item
      else returned - share_returned - sum(by_item) over (partition by order_key)
    end as item_returned
  from filled
),

-- Money as whole numbers of its fourth decimal.
rest as (
  select
    *,
    line_amount - item_returned as line_rest,
    cast(abs(line_amount - item_returned) * 10000 as decimal(19, 0)) as part_of,
    cast(share_returned * 10000 as decimal(19, 0)) as numerator,
    cast((total - returned + share_returned) * 10000 as decimal(19, 0)) as denominator,
    max(case when line_amount <> item_returned then line_number end) over (partition by order_key) as last_number
  from balanced
),

divided as (
  select
    *,
    case when denominator > 0 then mod(part_of * numerator, denominator) else 0 end as remainder,
    case when denominator > 0 then cast(round(
      cast(part_of * numerator - mod(part_of * numerator, denominator) as double) / cast(denominator as double)
    ) as decimal(19, 0)) else 0 end as estimate
  from rest
),

-- part_of * numerator / denominator, rounded half away from zero: less the remainder it is a whole number, from which
-- the estimate is off by what its double could not hold.
shared as (
  select
    *,
    case
      when whole_place is not null or numerator > 0 and numerator = denominator then line_rest
      when numerator = 0 then 0
      else sign(line_rest) * 0.0001 * (
        estimate
          + cast(round(
            cast(part_of * numerator - remainder - estimate * denominator as double) / cast(denominator as double)
          ) as decimal(19, 0))
          + case when 2 * remainder >= denominator then 1 else 0 end
      )
    end as line_share
  from divided
),

settled as (
  select
    *,
    item_returned + case
      when line_number = last_number then share_returned - (sum(line_share) over (partition by order_key) - line_share)
      else line_share
    end as line_returned
  from shared
)

select
  order_key,
  cast(line_number as integer) as line_number,
  cast(case when is_line then 'item' when is_known then 'adjustment' else 'unmatched_return' end as varchar)
    as line_type,
  order_id,
  person_id,
  order_time,
  local_time,
  channel,
  store_id,
  currency,
  sku,
  product_id,
  name,
  variant,
  category,
  brand,
  promotion,
  cast(coalesce(quantity, 0) as decimal(18, 3)) as quantity,
  price,
  -- Beyond the items there is no limit to what may be told.
  try_cast(line_amount as decimal(18, 4)) as amount,
  line_discount as discount,
  line_tax as tax,
  cast(cast(returned_pieces as decimal(18, 0)) * 0.001 as decimal(18, 3)) as returned_quantity,
  try_cast(line_returned as decimal(18, 4)) as returned_amount,
  cast(coalesce(quantity, 0) - cast(returned_pieces as decimal(18, 0)) * 0.001 as decimal(18, 3)) as net_quantity,
  try_cast(line_amount - line_returned as decimal(18, 4)) as net_amount
from settled
where is_line or not is_known or line_amount <> 0 or line_returned <> 0
