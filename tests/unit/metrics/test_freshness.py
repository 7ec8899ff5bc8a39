"""When a source is late, what that leaves stale, and when its volume has dropped."""

from datetime import date, timedelta

import pytest

from services.metrics.domain.coverage.kinds import Kind
from services.metrics.domain.sources.cadence import Cadence
from services.metrics.domain.sources.freshness import Late, Staleness, marked, report, staleness
from services.metrics.domain.sources.registry import Contact, Source
from services.metrics.domain.sources.volume import drop
from services.metrics.domain.sums.tree import Tree
from shared.contracts.metrics import MetricValue

FRIDAY, MONDAY, TUESDAY = date(2025, 3, 7), date(2025, 3, 10), date(2025, 3, 11)
TREE = Tree({"u1": "ifo", "u2": "aldre", "u11": "u1"}, {}, {})
HR = Source("hr", {Kind.ABSENCE: Cadence("working days")}, ("u1",), Contact("A", "a@kommun.example", "sv"))


def on(*days: date, events: int = 1) -> dict[int, int]:
    """Events on each of some days."""
    return dict.fromkeys((day.toordinal() for day in days), events)


@pytest.mark.parametrize(("today", "late"), [(FRIDAY, False), (MONDAY, False), (TUESDAY, True)])
def test_a_source_is_late_once_a_whole_working_day_has_passed(today: date, late: bool):
    [kind] = report(HR, {Kind.ABSENCE: on(FRIDAY)}, (), today).kinds

    assert (kind.fresh_until, kind.due, kind.late) == (FRIDAY, MONDAY, late)


def test_a_source_that_never_told_anything_is_not_late():
    [kind] = report(HR, {}, (), TUESDAY).kinds

    assert (kind.fresh_until, kind.due, kind.late) == (None, None, False)


def test_what_is_recorded_in_the_future_tells_of_today():
    [kind] = report(HR, {Kind.ABSENCE: on(date(2099, 1, 1))}, (), TUESDAY).kinds

    assert kind.fresh_until == TUESDAY


def test_what_is_made_of_a_late_kind_is_stale_where_the_source_tells():
    told = report(HR, {Kind.ABSENCE: on(FRIDAY)}, (), TUESDAY)
    stale = staleness({"hr": HR}, [told])

    for unit in ("u1", "u11", "ifo", "*"):
        assert stale.of(unit, TREE)["sick_rate"] == FRIDAY
        assert "headcount" not in stale.of(unit, TREE)
    everywhere = HR._replace(name="b", units=())
    stale = staleness({"hr": HR, "b": everywhere}, [told])
    assert stale.of("u2", TREE) == stale.of("aldre", TREE) == {}


def test_of_a_unit_that_no_source_tells_of_nothing_is_reported():
    """Every source of absences names its units; those above have a part that is told of."""
    stale = staleness({"hr": HR}, [report(HR, {Kind.ABSENCE: on(MONDAY)}, (), TUESDAY)])
    value = MetricValue(status="final", definition="d", value=0.0, numerator=0.0)
    found = {
        unit: marked({"sick_rate": value, "headcount": value}, TUESDAY, stale.of(unit, TREE))
        for unit in ("u1", "u11", "ifo", "*", "u2", "aldre")
    }

    untold = MetricValue(status="not_reported", definition="d")
    assert {unit for unit, values in found.items() if values["sick_rate"] == untold} == {"u2", "aldre"}
    assert all(values["headcount"] == value for values in found.values())
    assert staleness({"hr": HR._replace(units=())}, []).of("u2", TREE) == {}


def test_of_several_the_least_fresh_counts():
    stale = Staleness((Late("absence", (), MONDAY), Late("employment", ("u2",), FRIDAY)))

    assert stale.of("u1", TREE)["sick_rate"] == MONDAY
    assert stale.of("*", TREE)["sick_rate"] == stale.of("u2", TREE)["sick_rate"] == FRIDAY


def test_a_value_is_stale_of_days_after_the_last_that_was_told_of():
    value = MetricValue(status="final", definition="d", value=1.0)
    monthly = MetricValue(status="final", definition="d", value=1.0, until=date(2025, 2, 28))
    hidden = MetricValue(status="suppressed", definition="d")
    marks = dict.fromkeys(("a", "b", "c"), FRIDAY)

    found = marked({"a": value, "b": monthly, "c": hidden, "d": value}, TUESDAY, marks)

    assert {name: one.fresh_until for name, one in found.items()} == {"a": FRIDAY, "b": None, "c": None, "d": None}
    assert marked({"a": value}, FRIDAY, marks)["a"].fresh_until is None


def weekdays(day: date, *counts: int) -> dict[int, int]:
    """Events on the same weekday before a day, the latest first."""
    return {(day - timedelta(weeks=n)).toordinal(): count for n, count in enumerate(counts, 1)}


def test_a_drop_is_a_fifth_or_less_of_what_is_usual_on_such_a_weekday():
    usual = weekdays(TUESDAY, 100, 90, 110, 100, 100, 5_000, 100, 100) | weekdays(FRIDAY, *[7] * 8)

    told = drop({**usual, TUESDAY.toordinal(): 20}, TUESDAY)

    assert told is not None
    assert (told.day, told.events, told.usual) == (TUESDAY, 20, 100)
    assert drop(usual, TUESDAY) is not None
    assert drop({**usual, TUESDAY.toordinal(): 21}, TUESDAY) is None


@pytest.mark.parametrize(
    ("counts", "day"),
    [
        ([100] * 5, TUESDAY),  # too short a history
        ([9] * 8, TUESDAY),  # too few events
        ([0, 0, 0] + [100] * 5, TUESDAY),
        ([100] * 8, date(2025, 4, 21)),  # Easter Monday
        ([0] * 8, MONDAY),
    ],
)
def test_of_little_history_and_of_holidays_no_drop_is_told(counts: list[int], day: date):
    assert drop(weekdays(day, *counts), day) is None


def test_holidays_are_no_part_of_the_pattern():
    """25 December to 6 January fell on four Wednesdays and Thursdays; what was not worked is not what is usual."""
    thursday = date(2025, 1, 30)
    free = {4: 0, 5: 0}  # 2 January is worked, 26 December is not

    counts = [free.get(n, 50) if n == 5 else 50 for n in range(1, 9)]

    assert drop(weekdays(thursday, *counts), thursday) is not None
