"""What numbers and days an event may say: nothing that overflows a sum, nothing that a life at work has no room for."""

import msgspec
import pytest
from msgspec import inspect

from services.ingest.domain.plausible import RANGES
from shared.contracts.events import TYPES
from tests import builders as make
from tests.unit.ingest.deciding import accepted, refusal

STARTED = make.employment_started("anna", "2024-01-01")
TIME = make.time_reported("anna", "2024-01-01", "2024-12-31", 8)
CASES = make.caseload_reported("anna", "2024-01-01", 1)
ASSIGNED = make.assignment_started("c1", "2024-01-01")
COST = make.event(
    "hr.cost.reported.v1",
    "unit/u1",
    {"from": "2024-01-01", "to": "2024-01-01", "personnel_cost": 1, "agency_cost": 1},
)
PULSE = make.event(
    "hr.pulse.reported.v1",
    "unit/u1",
    {"effective": "2024-01-01", "index": "hme", "invited": 0, "answers": 0, "score_sum": 0, "negative": 0},
)
HANDOVER = make.event("hr.handover.reported.v1", "unit/u1", {"effective": "2024-01-01", "cases": 3})
HOLDERS = {
    "monthly_pay": STARTED,
    "hourly_cost": ASSIGNED,
    **dict.fromkeys(("worked_hours", "overtime_hours", "documentation_hours", "client_hours"), TIME),
    **dict.fromkeys(("open_cases", "points"), CASES),
    "invited": PULSE,
    **dict.fromkeys(("personnel_cost", "agency_cost"), COST),
    "cases": HANDOVER,
}
BY_ANOTHER = {"answers", "negative", "score_sum", "born"}
"""At most another field says, or so many years before the employment."""


def saying(event: make.Event, **fields: object) -> make.Event:
    """The event with other data."""
    return {**event, "data": {**event["data"], **fields}}


def test_every_number_that_is_no_share_has_a_limit():
    """A new field cannot be without one."""
    numbers = {
        f.encode_name
        for _, kind in TYPES.values()
        for f in msgspec.structs.fields(kind)
        for t in getattr(inspect.type_info(f.type), "types", (inspect.type_info(f.type),))
        if isinstance(t, inspect.FloatType | inspect.IntType) and t.le != 1
    }
    assert numbers - BY_ANOTHER == RANGES.keys() == HOLDERS.keys()


@pytest.mark.parametrize("name", RANGES)
def test_a_number_that_cannot_be(name: str):
    """The most is accepted, more is refused, and the sum of a thousand fits 64 bits of millionths."""
    most = int(RANGES[name].most)
    assert accepted(saying(HOLDERS[name], **{name: most}))
    assert refusal(saying(HOLDERS[name], **{name: most + 1})) == ("invalid_value", f"$.data.{name}")
    assert 1_000 * most * 1_000_000 < 2**63


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (saying(TIME, to="2025-01-01"), ("invalid_value", "$.data.to")),
        (saying(COST, to="2025-01-01"), ("invalid_value", "$.data.to")),
        (
            make.absence_started("anna", "a1", "2000-01-01", last_day="2060-01-01", time="2024-01-01T00:00:00Z"),
            ("invalid_value", "$.data.last_day"),
        ),
        (
            make.absence_started("anna", "a1", "1900-01-01", last_day="2200-01-01"),
            ("date_out_of_range", "$.data.last_day"),
        ),
        ({**STARTED, "time": "2094-06-01T00:00:00Z"}, ("date_out_of_range", "$.data.effective")),
        ({**STARTED, "time": "1953-01-01T00:00:00Z"}, ("date_out_of_range", "$.data.effective")),
        (saying(STARTED, born=2012), ("invalid_value", "$.data.born")),
        (saying(STARTED, born=1903), ("invalid_value", "$.data.born")),
    ],
)
def test_days_that_cannot_be(event: make.Event, expected: tuple[str, str]):
    """Reports of more than a year, absences of more than fifty, dates far from their recording, employed children."""
    assert refusal(event) == expected


@pytest.mark.parametrize(
    "event",
    [
        make.absence_started("anna", "a1", "1990-01-01", last_day="2035-01-01", time="2024-01-01T00:00:00Z"),
        make.employment_started("anna", "1960-01-01", time="2024-01-01T00:00:00Z"),
        make.employment_ended("anna", "2070-01-01", time="2024-01-01T00:00:00Z"),
        make.time_reported("anna", "2024-01-01", "2024-01-01", 160, overtime_hours=120),
        saying(STARTED, born=2011),
    ],
)
def test_what_is_rare_but_can_be(event: make.Event):
    """Long careers, long leaves, and hours above 24 a day, which are counted where they are used."""
    assert accepted(event)
