-- The paths of most journeys, then of most conversions, then by name.
insert into journey_path (run_id, path, journeys, conversions, currency, value)
with cut as (
  select
    case
      when cardinality(path) > {{max_length}}
        then concat(array['…'], slice(path, -{{max_length}}, {{max_length}}))
      else path
    end as path,
    is_converted,
    currency,
    value
  from work_journey_path
  where run_id = {{run_id}} and path is not null
),

counted as (
  select path, count(*) as journeys, count(case when is_converted then 1 end) as conversions
  from cut
  group by path
),

ranked as (
  select
    path,
    journeys,
    row_number() over (order by journeys desc, conversions desc, array_join(path, '>')) as place
  from counted
),

sold as (
  select path, currency, count(*) as conversions, sum(value) as value
  from cut
  where is_converted
  group by path, currency
)

select
  {{run_id}},
  ranked.path,
  ranked.journeys,
  coalesce(sold.conversions, 0),
  sold.currency,
  -- Sums have no limit, columns have.
  try_cast(coalesce(sold.value, 0) as decimal(18, 4))
from ranked
left join sold on sold.path = ranked.path
where ranked.place <= {{limit}}
