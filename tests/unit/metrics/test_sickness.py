"""The yearly disclosure of sickness absence, worked out by hand."""

from datetime import date, timedelta

import pytest

from cli.offline.reporting.sickness import disclose
from services.metrics.domain.reports.sickness import DisclosureError
from shared.contracts.sickness import Disclosure, Figure
from tests import builders as make
from tests.unit.metrics.folding import fold

LATER = "2027-01-01"
WELL = 11
"""So many colleagues who are never sick make a group large enough to be shown."""


def staff(count: int, kind: str = "c", **fields: object) -> list[make.Event]:
    """Permanent employees who are never sick."""
    return [make.employment_started(f"{kind}{n}", "2024-01-01", **fields) for n in range(count)]


def sick(first: str, last: str | None = None, absence: str = "a", person: str = "p", **fields: object) -> make.Event:
    """A sick employee."""
    known = {"last_day": last} if last else {}
    return make.absence_started(person, absence, first, fields.pop("kind", "sick"), **known, **fields)


def disclosed(events: list[make.Event], year: int = 2025, as_of: str = LATER, unit: str = "*") -> Disclosure:
    """The disclosure of what these events say."""
    folded = fold(*events)
    return disclose(folded.rows, folded.memory.definitions, year, unit, date.fromisoformat(as_of))


def figures(report: Disclosure) -> dict[str, Figure]:
    """The figures by name."""
    return {figure.name: figure for figure in report.figures}


def of_one(*events: make.Event, year: int = 2025, as_of: str = LATER, unit: str = "*") -> Figure:
    """The long spells of one employee among colleagues who are never sick."""
    employed = make.employment_started("p", "2024-01-01", employment="j")
    return figures(disclosed([*staff(WELL), employed, *events], year, as_of, unit))["long_spells"]


def test_share_of_ordinary_working_time():
    """The first figure is sick time of the working time of all; leave is not working time."""
    events = [*staff(WELL), make.employment_started("p", "2024-01-01"), sick("2025-03-01", "2025-03-10", extent=0.5)]
    events.append(sick("2025-07-01", "2025-08-31", "b", kind="parental"))
    found = figures(disclosed(events))["all_staff"]
    assert (found.sick_days, found.of_days) == (5, 12 * 365 - 62)
    assert found.value == 5 / (12 * 365 - 62)


def test_leap_year():
    """A leap year has 366 days of working time."""
    assert figures(disclosed(staff(12), 2024))["all_staff"].of_days == 12 * 366


@pytest.mark.parametrize(("last", "long"), [("2025-04-28", 0), ("2025-04-29", 60), ("2025-04-30", 61)])
def test_a_spell_of_sixty_days_counts_whole(last: str, long: int):
    """A spell of 59 days is not long; one of 60 is, with all of its days."""
    assert of_one(sick("2025-03-01", last)).sick_days == long


@pytest.mark.parametrize(
    ("last", "this_year", "next_year"),
    [("2026-01-28", 0, 0), ("2026-01-29", 31, 29), ("2026-02-28", 31, 59)],
)
def test_a_spell_over_new_year(last: str, this_year: int, next_year: int):
    """Its length is that of both years together; each year counts the days that fell in it."""
    spell = sick("2025-12-01", last)
    assert of_one(spell, year=2025).sick_days == this_year
    assert of_one(spell, year=2026).sick_days == next_year


@pytest.mark.parametrize(("as_of", "long"), [("2025-12-31", 0), ("2026-01-30", 0), ("2026-01-31", 31), (LATER, 31)])
def test_an_open_spell_is_long_once_it_is(as_of: str, long: int):
    """While nobody knows how a spell goes on, it is long once the month has passed in which it has lasted 60 days."""
    assert of_one(sick("2025-12-01"), as_of=as_of).sick_days == long


def test_a_change_of_extent():
    """The same spell at another extent: its length goes on, its time follows the extent."""
    half = make.absence_changed("p", "a", "2025-03-31", 0.5)
    assert of_one(sick("2025-03-01", "2025-04-29"), half).sick_days == 30 + 30 * 0.5


def test_two_adjacent_absences():
    """They are one spell; with a day between, two."""
    first = sick("2025-03-01", "2025-03-30")
    assert of_one(first, sick("2025-03-31", "2025-04-29", "b")).sick_days == 60
    assert of_one(first, sick("2025-04-01", "2025-05-10", "b")).sick_days == 0


