"""Any calendar of absences, written day by day as PAXml and imported, counts as the absences written directly."""

from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.commands.import_ import MAPPINGS
from cli.connect.importing import codes
from cli.connect.importing.paxml import ReadingOptions, lines
from cli.connect.importing.understood import Understood
from services.metrics.domain.facts.measures import Measure
from shared.calendar.working_days import is_holiday
from tests import builders as make
from tests.unit.cli.paxml import paxml, schedule, transaction, written
from tests.unit.metrics.folding import Folded, fold

FIRST = date(2024, 3, 1)
DAYS = [FIRST + timedelta(n) for n in range(200)]
WORKED = [d for d in DAYS if d.isoweekday() <= 5 and not is_holiday(d)]
HIRED = make.employment_started("anna", "2020-01-01", employment="1")
COUNTED = {
    Measure.sick_fte,
    Measure.sick_spells,
    Measure.short_spells,
    Measure.sick_day60_fte,
    Measure.scheduled_fte,
    Measure.parental_fte,
}
CODES = codes.read(MAPPINGS / "paxml.yaml")
KINDS = {"SJK": "sick", "FPE": "parental"}


class Stretch(NamedTuple):
    """So many days of work away, of a code, at an extent in quarters; then so many at work, or none."""

    days: int
    code: str
    quarters: int
    present: int


STRETCHES = st.lists(
    st.builds(
        Stretch, st.integers(1, 50), st.sampled_from(tuple(KINDS)), st.integers(1, 4), st.sampled_from((0, 1, 1, 7))
    ),
    min_size=1,
    max_size=6,
)


def calendar(stretches: list[Stretch]) -> dict[date, tuple[str, int]]:
    """Code and quarters on each day away; the first and the last day are worked."""
    found, at = {}, 1
    for s in stretches:
        for day in WORKED[at : at + s.days][: len(WORKED) - 1 - at]:
            found[day] = (s.code, s.quarters)
        at += s.days + s.present
    return found


def directly(away: dict[date, tuple[str, int]]) -> list[make.Event]:
    """Absences by their first and last days: the days between two days of absence belong to them."""
    events = []
    for number, (_, run) in enumerate(groupby(enumerate(WORKED), lambda pair: away.get(pair[1], (pair[0],))[0])):
        days = [day for _, day in run]
        if days[0] in away:
            events += _absence(f"a{number}", days, away)
    return events


def _absence(name: str, days: list[date], away: dict[date, tuple[str, int]]) -> list[make.Event]:
    first, told = str(days[0]), {"last_day": str(days[-1]), "employment": "1"}
    code, extent = away[days[0]]
    events = [make.absence_started("anna", name, first, KINDS[code], extent=extent / 4, **told)]
    for day in days[1:]:
        if away[day][1] != extent:
            extent = away[day][1]
            events.append(make.absence_changed("anna", name, str(day), extent / 4))
    return events


def imported(folder: Path, away: dict[date, tuple[str, int]], parts: int) -> list[make.Event]:
    """The events of PAXml files, each of some days and imported after those before it."""
    files, events = [], list[make.Event]()
    size = -(-len(WORKED) // parts)
    for n in range(parts):
        days = WORKED[n * size : (n + 1) * size]
        records = [transaction(away[d][0], str(d), timmar=away[d][1] * 2) for d in days if d in away]
        planned = schedule({str(d): 8 for d in days})
        file = written(folder / f"{n}.xml", paxml(records, [planned], made=f"2025-01-{n + 1:02}"))
        reading = ReadingOptions(CODES, register={"1": "anna"})
        events += [msgspec.json.decode(x.body) for x in lines([file], files, reading, "paxml", Understood([]))]
        files.append(file)
    return events


def counted(events: list[make.Event]) -> dict[object, int]:
    """What absences add to measures."""
    folded: Folded = fold(HIRED, *events)
    assert folded.anomalies == {}
    return {place: delta for place, delta in folded.facts.items() if place[1] in COUNTED}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the files of all examples are written, one over another."""
    return tmp_path_factory.mktemp("paxml")


@settings(max_examples=60, deadline=None)
@given(STRETCHES, st.sampled_from((1, 2, 5)))
def test_any_calendar(folder: Path, stretches: list[Stretch], parts: int):
    """In one file, or in several imported one after another, wherever they are cut."""
    away = calendar(stretches)
    assert counted(imported(folder, away, parts)) == counted(directly(away))
