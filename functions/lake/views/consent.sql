-- What each person allowed or forbade last, by purpose; at is the time of that event, UTC.
with said as (
  select
    person_id,
    purpose,
    status,
    event_time,
    row_number() over (partition by person_id, purpose order by touch_key desc, node_id desc, place desc) as age
  from placed_touchpoint
  cross join unnest(consents) with ordinality as consent (purpose, status, place)
  where person_id is not null
)

select person_id, purpose, status, event_time as at from said where age = 1
