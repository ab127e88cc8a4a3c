-- Journeys as they are: of each its latest version, if it is not gone and its person is one and not part of another.
-- The texts by which places in the list of a person sort say where it begins and ends, and where the next one does.
with version_of as (
  select
    *,
    -- A journey never begins at another time: with it among these, a predicate on started_at reads only its days.
    row_number() over (partition by person_id, journey_id, started_at order by version desc, changed_at desc) as age
  from journey_log
),

owner as (
  select
    node_id,
    person_id,
    row_number() over (partition by node_id order by version desc, changed_at desc, person_id desc) as age
  from identity_map
),

present as (
  select version_of.*
  from version_of
  left join owner on owner.node_id = version_of.person_id and owner.age = 1
  -- A person that is not told of yet is one.
  where version_of.age = 1 and not is_gone and coalesce(owner.person_id, version_of.person_id) = version_of.person_id
)

select
  journey_id,
  person_id,
  started_at,
  last_touch_at,
  converted_at,
  ended_at,
  hours_to_purchase,
  phase,
  channels,
  first_channel,
  first_channel_group,
  first_campaign_id,
  last_channel,
  last_channel_group,
  last_campaign_id,
  purchase_channel,
  purchase_store_id,
  patterns,
  touchpoint_count,
  order_key,
  currency,
  gross_value,
  value,
  nps,
  rating,
  sentiment,
  pain_points,
  start_key,
  purchase_key,
  lead(start_key) over (partition by person_id order by start_key, purchase_key, journey_id) as next_start_key,
  lead(purchase_key) over by_purchase as next_purchase_key,
  row_number() over by_purchase as purchase_number,
  substr(purchase_key, 17, 1) = '1' as is_bought
from present
window by_purchase as (partition by person_id, purchase_key is null order by purchase_key, start_key, journey_id)
