"""Since when what is told is known, and what that means to a value."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.metrics.domain.coverage.coverage import NEVER, Coverage
from services.metrics.domain.coverage.kinds import KIND_OF_TYPE, KINDS, KINDS_OF_MEASURE, Kind
from services.metrics.domain.facts.measures import FIRST_ENTRY_BIN, FIRST_PAY_BIN, Measure
from services.metrics.domain.facts.reported import Firsts, Reported, merged, reported
from services.metrics.domain.record.incoming import read
from services.metrics.domain.sums.groups import Group, Roster
from services.metrics.domain.sums.periods import USUAL, told_of
from services.metrics.domain.sums.tree import Tree, Trees
from services.metrics.domain.values.answer import AnswerDays, answer
from services.metrics.domain.values.book import Book
from shared.contracts import envelope
from shared.contracts.catalogue import BY_NAME
from shared.contracts.event_types import EMPLOYMENT_ENDED, EMPLOYMENT_STARTED
from shared.contracts.events import TYPES
from shared.contracts.metrics import ALL, MetricValue
from tests import builders as make
from tests.unit.metrics.folding import fold

TREE = Tree({"u1": "d", "u2": "d"}, {}, {})
STARTED = date(2024, 1, 15)


def firsts(events: Iterable[make.Event]) -> dict[Reported, int]:
    """What events say of their sources."""
    decoded = [envelope.decode(make.encoded(event)) for event in events]
    arrivals = [read(make.encoded(event)) for event in events]
    told = (reported(event, one.told.data) for event, one in zip(decoded, arrivals, strict=True) if one)
    return merged(one for some in told for one in some)


def known(told: Firsts, kind: Kind, unit: str = ALL) -> date | None:
    """Since when a kind is known of a unit with all below it."""
    day = int(Coverage(told).of_subtrees({"u1", "u2"}, TREE)[unit][KINDS.index(kind)])
    return date.fromordinal(day) if day < NEVER else None


def people(count: int = 20, unit: str = "u1", time: str = f"{STARTED}T08:00:00Z", **more: object) -> list[make.Event]:
    """A register of staff who came long ago."""
    return [make.employment_started(f"{unit}{n}", "2010-01-01", unit, time=time, **more) for n in range(count)]


def values(events: Sequence[make.Event], metric: str, *days: date) -> list[MetricValue]:
    """A metric of all staff, as of days."""
    folded = fold(*events)
    roster, trees = Roster(TREE), Trees({})
    asked = np.array([day.toordinal() for day in days])
    periods = told_of(asked, 365, USUAL, int(asked.max()) + 1)
    found = answer(folded.rows, roster, trees, TREE, AnswerDays(asked, 365, periods), 0, Coverage(firsts(events)))
    row = found.groups.index(Group(ALL))
    return found.values([BY_NAME[metric]], np.full(len(days), row), np.arange(len(days)), unlimited=True)[metric]


def test_every_type_and_every_measure_has_a_kind():
    """All but what no value is made of."""
    assert set(KIND_OF_TYPE) == {type_ for type_ in TYPES if not type_.startswith(("hr.unit.", "plan."))}
    assert set(KINDS_OF_MEASURE) == {*Measure, FIRST_PAY_BIN, FIRST_ENTRY_BIN}


def test_a_register_knows_who_is_there_and_not_who_left():
    """Since its day; of ends, nothing until there is one, and then since the register's day too."""
    register = people()
    assert known(firsts(register), Kind.EMPLOYMENT) == STARTED
    assert known(firsts(register), Kind.LEAVING) is None
    left = make.employment_ended("u11", "2024-03-31")
    assert known(firsts([*register, left]), Kind.LEAVING) == STARTED


