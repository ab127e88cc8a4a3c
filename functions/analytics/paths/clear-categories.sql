delete from work_order_category where run_id = {{run_id}}
