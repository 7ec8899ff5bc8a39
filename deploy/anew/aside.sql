-- The first step of making the ledger anew (docs/operations.md), with no metrics running: what there is becomes the
-- schema metrics_before, and the migrations then make an empty one.

begin;

alter schema metrics rename to metrics_before;
delete from alembic_version where version_num like 'metrics%';

commit;