def test_what_a_source_says_itself_holds():
    """Earlier or later than its events were recorded; of several days the earliest."""
    for said in ("2019-05-01", "2024-06-01"):
        told = firsts([*people(knownfrom=said, time="2024-07-01T08:00:00Z"), *people(unit="u2")])
        assert known(told, Kind.EMPLOYMENT) == date.fromisoformat(said)
    both = [*people(1, knownfrom="2020-01-01"), *people(2, knownfrom="2018-01-01")]
    assert known(firsts(both), Kind.EMPLOYMENT) == date(2018, 1, 1)


def test_a_unit_that_is_imported_later_is_known_later():
    """What a source says of a unit itself holds of that unit: nobody is known to have left it before."""
    told = firsts([*people(knownfrom="2020-01-01"), *people(unit="u2", knownfrom="2024-11-29")])
    since = {unit: known(told, Kind.EMPLOYMENT, unit) for unit in ("u1", "u2", "d")}
    assert since == {"u1": date(2020, 1, 1), "u2": date(2024, 11, 29), "d": date(2024, 11, 29)}


@pytest.mark.parametrize(
    ("detail", "kind", "metric"),
    [
        ({"grade": "trainee"}, Kind.GRADE, "trainee_share"),
        ({"hired_from": "referral"}, Kind.ROUTE, "referral_joiners"),
    ],
)
def test_what_is_usual_may_be_what_nobody_tells(detail: dict[str, str], kind: Kind, metric: str):
    """Whoever leaves out grades, or where people came from, has told of none; who tells of one, of all."""
    day = STARTED + timedelta(days=400)
    assert known(firsts(people()), kind) is None
    assert values(people(), metric, day)[0].status == "not_reported"
    log = [*people(), *people(1, "u2", **detail)]
    assert known(firsts(log), kind) == STARTED
    assert values(log, metric, day)[0].status == "final"


def test_who_tells_of_sickness_may_not_tell_of_studies():
    """A study is an absence, and many a system has none of them."""
    ill, studies = (make.absence_started("u11", k, f"{STARTED}", kind=k) for k in ("sick", "study"))
    assert known(firsts([*people(), ill]), Kind.STUDY) is None
    assert known(firsts([*people(), ill, studies]), Kind.STUDY) == STARTED


def test_a_sum_is_known_once_all_of_it_is():
    """Two sources, each of its own unit: the department, and all staff, since the later."""
    later = people(unit="u2", time="2025-02-01T08:00:00Z", source="another")
    told = firsts([*people(), *later])
    since = {unit: known(told, Kind.EMPLOYMENT, unit) for unit in ("u1", "u2", "d", ALL)}
    assert since == {"u1": STARTED, "u2": date(2025, 2, 1), "d": date(2025, 2, 1), ALL: date(2025, 2, 1)}


def test_a_new_unit_of_a_known_source_is_known_since_the_source_is():
    """Nobody was there before; that is known."""
    told = firsts([*people(), *people(1, "u2", time="2025-02-01T08:00:00Z")])
    assert known(told, Kind.EMPLOYMENT, "u2") == STARTED


def test_who_tells_of_no_unit_tells_of_all():
    """An absence names none."""
    told = firsts([*people(), make.absence_started("u11", "a", "2024-05-01", source="time system")])
    assert {known(told, Kind.ABSENCE, unit) for unit in ("u1", "u2", ALL)} == {date(2024, 5, 1)}


EVENTS = [
    *people(2),
    *people(2, "u2", source="b", time="2023-01-01T08:00:00Z"),
    *people(1, "u2", source="b", knownfrom="2022-01-01"),
    make.employment_ended("u10", "2024-02-01"),
    make.absence_started("u10", "a", "2024-01-20"),
    make.incident_reported("u1", "2024-01-20"),
]


