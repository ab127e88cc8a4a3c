-- Orders of the window with something left of them, UTC.
insert into work_rfm (run_id, person_id, order_number, order_time, currency, net)
select {{run_id}}, person_id, order_number, order_time, currency, net
from sales_order
where order_time >= {{since}}
  and order_time < {{to}}
  and order_number is not null
  and net > 0
  and person_id not in (
    select person_id from identity_map where kind = 'shared_device' and person_id is not null
  )
