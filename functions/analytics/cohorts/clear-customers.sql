delete from work_cohort_customer where run_id = {{run_id}}
