-- One row for each person, also of those who never bought: what is known of it, what it did and what it bought.
-- Money is in the currency of the latest order. Times are UTC.
with node as (
  select
    *,
    row_number() over (partition by node_id order by version desc, changed_at desc, person_id desc) as age,
    min(changed_at) over (partition by node_id) as created_at
  from identity_map
),

-- A person has the id of its oldest node.
current_node as (
  select
    *,
    row_number() over (
      partition by person_id order by case when node_id = person_id then 0 else 1 end, created_at, node_id
    ) as seniority
  from node
  where age = 1
),

-- Of more than 8 persons it is a kiosk.
household as (
  select household_id
  from current_node
  group by household_id
  having count(distinct person_id) between 2 and 8
),

owner as (
  select
    person_id,
    min_by(kind, seniority) as kind,
    min_by(customer_id, case when customer_id is not null then seniority end) as customer_id,
    min_by(loyalty_id, case when loyalty_id is not null then seniority end) as loyalty_id,
    min_by(household.household_id, case when household.household_id is not null then seniority end) as household_id
  from current_node
  left join household on household.household_id = current_node.household_id
  group by person_id
),

-- Where a person was seen. An interaction weighs half after 90 days; where the retailer reaches out it says nothing of
-- the customer.
contact as (
  select
    person_id,
    channel,
    case when channel = 'store' then store_id end as visited_store_id,
    campaign_id,
    event_time,
    touch_key || chr(1) || node_id as place,
    case
      when phase in ({{early_phases}}) and not coalesce(type in ({{exposures}}), false)
        then power(2e0, date_diff('millisecond', timestamp '2026-01-01 00:00:00', event_time) / 7776000000e0)
    end as weight
  from placed_touchpoint
  where person_id is not null
),

-- Rows with a channel are of that channel, rows with a store of that store.
contacts as (
  select
    person_id,
    channel,
    visited_store_id,
    count(*) as touchpoints,
    min(event_time) as first_at,
    max(event_time) as last_at,
    min(place) as first_place,
    min_by(campaign_id, place) as first_campaign_id,
    sum(weight) as weight
  from contact
  group by grouping sets ((person_id, channel), (person_id, visited_store_id))
),

-- Sums of doubles differ in their last digits by the order of adding; what is equal shall go by name.
seen as (
  select
    person_id,
    min(first_at) as first_seen_at,
    max(last_at) as last_seen_at,
    min_by(channel, case when channel is not null then first_place end) as first_channel,
    min_by(first_campaign_id, case when channel is not null then first_place end) as first_campaign_id,
    sum(case when channel is not null then touchpoints end) as touchpoint_count,
    element_at(
      array_agg(channel order by round(ln(weight), 11) desc, channel) filter (where channel is not null and weight > 0),
      1
    ) as preferred_channel,
    element_at(
      array_agg(visited_store_id order by touchpoints desc, visited_store_id)
        filter (where visited_store_id is not null),
      1
    ) as visited_store_id
  from contacts
  group by person_id
),

-- Where a person bought, likewise. What came back of unknown orders counts as money, not as an order.
purchase as (
  select
    person_id,
    channel,
    case when channel = 'store' then store_id end as bought_store_id,
    currency,
    order_number,
    case when order_number is not null then order_time end as order_time,
    case
      when order_number is not null
        then power(2e0, date_diff('millisecond', timestamp '2026-01-01 00:00:00', order_time) / 7776000000e0)
    end as weight,
    total,
    returned,
    net
  from sales_order
  where person_id is not null
),

-- Rows with a channel are of that channel, rows with a store of that store, rows with a currency of that currency.
purchases as (
  select
    person_id,
    channel,
    bought_store_id,
    currency,
    count(order_number) as orders,
    min(order_number) as first_number,
    max(order_number) as last_number,
    min(order_time) as first_at,
    max(order_time) as last_at,
    sum(weight) as weight,
    sum(total) as gross,
    sum(returned) as returned,
    sum(net) as net
  from purchase
  group by grouping sets ((person_id, channel), (person_id, bought_store_id), (person_id, currency))
),

