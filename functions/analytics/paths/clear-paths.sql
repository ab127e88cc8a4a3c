delete from work_journey_path where run_id = {{run_id}}
