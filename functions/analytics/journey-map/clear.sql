delete from work_journey_map where run_id = {{run_id}}