ordered as (
  select
    person_id,
    sum(case when channel is not null then orders end) as order_count,
    min(first_at) as first_order_at,
    max(last_at) as last_order_at,
    min_by(channel, case when channel is not null then first_number end) as first_order_channel,
    max_by(channel, case when channel is not null then last_number end) as last_order_channel,
    array_agg(channel order by channel) filter (where channel is not null and orders > 0) as purchase_channels,
    bool_or(orders > 0 and channel in ('web', 'app', 'marketplace'))
      and bool_or(orders > 0 and channel not in ('web', 'app', 'marketplace')) as is_cross_channel,
    element_at(
      array_agg(channel order by round(ln(weight), 11) desc, channel) filter (where channel is not null and weight > 0),
      1
    ) as preferred_purchase_channel,
    element_at(
      array_agg(bought_store_id order by orders desc, bought_store_id)
        filter (where bought_store_id is not null and orders > 0),
      1
    ) as bought_store_id,
    max_by(currency, case when currency is not null then last_number end) as currency,
    max_by(gross, case when currency is not null then last_number end) as gross_value,
    max_by(returned, case when currency is not null then last_number end) as returned_value,
    max_by(net, case when currency is not null then last_number end) as net_value
  from purchases
  group by person_id
),

journeys as (
  select
    person_id,
    sum(case when status = 'open' then 1 else 0 end) as open_journeys,
    sum(case when status = 'converted' then 1 else 0 end) as converted_journeys,
    sum(case when status = 'abandoned' then 1 else 0 end) as abandoned_journeys
  from journey
  group by person_id
),

-- A profile is a flat object without white space: its keys and values are taken and put together as they are written.
-- No text in JSON has the characters 30 and 31.
said as (
  select
    person_id,
    touch_key || chr(1) || node_id as place,
    split_part(entry, chr(31), 1) as key,
    split_part(entry, chr(31), 2) as value
  from placed_touchpoint
  cross join unnest(split(
    regexp_replace(
      profile,
      '[{,]("[^"\\]*(?:\\.[^"\\]*)*"):("[^"\\]*(?:\\.[^"\\]*)*"|[^,}"]+)',
      '$1' || chr(31) || '$2' || chr(30)
    ),
    chr(30)
  )) as parts (entry)
  where person_id is not null and strpos(entry, chr(31)) > 0
),

latest_said as (
  select *, row_number() over (partition by person_id, key order by place desc) as age from said
),

profile_of as (
  select
    person_id,
    array_join(array_agg(key || ':' || value order by substr(key, 2, length(key) - 2)), ',') as entries
  from latest_said
  where age = 1
  group by person_id
),

-- Also those of whom only touchpoints are told yet.
person as (
  select
    coalesce(owner.person_id, seen.person_id) as person_id,
    coalesce(owner.kind, 'person') as kind,
    owner.customer_id,
    owner.loyalty_id,
    owner.household_id,
    seen.first_seen_at,
    seen.last_seen_at,
    seen.first_channel,
    seen.first_campaign_id,
    seen.touchpoint_count,
    seen.preferred_channel,
    seen.visited_store_id
  from owner
  full outer join seen on seen.person_id = owner.person_id
)

select
  cast(person.person_id as varchar) as person_id,
  cast(person.kind as varchar) as kind,
  person.customer_id,
  person.loyalty_id,
  person.first_seen_at,
  person.last_seen_at,
  person.first_channel,
  person.first_campaign_id,
  cast(coalesce(person.touchpoint_count, 0) as bigint) as touchpoint_count,
  cast(coalesce(ordered.order_count, 0) as bigint) as order_count,
  ordered.first_order_at,
  ordered.last_order_at,
  ordered.first_order_channel,
  ordered.last_order_channel,
  coalesce(ordered.purchase_channels, cast(array[] as array(varchar))) as purchase_channels,
  coalesce(ordered.is_cross_channel, false) as is_cross_channel,
  coalesce(ordered.bought_store_id, person.visited_store_id) as home_store_id,
  ordered.currency,
  -- Sums have no limit, columns have.
  try_cast(coalesce(ordered.gross_value, 0) as decimal(18, 4)) as gross_value,
  try_cast(coalesce(ordered.returned_value, 0) as decimal(18, 4)) as returned_value,
  try_cast(coalesce(ordered.net_value, 0) as decimal(18, 4)) as net_value,
  cast(coalesce(journeys.open_journeys, 0) as bigint) as open_journeys,
  cast(coalesce(journeys.converted_journeys, 0) as bigint) as converted_journeys,
  cast(coalesce(journeys.abandoned_journeys, 0) as bigint) as abandoned_journeys,
  -- Many use a shared device: it has no preferences.
  case when person.kind = 'person' then person.preferred_channel end as preferred_channel,
  case when person.kind = 'person' then ordered.preferred_purchase_channel end as preferred_purchase_channel,
  person.household_id,
  '{' || coalesce(profile_of.entries, '') || '}' as profile
from person
left join ordered on ordered.person_id = person.person_id
left join journeys on journeys.person_id = person.person_id
left join profile_of on profile_of.person_id = person.person_id