def test_part_time():
    """An employee on 75 % is sick three quarters of each day."""
    employed = make.employment_started("q", "2024-01-01", fte=0.75)
    found = figures(disclosed([*staff(WELL), employed, sick("2025-03-01", "2025-04-29", person="q")]))
    assert found["long_spells"].sick_days == 60 * 0.75
    assert found["all_staff"].of_days == (WELL + 0.75) * 365


def test_parental_leave_on_top():
    """Leave comes first: half on leave and sick all of the rest is half a day each day, and the spell goes on."""
    leave = sick("2025-03-16", "2025-12-31", "b", kind="parental", extent=0.5)
    assert of_one(sick("2025-03-01", "2025-04-29"), leave).sick_days == 15 + 45 * 0.5


def test_full_leave_ends_the_spell():
    """Who is wholly on leave is not sick: what comes after is another spell."""
    leave = sick("2025-03-31", "2025-03-31", "b", kind="leave")
    assert of_one(sick("2025-03-01", "2025-05-15"), leave).sick_days == 0


def test_a_move_during_the_spell():
    """Each unit has the days that were in it, of a spell that is long in both together."""
    moved = make.employment_changed("p", "2025-03-21", employment="j", unit="u2")
    others = staff(WELL, "d", unit="u2")
    spell = sick("2025-03-01", "2025-04-29")
    assert of_one(spell, moved, *others, unit="u1").sick_days == 20
    assert of_one(spell, moved, *others, unit="u2").sick_days == 40


def test_age_at_the_end_of_the_year():
    """Who turns 30 in the year is 30 all of it."""
    young, older = staff(WELL, "y", born=1996), staff(WELL, "o", born=1995)
    found = figures(disclosed([*young, *older]))
    assert found["up_to_29"].of_days == found["from_30_to_49"].of_days == WELL * 365


def test_women_and_men():
    """Each gender's sick time is of its own working time."""
    women, men = staff(WELL, "w", gender="f"), staff(WELL, "m", gender="m")
    found = figures(disclosed([*women, *men, sick("2025-03-01", "2025-03-11", person="w0")]))
    assert (found["women"].sick_days, found["men"].sick_days) == (11, 0)
    assert found["women"].value == 11 / (WELL * 365)


def test_what_is_unknown_is_a_group_of_its_own():
    """Employees of unknown gender and age are shown apart; groups without anybody are not, but for the statute's."""
    found = figures(disclosed([*staff(WELL, gender="f", born=1980), *staff(WELL, "u")]))
    assert found["unknown_gender"].of_days == found["unknown_age"].of_days == WELL * 365
    assert "other_gender" not in found
    assert found["men"].status == "not_applicable"


def test_ten_or_fewer_are_hidden():
    """Nothing is said of a group of at most ten, nor of the next smallest: the rest of all staff would be theirs."""
    women, men = staff(40, "w", gender="f"), staff(10, "m", gender="m")
    found = figures(disclosed([*women, *men, *staff(20, "x", gender="x"), sick("2025-03-01", person="m0")]))
    men_hidden, other = found["men"], found["other_gender"]
    assert (men_hidden.status, men_hidden.reason, men_hidden.sick_days) == ("suppressed", "few", None)
    assert (other.status, other.reason, other.of_days) == ("suppressed", "subtraction", None)
    assert found["women"].status == "final"


def test_two_small_groups_hide_each_other():
    """Where the hidden are more than ten together, nothing else has to be hidden."""
    found = figures(disclosed([*staff(40, "w", gender="f"), *staff(6, "m", gender="m"), *staff(5, "x", gender="x")]))
    assert [found[name].status for name in ("women", "men", "other_gender")] == ["final", "suppressed", "suppressed"]


def test_two_small_groups_that_are_ten_together():
    """Where they are ten at most, they would be found together: the next smallest is hidden too."""
    found = figures(disclosed([*staff(40, "w", gender="f"), *staff(6, "m", gender="m"), *staff(4, "x", gender="x")]))
    assert {found[name].status for name in ("women", "men", "other_gender")} == {"suppressed"}


