-- Which share of journeys ends in a purchase, by the channel and channel group that they began on. Denominator:
-- journeys that are over; open ones are left out. The last 365 days by the time they began, UTC.
select
  first_channel,
  first_channel_group,
  count(*) as journeys,
  count(case when status = 'converted' then 1 end) as conversions,
  cast(count(case when status = 'converted' then 1 end) as double) / count(*) as conversion_rate
from journey
where started_at >= date_add('day', -365, current_date)
  and status <> 'open'
group by first_channel, first_channel_group
order by journeys desc, first_channel, first_channel_group
