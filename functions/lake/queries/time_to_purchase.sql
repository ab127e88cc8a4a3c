-- How long journeys take from the first touchpoint to the purchase, in hours, and how many touchpoints they have, also
-- after it. Denominator: converted journeys. The last 365 days by the time they began, UTC. Percentiles of many values
-- are approximate.
select
  first_channel,
  purchase_channel,
  count(*) as journeys,
  approx_percentile(hours_to_purchase, 0.5e0) as median_hours,
  approx_percentile(hours_to_purchase, 0.9e0) as hours_of_nine_in_ten,
  cast(sum(touchpoint_count) as double) / count(*) as touchpoints_per_journey
from journey
where started_at >= date_add('day', -365, current_date)
  and status = 'converted'
group by first_channel, purchase_channel
order by journeys desc, first_channel, purchase_channel