def test_a_small_unit_has_no_figures():
    """Of a unit of at most ten nothing is shown."""
    report = disclosed([*staff(10, unit="u2"), *staff(20)], unit="u2")
    assert {figure.reason for figure in report.figures if figure.status != "not_applicable"} == {"few"}
    assert all(figure.value is None and not figure.of_days for figure in report.figures)


def test_a_small_unit_is_not_the_rest_of_its_department():
    """Beside a unit of at most ten the next smallest has no figures either: the department's less all others is its."""
    tree = [make.unit_defined(unit, parent="d") for unit in ("u1", "u2", "u3")]
    people = [*staff(30, "a"), *staff(20, "b", unit="u2"), *staff(5, "c", unit="u3")]
    reasons = {
        unit: figures(disclosed([*tree, *people], unit=unit))["all_staff"].reason for unit in ("d", "u1", "u2", "u3")
    }
    assert reasons == {"d": None, "u1": None, "u2": "subtraction", "u3": "few"}


@pytest.mark.parametrize("leave_on", ["2025-12-30", "2025-06-30"])
def test_employees_on_average_and_at_the_end(leave_on: str):
    """A group is too small if it was on average, or is on the last day."""
    gone = [make.employment_ended(f"c{n}", leave_on) for n in range(2)]
    assert figures(disclosed([*staff(12), *gone]))["all_staff"].status == "suppressed"
    joined = [make.employment_started(f"j{n}", "2025-12-01") for n in range(10)]
    assert figures(disclosed([*staff(3), *joined]))["all_staff"].status == "suppressed"


def test_a_year_that_is_not_over():
    """It is preliminary, and covers the days until the one it is asked for."""
    report = disclosed([*staff(12), sick("2025-06-25", person="c0")], as_of="2025-06-30")
    assert (report.preliminary, report.first, report.last) == (True, date(2025, 1, 1), date(2025, 6, 30))
    found = figures(report)["all_staff"]
    assert (found.sick_days, found.of_days) == (6, 12 * 181)


def test_a_year_that_is_over():
    """The last day of the year makes it whole."""
    report = disclosed(staff(12), as_of="2025-12-31")
    assert (report.preliminary, report.last) == (False, date(2025, 12, 31))


def test_units_are_where_they_were_at_the_end_of_the_year():
    """A reorganisation after the year does not change the year's departments."""
    tree = [make.unit_defined("u1", parent="d1"), make.unit_defined("u1", "2026-01-01", parent="d2")]
    assert figures(disclosed([*tree, *staff(12)], unit="d1"))["all_staff"].status == "final"
    with pytest.raises(DisclosureError, match="nobody"):
        disclosed([*tree, make.unit_defined("d2"), *staff(12)], unit="d2")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"year": 1899}, "1899 is not a year between 1900 and 2200"),
        ({"year": 2201}, "2201 is not a year between 1900 and 2200"),
        ({"year": 2027, "as_of": "2026-12-31"}, "2027 has not begun on 2026-12-31: nothing is known of it"),
        ({"year": 2023}, "nobody is known to have been employed between 2023-01-01 and 2023-12-31"),
        ({"unit": "u11"}, "no unit 'u11' is known; did you mean 'u1'?"),
        ({"unit": "u1", "year": 2023}, "nobody is known to have been employed in unit 'u1' between"),
    ],
)
def test_nothing_to_disclose(asked: dict[str, object], said: str):
    """Why there is no disclosure is said in a sentence."""
    with pytest.raises(DisclosureError) as raised:
        disclosed(staff(12), **asked)
    assert str(raised.value).startswith(said)


def test_parts_add_up():
    """The groups by gender, and those by age, have the time of all staff between them."""
    everyone = [*staff(20, "w", gender="f", born=1990), *staff(20, "m", gender="m", born=1960), *staff(20)]
    ill = [sick((date(2024, 11, 1) + timedelta(days=17 * n)).isoformat(), person=f"w{n}") for n in range(20)]
    found = figures(disclosed([*everyone, *ill]))
    for names in (("women", "men", "unknown_gender"), ("from_30_to_49", "from_50", "unknown_age")):
        assert sum(found[name].sick_days or 0 for name in names) == found["all_staff"].sick_days
        assert sum(found[name].of_days or 0 for name in names) == found["all_staff"].of_days
