-- Versions of journeys that a later one has replaced. Those of the last day stay: what replaces them may still be on
-- its way, and whoever has just asked a question may ask the next one about the same.
merge into journey_log as old
using (
  select person_id, journey_id, max(version) as version
  from journey_log
  where changed_at < current_date - interval '1' day
  group by person_id, journey_id
) as latest
on (
  old.person_id = latest.person_id
  and old.journey_id = latest.journey_id
  and old.version < latest.version
)
when matched then delete
