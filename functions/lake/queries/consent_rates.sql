-- What customers allow, by purpose, as they said last. Denominators: those who were ever asked (share_of_asked), and
-- all persons as of now (share_of_all).
with persons as (
  select count(distinct person_id) as persons from person_history where valid_to is null
)

select
  purpose,
  count(*) as asked,
  count(case when status = 'granted' then 1 end) as granted,
  count(case when status = 'denied' then 1 end) as denied,
  count(case when status = 'revoked' then 1 end) as revoked,
  cast(count(case when status = 'granted' then 1 end) as double) / count(*) as share_of_asked,
  cast(count(case when status = 'granted' then 1 end) as double) / nullif(max(persons), 0) as share_of_all
from consent
cross join persons
group by purpose
order by purpose
