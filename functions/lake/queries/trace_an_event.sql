-- Where an event is, by the correlation id that all logs name it by, or by its own id: put either in the place of
-- asked. No row for some minutes after it was sent means that it is on its way. Test events are found as well; whose it
-- is and its journey are as of now. There is no denominator, nothing is counted. Times are UTC.
with asked as (
  select '0123456789' as id
),

stored as (
  select event_id, source, event_time, node_id, min(received_at) as received_at
  from touchpoint_log
  group by event_id, source, event_time, node_id
),

rejected as (
  select event_id, source, reason, id as quarantine_id, min(received_at) as received_at
  from quarantine_log
  group by event_id, source, reason, id
),

found as (
  select
    substr(lower(to_hex(sha256(to_utf8(stored.source || chr(10) || stored.event_id)))), 1, 10) as correlation_id,
    'touchpoint' as place,
    stored.source,
    stored.event_id,
    stored.event_time,
    stored.received_at,
    stored.node_id,
    touchpoint.person_id,
    touchpoint.journey_id,
    cast(null as varchar) as quarantine_id,
    cast(null as varchar) as reason
  from stored
  left join touchpoint
    on touchpoint.event_id = stored.event_id
      and touchpoint.source = stored.source
      and touchpoint.event_time = stored.event_time
  union all
  select
    substr(lower(to_hex(sha256(to_utf8(source || chr(10) || event_id)))), 1, 10) as correlation_id,
    'quarantine' as place,
    source,
    event_id,
    null as event_time,
    received_at,
    null as node_id,
    null as person_id,
    null as journey_id,
    quarantine_id,
    reason
  from rejected
)

select found.*
from found
cross join asked
where found.correlation_id = asked.id or found.event_id = asked.id
order by found.received_at, found.place, found.source, found.event_id
limit 100
