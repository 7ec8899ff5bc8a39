"""The book: kept up to date by additions, it shows what a new one would."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from hypothesis import given, settings
from hypothesis import strategies as st

from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import ONE
from services.metrics.domain.sums.groups import Group
from services.metrics.domain.sums.periods import month_of
from services.metrics.domain.sums.tree import Tree
from services.metrics.domain.values.book import Book
from services.metrics.domain.values.sheet import published_days
from shared.contracts.catalogue import BY_NAME
from shared.contracts.metrics import HORIZONS, MetricValue
from tests import builders as make
from tests.unit.metrics.folding import Folded, Standing, fold

TODAY = date(2024, 12, 31)
TREE = Tree({"u1": "d", "u2": "d"}, {}, 0)
CELLS = [Cell(u, o) for u in ("u1", "u2", "d") for o in ("o", "p")]

Row = tuple[int, int, int, int]
Values = dict[tuple[Group, int, str], MetricValue]
ROWS = st.lists(
    st.tuples(
        st.integers(0, len(CELLS) - 1),
        st.sampled_from([*Measure, 1_500]),
        st.integers(TODAY.toordinal() - 800, TODAY.toordinal() + 100),
        st.integers(-20, 20).map(lambda n: n * ONE // 2),
    ),
    max_size=12,
)


def book() -> Book:
    """An empty book of the day."""
    return Book(Standing(TREE), TODAY.toordinal(), 365)


def taken(of: Book) -> Values:
    """What changed, value by value."""
    of.tell()
    return {(p.group, p.as_of, name): value for day in of.changed() for p in day for name, value in p.metrics.items()}


def open_to_all(values: Values) -> Values:
    """Without those of health, of which what was told before stays (test_telling.py)."""
    return {key: value for key, value in values.items() if not BY_NAME[key[2]].by_month}


def added(to: Book, rows: Iterable[Row]) -> Book:
    """Facts added, their cells made known as they are met."""
    some = list(rows)
    to.know((n, CELLS[n]) for n in sorted({n for n, *_ in some}))
    to.add(some)
    return to


def of_log(folded: Folded) -> Values:
    """What a book of these facts publishes."""
    numbers = {cell: n for n, cell in enumerate({cell for cell, *_ in folded.facts})}
    made = Book(Standing(folded.tree), TODAY.toordinal(), 365)
    made.know((n, cell) for cell, n in numbers.items())
    made.add([(numbers[cell], m, day, delta) for (cell, m, day), delta in folded.facts.items()])
    return taken(made)


def test_today_comes_last():
    """Whoever hears of a group's today has heard of all its other days, which stand together."""
    kept = added(book(), [(n, Measure.headcount, TODAY.toordinal() - 10, ONE) for n in range(len(CELLS))])
    for turn in (kept, added(kept, [(0, Measure.headcount, TODAY.toordinal() - 10, ONE)])):
        told = [(p.group, p.as_of) for some in turn.changed() for p in some]
        runs = [(group, [day for _, day in days]) for group, days in groupby(told, lambda one: one[0])]
        assert len({group for group, _ in runs}) == len(runs)
        assert all(days[-1] == TODAY.toordinal() and len(days) > 1 for _, days in runs)


def test_on_a_new_day_today_comes_after_all_others():
    """Days that begin are told of apart from those that were told of before."""
    kept = added(book(), [(n, Measure.headcount, TODAY.toordinal() - 60, ONE) for n in range(len(CELLS))])
    taken(kept)
    tomorrow = TODAY.toordinal() + 1
    made = Book(Standing(TREE), tomorrow, 365)
    made.follow(kept)
    added(made, [(n, Measure.headcount, TODAY.toordinal() - 60, ONE) for n in range(len(CELLS))])
    told = [p.as_of == tomorrow for some in made.changed() for p in some]
    assert any(told)
    assert told == sorted(told)


def turned(kept: Book, today: int, rows: list[Row]) -> Book:
    """The book of a later day: the same one within a month, in another month one that follows it."""
    if month_of(today) == month_of(kept.today):
        fresh = kept.ahead(today)
        kept.prepare(fresh, rows)
        kept.turn(today, fresh)
        return kept
    made = Book(Standing(TREE), today, 365)
    made.follow(kept)
    return added(made, rows)


