-- Touchpoints of journeys in the window, UTC.
insert into work_journey_map (
  run_id, phase, channel, journey_id, hours, nps, rating, sentiment, is_pain_point
)
select
  {{run_id}},
  touchpoint.phase,
  touchpoint.channel,
  touchpoint.journey_id,
  date_diff('millisecond', journey.started_at, touchpoint.event_time) / 3600000e0,
  touchpoint.nps,
  touchpoint.rating,
  touchpoint.sentiment,
  touchpoint.type in ('complaint', 'refund', 'cancellation')
from touchpoint
join journey on journey.journey_id = touchpoint.journey_id and journey.person_id = touchpoint.person_id
where touchpoint.event_time >= {{from}}
  and touchpoint.event_time < {{to}}
  and touchpoint.phase is not null
