-- Net promoter score: the share of 9 and 10 less the share of 0 to 6, in points. Denominator: answers. phase: that of
-- the touchpoint it was given with; journey_phase: how far the journey has come by now; null: it belongs to none. The
-- last 365 days, UTC.
select
  touchpoint.phase,
  journey.phase as journey_phase,
  touchpoint.channel,
  count(*) as answers,
  cast(100 * (
    count(case when touchpoint.nps >= 9 then 1 end) - count(case when touchpoint.nps <= 6 then 1 end)
  ) as double) / count(*) as net_promoter_score,
  cast(sum(touchpoint.nps) as double) / count(*) as mean
from touchpoint
left join journey on journey.journey_id = touchpoint.journey_id and journey.person_id = touchpoint.person_id
where touchpoint.event_time >= date_add('day', -365, current_date)
  and touchpoint.nps is not null
group by touchpoint.phase, journey.phase, touchpoint.channel
order by answers desc, touchpoint.phase, journey.phase, touchpoint.channel
