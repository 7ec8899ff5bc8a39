"""The statements about the rules the ledger is counted by, and about counting it anew by others."""

_LEDGER = "hashtext('stadga.metrics.ledger')"
SHARE_LEDGER = f"select pg_try_advisory_xact_lock_shared({_LEDGER})"
HOLD_LEDGER = f"select pg_advisory_lock({_LEDGER})"
LET_LEDGER_GO = f"select pg_advisory_unlock({_LEDGER})"
"""Whoever adds to the ledger shares this lock, whoever remakes it has it alone: a crash lets it go."""

STANDING = """
select coalesce(max(rules), 0), max(remaking), coalesce(max(done), 0), coalesce(max(total), 0) from rules
"""
"""In a schema that was emptied nothing is counted by any rules."""

GIVE_UP = "update rules set remaking = null where remaking is not null"

BEGIN_REMAKE = """
insert into rules (rules, remaking, total) select 0, $1, count(distinct subject) from parts
on conflict (one) do update set remaking = $1, through = '', done = 0, total = excluded.total
"""

FORGET_REMADE = "truncate remade_facts, remade_anomalies, remade_parts"

PORTION_ENDS = """
select subject from parts where subject > (select through from rules) order by subject, key offset $1 limit 1
"""

PORTION = """
select subject, key, section, lo, hi, body from parts
where subject > (select through from rules) and ($1::text is null or subject <= $1) order by subject, key
"""

REMADE = "update rules set through = $1, done = done + $2"

ADD_REMADE_FACTS = f"""
insert into facts (batch, cell, measure, day, delta)
select $1, cell, measure, day, (sign(total) * least(abs(total) - n * {2**62}, {2**62}))::bigint
from (
    select cell, measure, day, sum(delta) as total from (
        select cell, measure, day, delta from remade_facts
        union all select cell, measure, day, -delta from facts) both_ways
    group by cell, measure, day having sum(delta) <> 0) difference,
    generate_series(0, div(abs(total), {2**62})) n
where abs(total) > n * {2**62}
"""  # noqa: S608  (numbers written here)
"""A difference that 64 bits do not hold is several facts."""

ADD_REMADE_ANOMALIES = """
insert into anomalies (batch, kind, subject, delta)
select $1, kind, subject, sum(delta)::bigint from (
    select kind, subject, delta from remade_anomalies
    union all select kind, subject, -delta from anomalies) both_ways
group by kind, subject having sum(delta) <> 0
"""

COUNT_REMADE = "select count(*) from facts where batch = $1"

CAUSED_BY_RULES = """
insert into causes (batch, type, events, first)
select $1::bigint, $2, 0, min(day) from facts where batch = $1 having count(*) > 0
"""

STORE_REMADE = """
insert into parts (subject, key, section, lo, hi, body)
select subject, key, section, lo, hi, body from remade_parts
on conflict (subject, key) do update
set section = excluded.section, lo = excluded.lo, hi = excluded.hi, body = excluded.body
"""

RULES_HOLD = "update rules set rules = $1, remaking = null, through = '', done = 0, total = 0"
