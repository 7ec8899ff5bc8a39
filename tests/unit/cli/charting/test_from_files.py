"""A month's value out of an event log: over the days of that month alone."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cli.offline.charting import months
from cli.offline.charting.from_files import series
from cli.offline.charting.months import MonthlySeries
from cli.offline.charting.question import ChartError, ChartQuestion
from cli.offline.computing import log
from shared.contracts.catalogue import BY_NAME
from shared.contracts.metrics import ALL
from tests import builders as make

STOCKHOLM = ZoneInfo("Europe/Stockholm")
STAFF = [
    make.unit_defined("u1", name="Norr"),
    *(make.employment_started(f"p{n}", "2024-01-01") for n in range(20)),
    make.employment_started("elsewhere", "2023-12-01", "u8"),
    make.absence_started("elsewhere", "a", "2023-12-02"),
    make.employment_ended("elsewhere", "2023-12-03"),
]
"""Absences and ends are reported since before the year."""


def charted(
    tmp_path: Path, *events: make.Event, metric: str = "sick_rate", unit: str = "u1", occupation: str = ALL
) -> MonthlySeries:
    """The series of a log that begins on 1 January 2024 and ends on 30 April."""
    file = tmp_path / "log.jsonl"
    end = make.unit_defined("u9", time="2024-04-30T12:00:00Z")
    file.write_bytes(make.lines([*STAFF, *events, end]))
    asked = ChartQuestion(BY_NAME[metric], unit, occupation, date(2024, 1, 1), None)
    return series(log.compute([file], None), asked, STOCKHOLM)


def amounts(found: MonthlySeries) -> dict[str, float | None]:
    """Month → value."""
    return {months.name(month): value.value for month, value in zip(found.months, found.values, strict=True)}


def test_absence_counts_in_its_own_months_alone(tmp_path: Path):
    """One of twenty is ill from 15 February to 15 March: half of February's 29 days, 15 of March's 31."""
    found = charted(
        tmp_path, make.absence_started("p1", "a", "2024-02-15"), make.absence_ended("p1", "a", "2024-03-15")
    )
    assert amounts(found) == {
        "2024-01": 0,
        "2024-02": pytest.approx(15 / 29 / 20),
        "2024-03": pytest.approx(15 / 31 / 20),
        "2024-04": 0,
    }


def test_a_leaver_counts_in_one_month(tmp_path: Path):
    """Who leaves with February leaves on the first of March: one of 19 present."""
    found = charted(tmp_path, make.employment_ended("p1", "2024-02-29"), metric="leaver_rate")
    assert amounts(found) == {"2024-01": 0, "2024-02": 0, "2024-03": pytest.approx(1 / 19), "2024-04": 0}


def test_a_level_is_that_of_the_last_day(tmp_path: Path):
    """Who begins on 31 January is there in January."""
    found = charted(tmp_path, make.employment_started("new", "2024-01-31"), metric="headcount")
    assert amounts(found)["2024-01"] == 21


def test_months_before_anybody_came_are_gaps(tmp_path: Path):
    """There is nothing to divide by; that is no zero."""
    found = charted(tmp_path, make.employment_started("new", "2024-03-01", "u2"), metric="leaver_rate", unit="u2")
    assert [value.status for value in found.values[:2]] == ["not_applicable"] * 2


def test_months_of_a_small_group_are_hidden(tmp_path: Path):
    """Nine of twenty leave with March and one is added: eleven in March, ten or fewer in April."""
    leaving = [make.employment_ended(f"p{n}", "2024-03-31") for n in range(10)]
    found = charted(tmp_path, *leaving)
    assert [value.status for value in found.values] == ["final", "final", "final", "suppressed"]


def test_months_that_would_give_away_a_small_group_are_hidden(tmp_path: Path):
    """Of two units under one roof, five people and twenty: the larger is hidden too, or the smaller is what is left."""
    sibling = [make.unit_defined("u2", parent="roof"), make.unit_defined("u1", parent="roof", name="Norr")]
    few = [make.employment_started(f"q{n}", "2024-01-01", "u2") for n in range(5)]
    found = charted(tmp_path, *sibling, *few)
    assert {value.status for value in found.values} == {"suppressed"}


def test_one_occupation(tmp_path: Path):
    """Only its people count."""
    more = [make.employment_started(f"q{n}", "2024-01-01", occupation="handläggare") for n in range(3)]
    found = charted(tmp_path, *more, metric="headcount", occupation="handläggare")
    assert set(amounts(found).values()) == {3}


def test_a_unit_goes_by_its_name(tmp_path: Path):
    """And the log by the day of its newest event."""
    found = charted(tmp_path)
    assert (found.unit, found.unit_name, found.known_to) == ("u1", "Norr", date(2024, 4, 30))


@pytest.mark.parametrize(
    ("unit", "occupation", "said"),
    [
        ("u11", ALL, "no unit 'u11' in the files; did you mean u1?"),
        ("nowhere", ALL, "no unit 'nowhere' in the files$"),
        ("u1", "socialsekreter", "no occupation 'socialsekreter' in Norr; did you mean socialsekreterare?"),
    ],
)
def test_what_is_not_there_is_told(tmp_path: Path, unit: str, occupation: str, said: str):
    """With what may have been meant."""
    with pytest.raises(ChartError, match=said):
        charted(tmp_path, unit=unit, occupation=occupation)


def test_no_events(tmp_path: Path):
    """An empty file has no months."""
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    asked = ChartQuestion(BY_NAME["fte"], ALL, ALL, None, None)
    with pytest.raises(ChartError, match="there are no events in the files"):
        series(log.compute([empty], None), asked, STOCKHOLM)
