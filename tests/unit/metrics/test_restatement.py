"""How values of days that had passed were restated, and why."""

from datetime import date

import numpy as np
import pytest

from services.metrics.domain.facts.cause import DETAILED, Cause, Late, Source, StoredCause, causes, late
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.feeds import FEEDS, TOLD
from services.metrics.domain.facts.measures import FIRST_PAY_BIN, Measure, family
from services.metrics.domain.facts.rules import CAUSE
from services.metrics.domain.facts.tally import ONE, Tally
from services.metrics.domain.record.memory import Memory, by_subject
from services.metrics.domain.sums.catalogue import FORMULAS
from services.metrics.domain.sums.kernels import Deltas, Sums
from services.metrics.domain.values.restatement import ChangeAt, changes, states, value_changes
from shared.contracts.catalogue import BY_NAME, METRICS, Metric
from shared.contracts.events import TYPES
from tests import builders as make
from tests.unit.metrics.corpus import CORPUS
from tests.unit.metrics.folding import received

DAY = date(2024, 4, 1).toordinal()
DAYS = np.arange(DAY, DAY + 3)
HEADCOUNT = BY_NAME["headcount"]
HERE, THERE = Cell("u", "o"), Cell("v", "o")

Row = tuple[int, int, int, int]


def summed(*rows: Row) -> Sums:
    """The sums of states 0–2, from (state, measure, day, whole amount)."""
    table = np.array([(state, measure, day, amount * ONE) for state, measure, day, amount in rows], np.int64)
    return states(Deltas(*table.T), 3, DAYS, 365, 140.0)


KNOWN = summed((0, Measure.headcount, DAY - 9, 12), (1, Measure.headcount, DAY + 1, -1), (2, Measure.fte, DAY, 1))
PASSED = np.array([DAY, DAY + 2, DAY + 9])[:, np.newaxis] > DAYS


def test_changes_of_days_that_had_passed():
    """A leaver of the second day who is known of on the third changes the second; the third is not over."""
    assert changes(HEADCOUNT, KNOWN, PASSED) == [ChangeAt(1, 1)]


def test_each_state_adds_to_those_before():
    """Later states hold what earlier ones did."""
    assert KNOWN.level(Measure.headcount).tolist() == [[12, 12, 12], [12, 11, 11], [12, 11, 11]]


def test_before_and_after():
    """A change is told with both values."""
    [change] = value_changes(HEADCOUNT, KNOWN, [ChangeAt(1, 1)])
    assert (change.before.value, change.after.value) == (12, 11)


def test_a_value_that_does_not_change_is_no_revision():
    """What a batch adds to other measures changes nothing."""
    assert [place for place in changes(HEADCOUNT, KNOWN, PASSED) if place.state == 2] == []


STARTED, ENDED, ABSENT = "hr.employment.started.v1", "hr.employment.ended.v1", "hr.absence.started.v1"


def source(*types: str, cell: Cell = HERE, measure: int = Measure.headcount, day: int = DAY) -> Source:
    """A subject whose events changed one fact."""
    tally = Tally()
    tally.point(cell, measure, day)
    return Source(types, tally)


def test_causes_of_a_small_batch():
    """Each subject's events are kept with what they changed, and from when on."""
    found = causes([source(STARTED, STARTED, ENDED), source(ENDED, cell=THERE, day=DAY - 3)], 4)
    here, there = (frozenset({cell}) for cell in (HERE, THERE))
    measures = frozenset({Measure.headcount})
    assert found == [
        Cause(STARTED, 2, DAY, here, measures),
        Cause(ENDED, 1, DAY, here, measures),
        Cause(ENDED, 1, DAY - 3, there, measures),
    ]


def test_causes_of_a_large_batch():
    """While a log is loaded, a line for each type of event is kept."""
    many = [source(STARTED, day=DAY + n) for n in range(DETAILED)]
    wanted = [Cause(STARTED, DETAILED, DAY), Cause(ENDED, 1, DAY)]
    assert causes([*many, source(ENDED)], DETAILED + 1) == wanted


def test_events_that_changed_nothing_are_no_cause():
    """A repeat, and what is taken back at once, leave no cause."""
    assert causes([Source([STARTED], Tally())], 1) == []


BIN = FIRST_PAY_BIN + 7


@pytest.mark.parametrize(
    ("kept", "found"),
    [
        (StoredCause(STARTED, 2, DAY, [1], [Measure.headcount]), [Late(STARTED, 2, 5, certain=True)]),
        (StoredCause(STARTED, 2, DAY, [9], [Measure.headcount]), []),
        (StoredCause(STARTED, 2, DAY, [1], [Measure.fte]), []),
        (StoredCause(STARTED, 2, DAY + 1, [1], [Measure.headcount]), []),
        (StoredCause(STARTED, 2, DAY, [1], [BIN]), [Late(STARTED, 2, 5, certain=True)]),
        (StoredCause(STARTED, 800, DAY - 100, None, None), [Late(STARTED, 800, 105, certain=False)]),
    ],
    ids=["here", "of another group", "of another measure", "of later days", "of a bin of pay", "of a large batch"],
)
def test_what_can_have_changed_a_value(kept: StoredCause, found: list[Late]):
    """Events of the group and of what the metric is made of, from the first day they changed to when they came in."""
    assert late([kept], {1, 2}, {Measure.headcount, FIRST_PAY_BIN}, DAY, DAY + 5) == found


