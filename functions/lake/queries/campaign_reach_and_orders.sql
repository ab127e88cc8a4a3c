-- Whom campaigns reached, and which orders followed in the same journey. A journey with several campaigns counts for
-- each: what each contributed is in the table attribution. Denominator of orders_per_person: persons with a touchpoint
-- of the campaign. revenue: of these journeys less what came back in them. The last 365 days, UTC; cost: of all days.
with reach as (
  select campaign_id, count(*) as touchpoints, count(distinct person_id) as persons
  from touchpoint
  where event_time >= date_add('day', -365, current_date)
    and campaign_id is not null
  group by campaign_id
),

brought as (
  select distinct campaign_id, journey_id, person_id
  from journey_step
  where event_time >= date_add('day', -365, current_date)
    and campaign_id is not null
    and seconds_to_purchase is not null
),

earned as (
  select brought.campaign_id, journey.currency, count(*) as orders, sum(journey.value) as revenue
  from brought
  join journey on journey.journey_id = brought.journey_id and journey.person_id = brought.person_id
  group by brought.campaign_id, journey.currency
),

cost as (
  select campaign_id, currency, sum(amount) as cost
  from campaign_cost
  group by campaign_id, currency
)

select
  reach.campaign_id,
  campaign.name,
  reach.touchpoints,
  reach.persons,
  earned.currency,
  coalesce(earned.orders, 0) as orders,
  cast(coalesce(earned.orders, 0) as double) / nullif(reach.persons, 0) as orders_per_person,
  round(coalesce(earned.revenue, 0), 2) as revenue,
  round(cost.cost, 2) as cost
from reach
left join earned on earned.campaign_id = reach.campaign_id
left join campaign on campaign.campaign_id = reach.campaign_id
left join cost on cost.campaign_id = reach.campaign_id and cost.currency = coalesce(earned.currency, campaign.currency)
order by orders desc, reach.campaign_id, earned.currency
