-- The second step of making the ledger anew (docs/operations.md), once the migrations have made an empty one: what
-- hr.events does not tell is taken over from the one that was put aside.

begin;

insert into metrics.erasings select * from metrics_before.erasings;
insert into metrics.erasing_messages select * from metrics_before.erasing_messages;
insert into metrics.access_log select * from metrics_before.access_log;
insert into metrics.set_aside select * from metrics_before.set_aside;

-- Answers state the newest batch as their revision. None is given out twice.
select setval(pg_get_serial_sequence('metrics.batches', 'id'), coalesce(max(id), 0) + 1000000) from metrics_before.batches;

commit;
