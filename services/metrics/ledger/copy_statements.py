"""The statements about the copy of the book that the leading replica keeps for whoever leads next."""

_LEADS = "(select term from publications where shards = 1 and term = {term} for share)"
"""Whoever begins a term waits until this is committed, or this sees the new term."""

CARRY_ON = "update book_copy set term = $1 where term = $1 - 1"
"""What an earlier leader told after the copy is known only if every term since has written it down."""

NEXT = "select 1 + greatest((select max(number) from book_parts), (select max(number) from book_copy), 0)"

ADD_PART = "insert into book_parts (number, place, body) values ($1, $2, $3)"

PARTS = "select body from book_parts where number = $1 order by place"

HOLDS = f"""
insert into book_copy as c (number, term, release, today, snapshot, told, seq, batches, parts, marks, sent)
select $1, term, $3, $4, $5, coalesce((select snapshot from told), '1:1:'), $6,
    (select count(*) from batches where pg_visible_in_snapshot(tx, $5::text::pg_snapshot)), $7, $8::text::jsonb,
    $9::text::jsonb
from {_LEADS.format(term="$2")} as leads
on conflict (one) do update set number = excluded.number, term = excluded.term, release = excluded.release,
    today = excluded.today, snapshot = excluded.snapshot, told = excluded.told, seq = excluded.seq,
    batches = excluded.batches, parts = excluded.parts, marks = excluded.marks,
    sent = excluded.sent
returning number
"""  # noqa: S608  (written here)

FORGET_OTHERS = "delete from book_parts where number <> $1"

FORGET_TOLD = "delete from book_told"

TELL = f"insert into book_told (groups) select $2 from {_LEADS.format(term='$1')} as leads returning id"  # noqa: S608  (written here)

TOLD = "select groups from book_told"

FORGET = f"delete from book_copy where exists {_LEADS.format(term='$1')}"  # noqa: S608  (written here)

COPY = """
select number, release, today, snapshot, told, seq, parts, marks::text, sent::text,
    batches = (select count(*) from batches where pg_visible_in_snapshot(tx, snapshot::pg_snapshot))
    and seq = coalesce((select max(seq) from batches where pg_visible_in_snapshot(tx, snapshot::pg_snapshot)), 0)
    and pg_snapshot_xmax(snapshot::pg_snapshot) <= pg_snapshot_xmax(pg_current_snapshot()) as fits
from book_copy where term = $1
"""
