-- What customers allow, by purpose, as they said last. Denominators: those who were ever asked (share_of_asked), and all
-- persons (share_of_all). Devices that many use are left out.
with persons as (
  select count(*) as persons from customer where kind = 'person'
)

select
  consent.purpose,
  count(*) as asked,
  count(case when consent.status = 'granted' then 1 end) as granted,
  count(case when consent.status = 'denied' then 1 end) as denied,
  count(case when consent.status = 'revoked' then 1 end) as revoked,
  cast(count(case when consent.status = 'granted' then 1 end) as double) / count(*) as share_of_asked,
  cast(count(case when consent.status = 'granted' then 1 end) as double) / nullif(max(persons.persons), 0)
    as share_of_all
from consent
join customer on customer.person_id = consent.person_id
cross join persons
where customer.kind = 'person'
group by consent.purpose
order by consent.purpose
