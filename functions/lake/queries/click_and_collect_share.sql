-- Which share of what is bought online is collected in a store, by month of the purchase, UTC. Denominator: journeys
-- that converted on the web, in the app or on a marketplace. Journeys begun in the last 365 days.
select
  cast(date_trunc('month', converted_at) as date) as month,
  purchase_channel,
  count(*) as online_orders,
  count(case when contains(patterns, 'click_and_collect') then 1 end) as collected,
  cast(count(case when contains(patterns, 'click_and_collect') then 1 end) as double) / count(*)
    as click_and_collect_share
from journey
where started_at >= date_add('day', -365, current_date)
  and purchase_channel in ('web', 'app', 'marketplace')
group by cast(date_trunc('month', converted_at) as date), purchase_channel
order by month, purchase_channel
