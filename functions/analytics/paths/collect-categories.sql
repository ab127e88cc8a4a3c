-- What was bought in journeys that converted.
insert into work_order_category (run_id, order_key, category)
select distinct {{run_id}}, order_key, category
from order_line
where line_type = 'item'
  and category <> ''
  and order_key in (select order_key from work_journey_path where run_id = {{run_id}} and is_converted)
