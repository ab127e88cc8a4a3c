-- How many journeys there are to credit.
select count(*) as conversions
from (
  select person_id, journey_id
  from work_attribution_path
  where run_id = {{run_id}} and is_converted
  group by person_id, journey_id
) as journey
