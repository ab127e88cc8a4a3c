-- How long journeys take from the first touchpoint to the purchase, in hours, and how many touchpoints they have, also
-- after it. Denominator: converted journeys. The last 365 days by the time they began, UTC.
with ranked as (
  select
    first_channel,
    purchase_channel,
    hours_to_purchase,
    touchpoint_count,
    row_number() over (partition by first_channel, purchase_channel order by hours_to_purchase) as place,
    count(*) over (partition by first_channel, purchase_channel) as of_all
  from journey
  where started_at >= date_add('day', -365, current_date)
    and status = 'converted'
)

select
  first_channel,
  purchase_channel,
  count(*) as journeys,
  max(case when place = (of_all + 1) / 2 then hours_to_purchase end) as median_hours,
  max(case when place = (9 * of_all + 9) / 10 then hours_to_purchase end) as hours_of_nine_in_ten,
  cast(sum(touchpoint_count) as double) / count(*) as touchpoints_per_journey
from ranked
group by first_channel, purchase_channel
order by journeys desc, first_channel, purchase_channel
