delete from work_cohort_order where run_id = {{run_id}}