def test_causes_of_a_type_are_one():
    """Several events of a type are counted together, and are as late as the latest of them."""
    kept = [StoredCause(STARTED, 1, DAY - n, [1], [Measure.headcount]) for n in range(3)]
    assert late(kept, {1}, {Measure.headcount}, DAY, DAY + 5) == [Late(STARTED, 3, 7, certain=True)]


def of_one_batch(*events: make.Event) -> list[Source]:
    """What a batch comes to, subject by subject."""
    found = []
    for subject, arrivals in by_subject(map(received, events)).items():
        tally = Tally()
        Memory().fold({subject: arrivals}, tally)
        found.append(Source([one.entry.type for one in arrivals], tally))
    return found


@pytest.mark.parametrize("size", [2, DETAILED + 1], ids=["small", "large"])
@pytest.mark.parametrize("ill", ["ada", "ben"], ids=["who started", "somebody else"])
@pytest.mark.parametrize("metric", [m for m in METRICS if not m.by_month], ids=lambda metric: metric.name)
def test_an_absence_is_no_cause_that_is_told(metric: Metric, ill: str, size: int):
    """Who started and who fell ill came in together, in the same cells: only the start is told, and since when."""
    started = [make.employment_started(who, "2024-03-01", case_holder=True, monthly_pay=40_000) for who in (ill, "ada")]
    found = causes(of_one_batch(*started, make.absence_started(ill, "a", "2024-03-05")), size)
    kept = [StoredCause(one.type, one.events, one.first, one.cells and [1], one.measures) for one in found]
    read = {measure for measure, _ in FORMULAS[metric.name].reads}
    told_of = late(kept, {1}, read, DAY + 400, DAY + 401)
    assert {one.type for one in told_of} <= {STARTED}
    assert {one.days for one in told_of} <= {DAY + 401 - date(2024, 3, 1).toordinal()}


def test_an_absence_kept_by_an_earlier_release_is_not_told():
    """Also where a batch remembers that it changed everything."""
    everything = [StoredCause(ABSENT, 1, DAY, [1], [Measure.headcount]), StoredCause(ABSENT, 800, DAY, None, None)]
    assert late(everything, {1}, {Measure.headcount, Measure.study_fte}, DAY, DAY + 5) == []


def test_a_day_of_illness_is_not_told_by_another_event():
    """Ill in March, and another post in May, told of together: the change of post is as late as May."""
    known = make.employment_started("ada", "2022-01-01"), make.employment_started("ada", "2022-01-01", employment="x")
    memory = Memory()
    memory.fold(by_subject(map(received, known)), Tally())
    tally = Tally()
    news = make.absence_started("ada", "a", "2024-03-05"), make.employment_changed("ada", "2024-05-01", unit="u2")
    memory.fold(by_subject(map(received, news)), tally)
    found = causes([Source([ABSENT, "hr.employment.changed.v1"], tally)], 2)
    assert [(one.type, one.first) for one in found] == [("hr.employment.changed.v1", date(2024, 5, 1).toordinal())]


def test_rules_of_a_release_are_a_cause_of_anything():
    """What is counted anew by other rules may have changed whatever is told."""
    [told_of] = late([StoredCause(CAUSE.format(2), 0, DAY, None, None)], {1}, {Measure.incidents}, DAY, DAY)
    assert told_of.type == "stadga.rules.v2"


def test_every_metric_can_be_told_causes_of():
    """What metrics are made of that is not health is fed by some type; absences alone feed what has none."""
    read = {measure for m in METRICS if not m.by_month for measure, _ in FORMULAS[m.name].reads}
    assert read - TOLD == {Measure.study_fte, Measure.study_quarter_fte}
    assert FEEDS.keys() == TYPES.keys()


@pytest.mark.parametrize("subject", sorted(by_subject(map(received, CORPUS))))
def test_events_change_what_their_types_feed(subject: str):
    """Of a log with something of everything, no subject's events change what none of their types is said to feed."""
    arrivals = by_subject(map(received, CORPUS))[subject]
    tally = Tally()
    Memory().fold({subject: arrivals}, tally)
    changed = {family(measure) for _, measure, _ in tally.deltas} & TOLD
    assert changed <= frozenset().union(*(FEEDS[one.entry.type] for one in arrivals if one.entry.type in FEEDS))
