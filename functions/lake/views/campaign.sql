-- Campaigns as they are planned now.
with version_of as (
  select *, row_number() over (partition by campaign_id order by version desc, changed_at desc) as age
  from campaign_log
)

select
  campaign_id,
  name,
  channel,
  starts_on,
  ends_on,
  currency,
  target_conversions,
  target_revenue,
  target_roas,
  holdout_share
from version_of
where age = 1 and not is_gone
