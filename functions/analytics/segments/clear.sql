delete from work_rfm where run_id = {{run_id}}
