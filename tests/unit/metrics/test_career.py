"""What a change of an employment moves of all that leans on the career, and what it leaves alone."""

from datetime import date

import msgspec
import pytest

from services.metrics.domain.facts.career import Career, first_difference
from services.metrics.domain.facts.cell import FOREVER
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.fold import fold as folding
from services.metrics.domain.record.record import JOB, Part
from services.metrics.domain.record.working import Need
from tests import builders as make
from tests.unit.metrics.folding import changes, fold, fold_batches, received

RISE = make.employment_changed("p", "2024-03-10", monthly_pay=40_000)
LEANING = (
    make.caseload_reported("p", "2024-02-01", 20, points=180),
    make.time_reported("p", "2024-03-01", "2024-03-31", 150, overtime_hours=210),
    make.absence_started("p", "a", "2024-01-10", extent=0.5),
    make.absence_started("p", "b", "2024-03-08", kind="study", extent=0.25),
    make.milestone_reached("p", "mentor_assigned", "2024-01-05"),
    make.milestone_reached("p", "check_in_held", "2024-03-05"),
    make.bonus_paid("p", "2024-03-20"),
)


def started(form: str = "permanent") -> make.Event:
    """Somebody who is employed."""
    return make.employment_started("p", "2024-01-01", form=form, monthly_pay=38_000)


def career(*events: make.Event) -> Career:
    """As it is stored."""
    row = fold(*events).memory.rows["person/p"][JOB]
    found = msgspec.msgpack.decode(row.body, type=Part).career
    assert found is not None
    return found


def asked(later: make.Event, *earlier: make.Event) -> list[Need]:
    """What a fold of an event wants to see of what lies by day in a record that holds others."""
    memory = fold(*earlier).memory
    subject, told = received(later)
    fold_of_it, needs = folding(subject, [told], Tally()), list[Need]()
    try:
        need = next(fold_of_it)
        while True:
            needs.append(need)
            need = fold_of_it.send([row for key, row in memory.rows[subject].items() if key in need.keys])
    except StopIteration:
        return [need for need in needs if need.ranges]


@pytest.mark.parametrize("form", ["permanent", "fixed_term"])
def test_a_rise_moves_nothing_that_leans_on_the_career(form: str):
    """It divides days that are alike, so nothing that was reported is looked at."""
    before, after = career(started(form)), career(started(form), RISE)
    assert len(after.stretches) == len(before.stretches) + 1
    assert first_difference(before, after) == first_difference(after, before) == FOREVER + 1
    assert asked(RISE, started(form), *LEANING) == []


@pytest.mark.parametrize("changed", [{"unit": "v"}, {"fte": 0.5}, {"form": "fixed_term"}, {"occupation": "other"}])
def test_another_place_or_share_moves_it_from_that_day_on(changed: dict[str, object]):
    """Also where a rise came before it."""
    change = make.employment_changed("p", "2024-04-01", **changed)
    before, after = career(started()), career(started(), RISE, change)
    assert first_difference(before, after) == date(2024, 4, 1).toordinal()
    assert asked(change, started(), RISE, *LEANING) != []


@pytest.mark.parametrize("form", ["permanent", "fixed_term", "hourly"])
def test_a_rise_comes_to_the_same_whenever_it_comes(form: str):
    """Before all that leans on the career, after it, taken back, or at once."""
    at_once = fold(started(form), *LEANING, RISE)
    held = started(form)
    for batches in ([[held], [RISE], LEANING], [[held, *LEANING], [RISE]], [LEANING, [held, RISE]]):
        found = fold_batches(batches)
        assert (found.facts, found.anomalies) == (at_once.facts, at_once.anomalies)
    undone, never = fold_batches([[held, *LEANING], [RISE], [make.retracted(RISE)]]), fold(held, *LEANING)
    assert (undone.facts, undone.anomalies) == (never.facts, never.anomalies)


def test_of_who_is_paid_by_the_hour_a_rise_is_looked_at():
    """Each of their stretches counts its months anew."""
    report = LEANING[1]
    told = fold_batches([[started("hourly"), report], [RISE]])
    assert changes(told, Measure.months_paid_by_hour) == {"2024-03-01": 1, "2024-03-10": 1}
