"""Which reports are taken into a record in hand without a fold of their own, and what lies over careers of them."""

from itertools import count
from unittest.mock import patch

import numpy as np
import pytest

from services.metrics.domain.facts.tally import MOST, Tally
from services.metrics.domain.record import held, room
from services.metrics.domain.record.held import Held
from services.metrics.domain.record.over_careers import OverCareers, netted
from tests import builders as make
from tests.unit.metrics.folding import received

JOB = make.employment_started("a", "2023-01-01")
BY_HOUR = make.employment_started("a", "2023-01-01", form="hourly")
HOURS = make.time_reported("a", "2024-03-01", "2024-03-31", 160)
CASES = make.caseload_reported("a", "2024-03-01", 20)
CHECK_IN = make.milestone_reached("a", "check_in_held", "2024-03-01")
MUCH = make.time_reported("a", "2024-03-01", "2024-03-31", 400, overtime_hours=201)


def folded(*events: make.Event) -> bool:
    """Whether the last of some events, which come one after the other, is folded."""
    record, over = Held("person/a", OverCareers()), count()
    for event in events[:-1]:
        record.fold([received(event)[1]], Tally(), next(over))
    with patch.object(held, "take", wraps=held.take) as take:
        record.fold([received(events[-1])[1]], Tally(), next(over))
    return bool(take.mock_calls)


PLAIN = {
    "hours": (JOB, HOURS),
    "hours of nobody employed": (HOURS,),
    "hours beside others": (JOB, HOURS, make.time_reported("a", "2024-03-10", "2024-03-12", 8)),
    "cases": (JOB, CASES),
    "later cases": (JOB, CASES, make.caseload_reported("a", "2024-03-02", 21)),
    "a check-in": (JOB, CHECK_IN),
    "a later check-in": (JOB, CHECK_IN, make.milestone_reached("a", "check_in_held", "2024-03-02")),
}
NOT_PLAIN = {
    "an employment": (JOB,),
    "a repeat": (JOB, HOURS, HOURS),
    "a correction": (JOB, HOURS, make.corrected(HOURS, worked_hours=150)),
    "what was corrected before it came": (JOB, make.corrected(HOURS, worked_hours=150), HOURS),
    "hours of who is paid by the hour": (BY_HOUR, HOURS),
    "overtime that may pass the limit": (JOB, MUCH),
    "cases of an earlier day": (JOB, CASES, make.caseload_reported("a", "2024-02-29", 19)),
    "cases of the same day": (JOB, CASES, make.caseload_reported("a", "2024-03-01", 19)),
    "an earlier check-in": (JOB, CHECK_IN, make.milestone_reached("a", "check_in_held", "2024-02-29")),
    "another milestone": (JOB, make.milestone_reached("a", "mentor_assigned", "2023-01-05")),
}


@pytest.mark.parametrize("events", PLAIN.values(), ids=PLAIN)
def test_a_report_that_stands_alone_and_comes_in_order_is_not_folded(events: tuple[make.Event, ...]):
    """It has nothing to do with what is there."""
    assert not folded(*events)


@pytest.mark.parametrize("events", NOT_PLAIN.values(), ids=NOT_PLAIN)
def test_all_else_is_folded(events: tuple[make.Event, ...]):
    """Whatever changes another event's days, or whose own hang on others."""
    assert folded(*events)


def test_where_there_may_be_no_room_all_is_folded():
    """The fold says what there is no room for."""
    with patch.object(room, "EVENTS", 2):
        assert not folded(HOURS)
        assert folded(HOURS, CASES)


def test_facts_that_meet_are_one_and_what_cancels_is_none():
    """By day known, cell, measure and day; so much that a sum may not fit stays as it is."""
    rows = np.array([[2, 0, 7, 5, 3], [1, 4, 7, 5, 1], [2, 0, 7, 5, 4], [1, 4, 7, 5, -1], [2, 0, 8, 5, 1]], np.int64)
    assert netted(rows).tolist() == [[2, 0, 7, 5, 7], [2, 0, 8, 5, 1]]
    assert netted(rows[:0]).tolist() == []
    much = np.array([[1, 0, 7, 5, MOST - 1], [1, 0, 7, 5, MOST - 1]], np.int64)
    assert netted(much).tolist() == much.tolist()
