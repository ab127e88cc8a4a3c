insert into work_association_group (run_id, group_number, scope, level, basket_count)
with basket as (
  select distinct level, basket, channel, store_id from work_association_line where run_id = {{run_id}}
),

counted as (
  select basket.level, placed.scope, count(*) as basket_count
  from basket
  cross join unnest(array['all', 'channel=' || basket.channel, 'store=' || basket.store_id]) as placed (scope)
  where placed.scope in ({{scopes}}) or strpos(placed.scope, '=') > 0 and split_part(placed.scope, '=', 1) in ({{scopes}})
  group by basket.level, placed.scope
)

select {{run_id}}, cast(row_number() over (order by scope, level) as integer), scope, level, basket_count
from counted
