"""Of whom a family of events may have something to trim: found by the days on which parts of records may matter."""

from datetime import date

import asyncpg
import msgspec

from services.metrics.domain.facts.cell import FOREVER
from services.metrics.domain.facts.entry import Entry, ReadEntry
from services.metrics.domain.record.erasure import fate_of
from services.metrics.domain.record.record import ABSENCE, Row, Section
from services.metrics.domain.record.trimming import AFTER
from shared.contracts.erased import Family
from shared.contracts.erasure import Erasure, Fate
from shared.contracts.event_types import MILESTONE_REACHED
from shared.contracts.subjects import PERSON_PREFIX

_SECTIONS: dict[Family, Section] = {
    "absence": Section.absence,
    "bonus": Section.bonus,
    "caseload": Section.caseload,
    "milestone": Section.milestone,
    "time": Section.hours,
}
_AGED = "select distinct subject from parts where section = $1 and lo <= $2 and hi <= $3 and subject like 'person/%'"
_NONSENSE = "select distinct subject from parts where section = 0 and key like $1"
_ALONE = "select subject, key, body from parts where section = 0 and key < ':' and position($1::bytea in body) > 0"
_row = msgspec.msgpack.Decoder(Row).decode


async def aged(pool: asyncpg.Pool, family: Family, through: date) -> list[str]:
    """The pseudonyms of all who may have events that name no day after one, and count on none."""
    day = through.toordinal()
    found = {row["subject"] for row in await pool.fetch(_AGED, _SECTIONS[family], *_days(family, day))}
    if family == "absence":
        found |= {row["subject"] for row in await pool.fetch(_NONSENSE, f"{ABSENCE}%")}
    if family == "milestone":
        until = Erasure(families={family: day - AFTER[family]})
        found |= {row["subject"] for row in await pool.fetch(_ALONE, MILESTONE_REACHED.encode()) if _goes(until, row)}
    return sorted(subject.removeprefix(PERSON_PREFIX) for subject in found)


def _days(family: Family, day: int) -> tuple[int, int]:
    """The last first day of what may go, and the last last day: milestones of a kind are looked for on days before."""
    return (day - AFTER[family], FOREVER) if family == "milestone" else (FOREVER, day)


def _goes(until: Erasure, stored: asyncpg.Record) -> bool:
    """Whether a milestone that counts nowhere goes."""
    row = _row(stored["body"])
    if not row.alive:
        return False
    entry = Entry(stored["key"], row.at, row.id, row.type, row.corrects, row.raw)
    return fate_of(until, ReadEntry(entry, entry.read())) is not Fate.COUNTS
