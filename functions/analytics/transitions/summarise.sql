-- Denominators: of share the transitions that leave from_channel; of conversion_rate the journeys that have ended and
-- had the transition before.
insert into channel_transition (
  run_id, from_channel, to_channel, transitions, journeys, share, conversion_rate, median_hours
)
with ranked as (
  select
    *,
    row_number() over (partition by from_channel, to_channel order by hours) as place,
    count(*) over (partition by from_channel, to_channel) as places
  from work_transition
  where run_id = {{run_id}}
),

counted as (
  select
    from_channel,
    to_channel,
    count(*) as transitions,
    count(distinct journey_id) as journeys,
    count(distinct case when is_before_end and status <> 'open' then journey_id end) as ended,
    count(distinct case when is_before_end and status = 'converted' then journey_id end) as converted,
    -- The one in the middle, or the two.
    min(case when 2 * place >= places then hours end) as lower_hours,
    max(case when 2 * place <= places + 2 then hours end) as upper_hours
  from ranked
  group by from_channel, to_channel
)

select
  {{run_id}},
  from_channel,
  to_channel,
  transitions,
  journeys,
  cast(transitions as double) / cast(sum(transitions) over (partition by from_channel) as double),
  cast(converted as double) / nullif(ended, 0),
  (lower_hours + upper_hours) / 2
from counted