@given(st.lists(st.lists(st.sampled_from(EVENTS), max_size=4), max_size=6), st.randoms())
def test_neither_order_nor_repeats_matter(batches: list[list[make.Event]], chance: object):
    """However events are cut into batches, mixed and repeated, and whenever they are looked at in between."""
    coverage = Coverage({})
    for batch in batches:
        coverage = coverage.joined(firsts(batch))
    mixed = [event for batch in batches for event in batch]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    found, wanted = (one.of_subtrees({"u1", "u2"}, TREE) for one in (coverage, Coverage(firsts(mixed))))
    assert {unit: days.tolist() for unit, days in found.items()} == {u: days.tolist() for u, days in wanted.items()}


def test_a_level_is_known_from_the_day_on():
    """The day before has no number, and says since when there is one."""
    before, on = values(people(), "headcount", STARTED - timedelta(1), STARTED)
    assert before == MetricValue(
        status="incomplete", definition=before.definition, known_from=STARTED, complete_from=STARTED
    )
    assert (on.status, on.value, on.known_from) == ("final", 20, None)


def test_a_window_is_known_once_it_lies_behind_the_day():
    """365 days, the first of which is the day itself."""
    log = [*people(), make.employment_ended("u11", "2024-03-31")]
    complete = STARTED + timedelta(364)
    before, on = values(log, "leaver_rate", complete - timedelta(1), complete)
    assert (before.status, before.value, before.numerator, before.denominator) == ("incomplete", None, None, None)
    assert (before.known_from, before.complete_from) == (STARTED, complete)
    assert (on.status, on.numerator) == ("final", 1)


def test_a_lag_is_known_a_year_later():
    """Who was there 365 days before has to be known."""
    before, on = values(people(), "stability", STARTED + timedelta(364), STARTED + timedelta(365))
    assert (before.status, on.status) == ("incomplete", "final")


def test_health_is_known_from_the_first_whole_month_on():
    """The middle of January is known, all of it from February on: twelve whole months have passed with January."""
    log = [*people(), make.absence_started("u11", "a", f"{STARTED}", last_day="2024-02-01", employment=None)]
    before, on = values(log, "sick_rate", date(2025, 1, 30), date(2025, 1, 31))
    assert (before.status, before.complete_from) == ("incomplete", date(2025, 1, 31))
    assert (on.status, on.until) == ("final", date(2025, 1, 31))


@pytest.mark.parametrize("metric", ["leaver_rate", "sick_rate", "agency_share", "vacancy_rate", "pulse_score"])
def test_what_nobody_reports_is_not_zero(metric: str):
    """Nor is there nothing to divide by: there is no source."""
    [value] = values(people(), metric, date(2030, 1, 1))
    assert value == MetricValue(status="not_reported", definition=BY_NAME[metric].definition)


def test_a_board_tells_of_what_turns_out_to_be_known():
    """Without any fact that is other: a source says that it tells of an earlier time."""
    folded, today = fold(*people()), STARTED + timedelta(10)
    book = Book(Trees({}), today.toordinal(), 365)
    cells = {cell: n for n, cell in enumerate(sorted({place[0] for place in folded.facts}))}
    book.know((n, cell) for cell, n in cells.items())
    book.cover(firsts(people()))
    book.add([(cells[cell], measure, day, delta) for (cell, measure, day), delta in folded.facts.items()])
    book.tell()

    def told() -> dict[str, str]:
        return {
            name: value.status
            for day in book.changed()
            for one in day
            if (one.group, one.as_of) == (Group(ALL), today.toordinal())
            for name, value in one.metrics.items()
        }

    at_first = told()
    assert {name: at_first[name] for name in ("headcount", "stability", "leaver_rate", "caseload")} == {
        "headcount": "final",
        "stability": "incomplete",
        "leaver_rate": "not_reported",
        "caseload": "not_reported",
    }
    assert told() == {}
    book.cover({Reported("hr-system", type_, "", declared=True): 1 for type_ in (EMPLOYMENT_STARTED, EMPLOYMENT_ENDED)})
    after = told()
    assert (after["stability"], after["leaver_rate"]) == ("final", "final")
    assert not {"headcount", "caseload"} & set(after)
