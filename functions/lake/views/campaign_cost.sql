-- What campaigns cost, by day, as they are planned now.
with version_of as (
  select *, row_number() over (partition by campaign_id order by version desc, changed_at desc) as age
  from campaign_log
)

select version_of.campaign_id, cost.day, version_of.currency, cost.amount
from version_of
cross join unnest(costs) as cost (day, amount)
where age = 1 and not is_gone
