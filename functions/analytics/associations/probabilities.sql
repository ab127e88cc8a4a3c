insert into work_association_probability (run_id, tail_number, p_value)
select {{run_id}}, {{before}} + told.place, cast(told.one as double)
from unnest(split({{probabilities}}, ',')) with ordinality as told (one, place)
