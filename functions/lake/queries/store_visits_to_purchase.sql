-- Which share of visits to a store ends at its till. A visit: all that a known person did in a store on one day, by the
-- clock on the wall. Denominator: visits; whoever stays unknown is not counted. The last 90 days.
with visit as (
  select
    store_id,
    person_id,
    cast(local_time as date) as day,
    max(case when type = 'purchase' then 1 else 0 end) as bought,
    sum(coalesce(dwell_seconds, 0)) as dwell_seconds
  from touchpoint
  where event_time >= date_add('day', -90, current_date)
    and channel = 'store'
    and store_id is not null
    and person_id is not null
  group by store_id, person_id, cast(local_time as date)
)

select
  store_id,
  count(*) as visits,
  count(distinct person_id) as persons,
  sum(bought) as visits_with_purchase,
  cast(sum(bought) as double) / count(*) as purchase_rate,
  sum(dwell_seconds) / count(*) as dwell_seconds_per_visit
from visit
group by store_id
order by visits desc, store_id
