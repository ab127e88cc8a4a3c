-- Complaints, refunds and cancellations by where they happen. Denominator of the rate: purchases on the same channel
-- and in the same store. The last 90 days, UTC; reports of the same order or refund by several systems count each.
select
  channel,
  store_id,
  count(case when type = 'complaint' then 1 end) as complaints,
  count(case when type = 'refund' then 1 end) as refunds,
  count(case when type = 'cancellation' then 1 end) as cancellations,
  count(distinct case when type <> 'purchase' then person_id end) as persons,
  count(case when type = 'purchase' then 1 end) as purchases,
  cast(count(case when type <> 'purchase' then 1 end) as double)
    / nullif(count(case when type = 'purchase' then 1 end), 0) as pain_points_per_purchase
from touchpoint
where event_time >= date_add('day', -90, current_date)
  and type in ('complaint', 'refund', 'cancellation', 'purchase')
group by channel, store_id
having count(case when type <> 'purchase' then 1 end) > 0
order by complaints + refunds + cancellations desc, channel, store_id
