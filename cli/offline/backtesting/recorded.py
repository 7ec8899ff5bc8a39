"""A log day by day, as it was recorded: what each day's events add to facts, and what they say of units and sources."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from services.metrics.domain.facts.entry import Entry, ReadEntry
from services.metrics.domain.facts.reported import Firsts, Reported, reported
from services.metrics.domain.facts.tally import Fact, Tally
from services.metrics.domain.record.memory import Memory, by_subject
from shared.contracts.envelope import CloudEvent
from shared.language.refusal import SaidError

Told = tuple[CloudEvent, ReadEntry]


class RecordedDay(NamedTuple):
    """What one day's events added, folded together. ``definitions`` are all units' as of then, where any came."""

    day: int
    facts: Sequence[Fact]
    firsts: Firsts
    definitions: Mapping[str, Sequence[Entry]] | None


class Recorded(NamedTuple):
    """A log by the days on which its events were recorded; the first holds everything recorded before it as well."""

    first: int
    last: int
    days: Mapping[int, RecordedDay]


class NothingRecordedError(SaidError):
    """No event was recorded by the last day, or the first day is after it; the sentence says which."""


def recorded(log: Iterable[Told], zone: ZoneInfo, first: date | None, last: date | None) -> Recorded:
    """The days from ``first`` to ``last`` by the calendar of a zone, by themselves those of the log.

    Raises NothingRecordedError.
    """
    by_day: defaultdict[int, list[Told]] = defaultdict(list)
    for told in log:
        by_day[told[0].time.astimezone(zone).toordinal()].append(told)
    end = last.toordinal() if last else max(by_day, default=0)
    begin = first.toordinal() if first else min(by_day, default=0)
    known = sorted(day for day in by_day if day <= end)
    if not known:
        raise _nothing_by(last) if by_day else NothingRecordedError("loggen har inga händelser", "the log has no event")
    if begin > end:
        raise _backwards(first, last, date.fromordinal(end))
    early = [told for day in known if day <= begin for told in by_day[day]]
    later = ((day, by_day[day]) for day in known if day > begin)
    memory = Memory()
    return Recorded(begin, end, {day: _folded(day, some, memory) for day, some in ((begin, early), *later)})


def _nothing_by(last: date | None) -> NothingRecordedError:
    return NothingRecordedError(
        f"ingen händelse i loggen var registrerad senast den {last}",
        f"no event of the log was recorded on or before {last}",
    )


def _backwards(first: date | None, last: date | None, end: date) -> NothingRecordedError:
    if last:
        return NothingRecordedError(f"--from {first} är efter --to {last}", f"--from {first} is after --to {last}")
    return NothingRecordedError(
        f"--from {first} är efter loggens sista dag, {end}", f"--from {first} is after the last day of the log, {end}"
    )


def _folded(day: int, told: Sequence[Told], memory: Memory) -> RecordedDay:
    tally, firsts, before = Tally(), dict[Reported, int](), dict(memory.definitions)
    memory.fold(by_subject((event.subject, entry) for event, entry in told), tally)
    for event, entry in told:
        for one, since in reported(event, entry.data):
            firsts[one] = min(since, firsts.get(one, since))
    changed = memory.definitions != before
    return RecordedDay(day, tally.facts(), firsts, dict(memory.definitions) if changed else None)
