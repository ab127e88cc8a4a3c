-- Money is in the currency of the latest order. Ranks go from the worst; customers who are equal share the lowest.
insert into rfm (run_id, person_id, currency, recency_days, frequency, monetary, r, f, m, segment)
with latest as (
  select person_id, max_by(currency, order_number) as currency
  from work_rfm
  where run_id = {{run_id}}
  group by person_id
),

measured as (
  select
    orders.person_id,
    latest.currency,
    cast(floor(date_diff('millisecond', max(orders.order_time), {{to}}) / 86400000e0) as bigint) as recency_days,
    count(*) as frequency,
    sum(case when orders.currency = latest.currency then orders.net else 0 end) as monetary
  from work_rfm as orders
  join latest on latest.person_id = orders.person_id
  where orders.run_id = {{run_id}}
  group by orders.person_id, latest.currency
),

ranked as (
  select
    *,
    rank() over (order by recency_days desc) as r_rank,
    rank() over (order by frequency) as f_rank,
    rank() over (partition by currency order by monetary) as m_rank,
    count(*) over () as customers,
    count(*) over (partition by currency) as currency_customers
  from measured
),

scored as (
  select
    *,
    cast(1 + floor(5e0 * (r_rank - 1) / customers) as integer) as r,
    cast(1 + floor(5e0 * (f_rank - 1) / customers) as integer) as f,
    cast(1 + floor(5e0 * (m_rank - 1) / currency_customers) as integer) as m
  from ranked
)

select
  {{run_id}},
  person_id,
  currency,
  recency_days,
  frequency,
  -- Sums have no limit, columns have.
  try_cast(monetary as decimal(18, 4)),
  r,
  f,
  m,
  case
    when r = 5 and f >= 4 then 'champions'
    when r >= 3 and f >= 4 then 'loyal'
    when r >= 4 and f >= 2 then 'potential_loyalist'
    when r = 5 then 'new'
    when r = 4 then 'promising'
    when r = 3 and f = 3 then 'need_attention'
    when r = 3 then 'about_to_sleep'
    when f = 5 then 'cant_lose'
    when f >= 3 then 'at_risk'
    else 'hibernating'
  end
from scored
