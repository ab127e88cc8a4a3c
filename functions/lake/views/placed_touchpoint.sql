-- Touchpoints, each once and without tests, with whose they are now and where they stand in the list of that person:
-- what touchpoint shows, and touch_key. A predicate on event_time reaches the scan unless channel_group is selected.
with once as (
  select
    *,
    row_number() over (partition by node_id, source, event_id, event_time, type order by received_at) as delivery
  from touchpoint_log
  where not is_test
),

owner as (
  select
    node_id,
    person_id,
    row_number() over (partition by node_id order by version desc, changed_at desc, person_id desc) as age
  from identity_map
),

-- A node that is not told of yet is a person of its own. The key is text, so that it sorts by time, at the same time
-- purchases after the rest and what is given back last, then by the bytes of source and id.
placed as (
  select
    once.*,
    coalesce(owner.person_id, once.node_id) as person_id,
    lpad(
      cast(date_diff('millisecond', timestamp '1970-01-01 00:00:00', event_time) + 100000000000000 as varchar),
      15, '0'
    ) || '#'
      || case when type = 'purchase' then '1' when type in ('refund', 'cancellation') then '2' else '0' end
      || '#' || source || chr(1) || event_id as touch_key
  from once
  left join owner on owner.node_id = once.node_id and owner.age = 1
  where delivery = 1
),

-- Of an online touchpoint without campaign and referrer: the last one before it on the same channel that has one.
-- Nobody's have none before them.
followed as (
  select
    *,
    channel in ('web', 'app', 'marketplace') as is_online,
    last_value(own_channel_group) ignore nulls over earlier as inherited_group,
    last_value(case when own_channel_group is not null then event_time end) ignore nulls over earlier as inherited_from
  from placed
  window earlier as (
    partition by person_id, channel, case when person_id is null then touch_key end
    order by touch_key, node_id
    rows between unbounded preceding and 1 preceding
  )
)

select
  event_id,
  source,
  event_time,
  local_time,
  received_at,
  channel,
  type,
  phase,
  node_id,
  session_id,
  order_id,
  refund_id,
  order_total,
  order_tax,
  order_shipping,
  order_discount,
  currency,
  fulfilment,
  coupon,
  campaign_id,
  campaign_source,
  campaign_medium,
  campaign_content,
  campaign_term,
  store_id,
  zone,
  page,
  referrer,
  country,
  dwell_seconds,
  query,
  nps,
  rating,
  sentiment,
  feedback_text,
  consents,
  items,
  profile,
  properties,
  is_test,
  person_id,
  -- Subqueries, for those that nobody asks for cost nothing. Each finds one journey at most.
  coalesce(
    -- What is bought or given back under the number of an order that converted a journey.
    case when phase in ({{converts}}, {{after_sales}}) then (
      select max(journey.journey_id)
      from current_journey as journey
      where journey.order_key = followed.person_id || '/' || followed.order_id
        -- Only orders of purchases are known by their number, whatever else may convert by the retailer's model.
        and journey.is_bought
        and (followed.phase = {{converts}} or journey.purchase_key < followed.touch_key)
    ) end,
    (
      select max(journey.journey_id)
      from current_journey as journey
      where journey.person_id = followed.person_id
        and case
          -- The journey converted last before it.
          when followed.phase = {{after_sales}} then journey.purchase_key < followed.touch_key
            and (journey.next_purchase_key is null or followed.touch_key <= journey.next_purchase_key)
            and date_diff('millisecond', journey.converted_at, followed.event_time)
              <= {{after_sales_window_days}} * bigint '86400000'
          -- The journey begun last, if it was not over by then.
          else journey.start_key <= followed.touch_key
            and (journey.next_start_key is null or followed.touch_key < journey.next_start_key)
            and case
              when journey.purchase_key is not null then followed.touch_key <= journey.purchase_key
              else date_diff('millisecond', journey.ended_at, followed.event_time)
                <= {{abandoned_after_days}} * bigint '86400000'
            end
        end
    )
  ) as journey_id,
  cast(case
    when not is_online then channel
    when own_channel_group is not null then own_channel_group
    when date_diff('millisecond', inherited_from, event_time) <= 30 * 60 * 1000 then inherited_group
    else 'direct'
  end as varchar) as channel_group,
  touch_key
from followed
