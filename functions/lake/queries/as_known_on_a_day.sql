-- Journeys as they were known on a day, before what came late, was merged or undone since. Put another day into as_of,
-- such as timestamp '2026-11-01 00:00:00'. The status is as of then, by the 30 days of the default model; persons are
-- those who were one by then. Denominator of the share: journeys known then. Times are UTC.
with as_of as (
  select cast(date_add('day', -30, current_date) as timestamp(6)) as moment
),

version_of as (
  select
    journey_log.*,
    as_of.moment,
    row_number() over (
      partition by journey_log.person_id, journey_log.journey_id
      order by journey_log.version desc, journey_log.changed_at desc
    ) as age
  from journey_log
  cross join as_of
  where journey_log.changed_at < as_of.moment
),

known as (
  select
    version_of.person_id,
    version_of.currency,
    version_of.value,
    case
      when converted_at is not null then 'converted'
      when date_diff('millisecond', ended_at, moment) > 30 * bigint '86400000' then 'abandoned'
      else 'open'
    end as status
  from version_of
  left join person_history as owner
    on owner.node_id = version_of.person_id
      and owner.valid_from < version_of.moment
      and (owner.valid_to is null or owner.valid_to >= version_of.moment)
  where age = 1
    and not is_gone
    and coalesce(owner.person_id, version_of.person_id) = version_of.person_id
)

select
  status,
  currency,
  count(*) as journeys,
  count(distinct person_id) as persons,
  cast(count(*) as double) / sum(count(*)) over () as share,
  round(sum(value), 2) as value
from known
group by status, currency
order by status, currency
