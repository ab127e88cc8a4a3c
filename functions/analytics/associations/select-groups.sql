select scope, level, basket_count
from work_association_group
where run_id = {{run_id}}
order by group_number
