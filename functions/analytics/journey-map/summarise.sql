-- Means are over answers, the median is over journeys. Sums of doubles depend on the order, of decimals they do not.
insert into journey_map (
  run_id, phase, channel, touchpoints, journeys, median_hours, nps, rating, sentiment, pain_points
)
with touch as (
  select * from work_journey_map where run_id = {{run_id}}
),

counted as (
  select
    phase,
    channel,
    count(*) as touchpoints,
    cast(sum(nps) as double) / count(nps) as nps,
    cast(sum(cast(rating as decimal(38, 12))) as double) / count(rating) as rating,
    cast(sum(cast(sentiment as decimal(38, 12))) as double) / count(sentiment) as sentiment,
    count(case when is_pain_point then 1 end) as pain_points
  from touch
  group by phase, channel
),

reached as (
  select phase, channel, journey_id, min(hours) as hours from touch group by phase, channel, journey_id
),

ranked as (
  select
    *,
    row_number() over (partition by phase, channel order by hours) as place,
    count(*) over (partition by phase, channel) as places
  from reached
),

-- The one in the middle, or the two.
middle as (
  select
    phase,
    channel,
    max(places) as journeys,
    (
      min(case when 2 * place >= places then hours end) + max(case when 2 * place <= places + 2 then hours end)
    ) / 2 as median_hours
  from ranked
  group by phase, channel
)

select
  {{run_id}},
  counted.phase,
  counted.channel,
  counted.touchpoints,
  middle.journeys,
  middle.median_hours,
  counted.nps,
  counted.rating,
  counted.sentiment,
  counted.pain_points
from counted
join middle on middle.phase = counted.phase and middle.channel = counted.channel
