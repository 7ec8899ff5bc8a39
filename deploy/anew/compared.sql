-- What units come to in the ledger that was made anew and in the one that was put aside: each difference, and none
-- where both are the same (docs/operations.md, "Make the ledger anew").

with net as (
    select 'before' as ledger, unit, measure, day, sum(delta) as delta
    from metrics_before.facts join metrics_before.cells on id = cell group by unit, measure, day
    union all
    select 'anew', unit, measure, day, sum(delta)
    from metrics.facts join metrics.cells on id = cell group by unit, measure, day
)
select unit, measure, date '0001-01-01' + (day - 1) as day,
    coalesce(sum(delta) filter (where ledger = 'before'), 0) as before,
    coalesce(sum(delta) filter (where ledger = 'anew'), 0) as anew
from net group by unit, measure, day
having coalesce(sum(delta) filter (where ledger = 'before'), 0) <> coalesce(sum(delta) filter (where ledger = 'anew'), 0)
order by 1, 2, 3;
