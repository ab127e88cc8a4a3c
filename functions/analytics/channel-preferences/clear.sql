delete from work_channel_preference where run_id = {{run_id}}
