-- A thousand in a row, for a page of an answer has a thousand rows.
select
  (tail_number - 1) / 1000 as pack,
  array_join(
    array_agg(
      cast(hits as varchar) || '|' || cast(drawn as varchar) || '|' || cast(marked as varchar) || '|'
        || cast(population as varchar)
      order by tail_number
    ),
    ';'
  ) as tails
from work_association_tail
where run_id = {{run_id}}
group by (tail_number - 1) / 1000
order by pack
