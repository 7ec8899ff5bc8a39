"""Which months lie before and after, whom a measure is compared with, and what else began at the same time."""

from datetime import date
from itertools import pairwise

import pytest
from msgspec.structs import replace

from services.alerts.domain.evaluation.asking import EvaluationError, asked_of, registered
from services.alerts.domain.evaluation.windows import windows
from services.alerts.domain.plan.plan import Evaluate, Length, Plan, Unit
from services.alerts.domain.plan.reading import read

EVALUATE = Evaluate(("leaver_rate",), None, date(2025, 1, 1), (), Length(0, "days"), 3, 2, (), 0.3)
LAST = date(2027, 12, 31)
UNITS = {
    name: Unit(name, name.upper(), path, name == "shut")
    for name, path in {
        "*": ("*",),
        "dep": ("dep", "*"),
        "other": ("other", "*"),
        **{name: (name, "dep", "*") for name in ("a", "b", "c", "d", "shut")},
        "far": ("far", "other", "*"),
        "team": ("team", "a", "dep", "*"),
    }.items()
}


def plan(evaluate: str, beside: str = "", scope: str = "") -> Plan:
    """A plan that evaluates "mentor", with other measures beside it."""
    return read(f"""\
plan: help
{scope}
targets: [{{id: t, metric: agency_share, breach: {{above: 0.2}}}}]
measures:
  - {{id: mentor, owner: head, evaluate: {{metric: leaver_rate, start: 2025-01-01, before: 3m, after: 2m,
     smallest: 0.3{evaluate}}}}}
{beside}""")


@pytest.mark.parametrize(
    ("start", "wash_in", "months"),
    [
        ("2025-01-01", Length(0, "days"), ("2024-10", "2024-12", "2025-01", "2025-02")),
        ("2025-01-15", Length(0, "days"), ("2024-10", "2024-12", "2025-02", "2025-03")),
        ("2025-01-01", Length(31, "days"), ("2024-10", "2024-12", "2025-02", "2025-03")),
        ("2025-01-01", Length(32, "days"), ("2024-10", "2024-12", "2025-03", "2025-04")),
        ("2025-01-01", Length(3, "months"), ("2024-10", "2024-12", "2025-04", "2025-05")),
        ("2024-11-30", Length(3, "months"), ("2024-08", "2024-10", "2025-03", "2025-04")),
    ],
)
def test_months_are_whole_and_none_is_on_both_sides(start: str, wash_in: Length, months: tuple[str, ...]):
    """The month of a start within it, and those washed in, count on neither side."""
    of = replace(EVALUATE, start=date.fromisoformat(start), wash_in=wash_in)
    found = windows(of)
    shown = (found.before[0], found.before[-1], found.after[0], found.after[-1])
    assert tuple(f"{month:%Y-%m}" for month in shown) == months
    assert len(found.before) == 3
    assert len(found.after) == 2
    assert all((later - earlier).days <= 31 for earlier, later in pairwise(found.months))


@pytest.mark.parametrize(
    ("evaluate", "scope", "acted", "compared"),
    [
        (", units: [a]", "", ["a"], ["b", "c", "d"]),
        (", units: [a, b]", "", ["a", "b"], ["c", "d"]),
        (", units: [a], compare: [c, far]", "", ["a"], ["c", "far"]),
        (", units: [a], compare: [dep, team, c]", "", ["a"], ["c"]),
        ("", "scope: {units: [dep]}", ["dep"], ["other"]),
        ("", "", ["*"], []),
    ],
    ids=["siblings", "several", "named", "not what it is part of", "the scope", "everything"],
)
def test_units_are_compared_with_those_beside_them(evaluate: str, scope: str, acted: list[str], compared: list[str]):
    """Open ones, that are no part of a unit with the measure."""
    found = asked_of(plan(evaluate, scope=scope), "mentor", "unchanged", LAST).places(UNITS)
    assert ([one.id for one in found.acted], [one.id for one in found.compared]) == (acted, compared)


def test_unknown_names_are_told():
    """Of a unit, of a measure, and of one that nothing is said of."""
    with pytest.raises(EvaluationError, match='nothing is known of unit "tean"; did you mean "team"'):
        asked_of(plan(", units: [tean]"), "mentor", "unchanged", LAST).places(UNITS)
    with pytest.raises(EvaluationError, match='no measure "mento"; did you mean "mentor"'):
        asked_of(plan(""), "mento", "unchanged", LAST)
    with pytest.raises(EvaluationError, match='does not say how to evaluate "pay"'):
        asked_of(plan("", "  - {id: pay, owner: head}"), "pay", "unchanged", LAST)


