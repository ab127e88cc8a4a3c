-- What could not be accepted in the last 30 days, by the time it was rejected, UTC. Denominator of the share: what was
-- rejected and what was stored of the same source in that time. source is null where it could not be read.
with rejected as (
  select reason, source, count(distinct id) as events, min(received_at) as first_at, max(received_at) as last_at
  from quarantine_log
  where received_at >= date_add('day', -30, current_date)
  group by reason, source
),

stored as (
  select source, count(*) as events
  from touchpoint
  where received_at >= date_add('day', -30, current_date)
  group by source
)

select
  rejected.reason,
  rejected.source,
  rejected.events,
  cast(rejected.events as double)
    / (sum(rejected.events) over (partition by rejected.source) + coalesce(stored.events, 0)) as share_of_source,
  rejected.first_at,
  rejected.last_at
from rejected
left join stored on stored.source = rejected.source
order by rejected.events desc, rejected.reason, rejected.source
