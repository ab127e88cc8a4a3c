-- What customers have brought up to and including each month since their first order. Denominator of
-- revenue_per_customer: all customers of the cohort, whatever their currency.
with so_far as (
  select
    *,
    sum(revenue) over (
      partition by cohort_month, first_channel, currency order by month rows unbounded preceding
    ) as revenue_so_far
  from latest_cohort
)

select
  cohort_month,
  first_channel,
  month,
  currency,
  customers,
  try_cast(revenue_so_far as decimal(18, 4)) as revenue,
  cast(revenue_so_far as double) / customers as revenue_per_customer
from so_far