@pytest.mark.parametrize(
    ("beside", "told"),
    [
        ("  - {id: pay, owner: o, trial: {from: 2024-12-01, to: 2025-12-31}}", []),
        ("local: {a: {measures: [{id: pay, owner: o, trial: {from: 2024-12-01, to: 2025-12-31}}]}}", ["pay"]),
        ("local: {dep: {measures: [{id: pay, owner: o, trial: {from: 2024-12-01, to: 2025-12-31}}]}}", []),
        ("local: {team: {measures: [{id: pay, owner: o, trial: {from: 2024-12-01, to: 2025-12-31}}]}}", ["pay"]),
        ("local: {a: {measures: [{id: pay, owner: o, trial: {from: 2024-09-01, to: 2025-12-31}}]}}", []),
        ("local: {a: {measures: [{id: pay, owner: o, trial: {from: 2025-03-01, to: 2025-12-31}}]}}", []),
        ("local: {b: {measures: [{id: pay, owner: o, trial: {from: 2024-12-01, to: 2025-12-31}}]}}", []),
        (
            "local: {a: {measures: [{id: pay, owner: o, evaluate: {metric: agency_share, start: 2025-02-28, before: 1m,"
            " after: 1m, smallest: 0.1}}]}}",
            ["pay"],
        ),
    ],
    ids=["everywhere", "here", "above both", "in a part of it", "long before", "afterwards", "elsewhere", "evaluated"],
)
def test_what_else_began_in_the_same_units_is_known(beside: str, told: list[str]):
    """Not what began in all units compared with too: that falls out of a comparison."""
    asking = asked_of(plan(", units: [a]", beside), "mentor", "unchanged", LAST)
    [asked] = asking.each(asking.places(UNITS), {})
    assert asked.others == told


@pytest.mark.parametrize(
    ("where", "told"),
    [("b", ["pay"]), ("team-b", ["pay"]), ("a", []), ("team", []), ("dep", []), ("far", [])],
    ids=["one beside", "below one beside", "here", "below here", "everywhere", "neither"],
)
def test_what_began_in_some_units_beside_is_told_too(where: str, told: list[str]):
    """It moves what is compared with; what began in the same units is a reason not to answer instead."""
    below, away = Unit("team-b", "Team B", ("team-b", "b", "dep", "*")), Unit("far", "Far", ("far", "*"))
    pay = f"local: {{{where}: {{measures: [{{id: pay, owner: o, trial: {{from: 2024-12-01, to: 2025-12-31}}}}]}}}}"
    asking = asked_of(plan(", units: [a]", pay), "mentor", "unchanged", LAST)
    [asked] = asking.each(asking.places({**UNITS, "team-b": below, "far": away}), {})
    assert asked.beside == told


@pytest.mark.parametrize(
    ("began", "told"),
    [(date(2025, 1, 15), ["pay"]), (date(2024, 9, 1), []), (date(2025, 3, 1), []), (None, [])],
)
def test_what_was_reported_to_have_begun_counts_too(began: date | None, told: list[str]):
    """Of a measure that the plan gives no day."""
    beside = "local: {a: {measures: [{id: pay, owner: o}]}}"
    asking = asked_of(plan(", units: [a]", beside), "mentor", "unchanged", LAST)
    [asked] = asking.each(asking.places(UNITS), {"pay": began} if began else {})
    assert asked.others == told


def test_what_was_said_at_the_start_is_compared():
    """Word for word of the evaluation; the rest of a plan may change."""
    now = plan(", units: [a]")
    assert registered(now, "mentor", plan(", units: [a]", "  - {id: pay, owner: head}")) == "unchanged"
    assert registered(now, "mentor", plan(", units: [b]")) == "changed"
    assert registered(now, "mentor", None) == "absent"


@pytest.mark.parametrize(
    ("evaluate", "then", "now", "said"),
    [
        ("", "scope: {units: [dep]}", "scope: {units: [a]}", "changed"),
        ("", "", "scope: {units: [a]}", "changed"),
        ("", "scope: {units: [a]}", "scope: {units: [a], occupations: [nurse]}", "changed"),
        (", units: [a]", "scope: {units: [dep]}", "scope: {units: [a]}", "unchanged"),
        ("", "scope: {units: [b, a]}", "scope: {units: [a, b]}", "unchanged"),
    ],
    ids=["other units", "fewer units", "occupation", "units of its own", "order"],
)
def test_whom_a_plan_is_about_is_said_at_the_start_too(evaluate: str, then: str, now: str, said: str):
    """Where a measure names no units, those of the plan carry it out, and their occupation is what is counted."""
    assert registered(plan(evaluate, scope=now), "mentor", plan(evaluate, scope=then)) == said


@pytest.mark.parametrize(
    ("evaluate", "acted", "compared"),
    [
        (", units: [a, a]", ["a"], ["b", "c", "d"]),
        (", units: [team, a, b]", ["a", "b"], ["c", "d"]),
        (", units: [a], compare: [far, other, b, b]", ["a"], ["other", "b"]),
    ],
    ids=["twice", "within another", "beside"],
)
def test_nobody_is_counted_twice(evaluate: str, acted: list[str], compared: list[str]):
    """Events counted twice would make an interval narrower than the numbers allow."""
    places = asked_of(plan(evaluate), "mentor", "unchanged", LAST).places(UNITS)
    assert [[one.id for one in side] for side in (places.acted, places.compared)] == [acted, compared]
