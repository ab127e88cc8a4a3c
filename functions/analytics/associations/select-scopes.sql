-- The largest ones, for whoever asked for one that is not there.
with basket as (
  select distinct basket, channel, store_id from work_association_line where run_id = {{run_id}}
)

select placed.scope, count(*) as baskets
from basket
cross join unnest(array['channel=' || basket.channel, 'store=' || basket.store_id]) as placed (scope)
where placed.scope is not null
group by placed.scope
order by baskets desc, placed.scope
limit 10
