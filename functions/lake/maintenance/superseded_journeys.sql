-- Versions of journeys that a later one of the same day has replaced. The last of each day stays, so that journeys can be
-- told as they were known on any day; today's stay, for what replaces them may still be on its way. Days are UTC.
merge into journey_log as old
using (
  select person_id, journey_id, cast(changed_at as date) as day, max(version) as version
  from journey_log
  where changed_at < current_date
  group by person_id, journey_id, cast(changed_at as date)
) as latest
on (
  old.person_id = latest.person_id
  and old.journey_id = latest.journey_id
  and cast(old.changed_at as date) = latest.day
  and old.version < latest.version
)
when matched then delete