@given(ROWS, ROWS, ROWS, st.integers(1, 40), st.booleans())
@settings(max_examples=40, deadline=None)
def test_a_new_day_comes_to_what_a_new_board_shows(
    early: list[Row], late: list[Row], later: list[Row], days: int, published: bool
):
    """Only what is new or changed is published, and with what was it is all that a new book publishes."""
    kept, told = added(book(), early), dict[tuple[Group, int, str], MetricValue]()
    if published:
        told |= taken(kept)
    added(kept, late)
    today = TODAY.toordinal() + days
    kept = turned(kept, today, [*early, *late])
    again = taken(added(kept, later))
    made = Book(Standing(TREE), today, 365)
    wanted = open_to_all(taken(added(made, [*early, *late, *later])))
    news = {key[1] for key, value in open_to_all(again).items() if told.get(key) != value}
    told |= again
    assert {key: value for key, value in told.items() if key in wanted} == wanted
    if (
        published and days == 1 and not late and not later
    ):  # what is told by month may be news of the day that ended one
        assert news <= {today, *(today + n for n in HORIZONS)}


def test_published_days():
    """Today, the four weeks before it, and 30, 60 and 90 days ahead."""
    today = TODAY.toordinal()
    assert sorted(published_days(today) - today) == [*range(-28, 1), 30, 60, 90]


@given(st.lists(ROWS, max_size=5))
@settings(deadline=None, max_examples=30)
def test_additions_come_to_what_a_new_board_shows(batches: list[list[Row]]):
    """What was published after each of any additions adds up to what a book of all facts publishes."""
    kept, published = book(), Values()
    for rows in batches:
        published |= taken(added(kept, rows))
    published = open_to_all(published)
    fresh = open_to_all(taken(added(book(), [row for rows in batches for row in rows])))
    assert {place: value for place, value in published.items() if place in fresh} == fresh
    assert not published.keys() - fresh.keys()


@given(ROWS)
@settings(deadline=None, max_examples=30)
def test_nothing_new_publishes_nothing(rows: list[Row]):
    """Values that were taken are not given again, also when facts are added that cancel each other."""
    kept = added(book(), rows)
    taken(kept)
    assert taken(kept) == {}
    added(kept, [(n, m, day, -delta) for n, m, day, delta in rows] + rows)
    assert taken(kept) == {}


def test_only_what_changed():
    """A leaver of one unit changes that unit and those above it, from the day it happens."""
    kept = added(book(), [(n, Measure.headcount, TODAY.toordinal() - 400, 20 * ONE) for n in (0, 2)])
    taken(kept)
    left = TODAY.toordinal() - 1
    changed = taken(added(kept, [(0, Measure.headcount, left, -ONE), (0, Measure.leavers_other, left, ONE)]))
    assert {group for group, *_ in changed} == {Group(u, o) for u in ("u1", "d", "*") for o in ("o", "*")}
    assert min(day for _, day, _ in changed) == left
    assert "caseload" not in {name for *_, name in changed}


def people(count: int) -> list[make.Event]:
    """As many people, employed for long."""
    return [make.employment_started(f"p{n}", "2022-01-01") for n in range(count)]


def sick_rates(*events: make.Event) -> dict[int, str]:
    """The status of the unit's sick rate on each published day, by days from today."""
    values = of_log(fold(*events))
    return {
        day - TODAY.toordinal(): value.status
        for (group, day, name), value in values.items()
        if group == Group("u1", "*") and name == "sick_rate"
    }


def test_each_day_is_suppressed_by_its_months():
    """Eleven people of whom one left in December: the months up to November may be told; if it was in November, not."""
    for left, shown in (("2024-12-01", {*range(-28, 1)}), ("2024-11-29", set())):
        statuses = sick_rates(*people(11), make.employment_ended("p0", left))
        assert {day for day, status in statuses.items() if status == "final"} == shown


def test_nothing_is_told_of_health_ahead():
    """Of no day that has not come."""
    statuses = sick_rates(*people(40))
    assert {day for day, status in statuses.items() if status == "suppressed"} == set(HORIZONS)


def test_a_group_that_grew_is_suppressed_for_a_year():
    """Eleven people of whom one joined a month ago: every window of a year tells of days when they were ten."""
    statuses = sick_rates(*people(10), make.employment_started("new", "2024-11-25"))
    assert set(statuses.values()) == {"suppressed"}
    assert len(statuses) == len(published_days(0))


def test_a_resignation_is_seen_ahead():
    """Someone who leaves in six weeks is a leaver 60 days ahead and not 30."""
    values = of_log(fold(*people(12), make.employment_ended("p0", "2025-02-14")))
    leavers = {
        day - TODAY.toordinal(): value.numerator
        for (group, day, name), value in values.items()
        if group == Group("u1", "*") and name == "leaver_rate_own_request" and day > TODAY.toordinal()
    }
    assert leavers == {30: 0, 60: 1, 90: 1}
