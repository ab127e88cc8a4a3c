delete from work_transition where run_id = {{run_id}}
