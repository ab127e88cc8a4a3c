-- The first touchpoint of each, also before the window; as in the view customer.
insert into work_cohort_customer (run_id, person_id, cohort_month, first_channel)
with buyer as (
  select distinct person_id, cohort_month from work_cohort_order where run_id = {{run_id}}
)

select
  {{run_id}},
  buyer.person_id,
  buyer.cohort_month,
  min_by(placed_touchpoint.channel, placed_touchpoint.touch_key || chr(1) || placed_touchpoint.node_id)
from buyer
join placed_touchpoint on placed_touchpoint.person_id = buyer.person_id
group by buyer.person_id, buyer.cohort_month
