"""What numbers and days an event may say: nothing that overflows a sum, nothing that a life at work has no room for."""

import msgspec
import pytest
from msgspec import inspect

from services.ingest.domain.plausible import DECIMALS, HIGHEST_SCORE, RANGES
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
    "variable_pay": STARTED,
    "hourly_cost": ASSIGNED,
    "amount": make.bonus_paid("anna", "2024-01-27"),
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


def floats() -> set[str]:
    """The fields that may have decimals."""
    return {
        f.encode_name
        for _, kind in TYPES.values()
        for f in msgspec.structs.fields(kind)
        for t in getattr(inspect.type_info(f.type), "types", (inspect.type_info(f.type),))
        if isinstance(t, inspect.FloatType)
    }


def test_every_number_with_decimals_has_so_many():
    """Fewer than an identity number would need, beside all that may stand before them; but for the largest sums."""
    assert DECIMALS.keys() == floats()
    most = dict.fromkeys(DECIMALS, 1.0) | {name: limit.most for name, limit in RANGES.items() if name in DECIMALS}
    most["score_sum"] = HIGHEST_SCORE * RANGES["invited"].most
    long = {name for name, decimals in DECIMALS.items() if len(f"{most[name]:.0f}") + decimals >= 10}
    assert long == {"personnel_cost", "agency_cost", "score_sum"}


@pytest.mark.parametrize(
    ("event", "name", "number"),
    [
        (STARTED, "fte", 0.8112189876),
        (STARTED, "fte", 8.112189876e-10),
        (make.absence_started("anna", "a1", "2024-01-01"), "extent", 0.8112189876),
        (TIME, "worked_hours", 8.112189876),
        (TIME, "client_hours", 8112.189876),
        (COST, "personnel_cost", 811218.9876),
        (STARTED, "monthly_pay", 81121.89876),
        (PULSE | {"data": PULSE["data"] | {"invited": 9000, "answers": 9000}}, "score_sum", 811218.9876),
    ],
)
def test_decimals_that_mean_nothing(event: make.Event, name: str, number: float):
    """They would carry an identity number behind ingest."""
    assert refusal(saying(event, **{name: number})) == ("invalid_value", f"$.data.{name}")


@pytest.mark.parametrize(
    ("event", "fields"),
    [
        (STARTED, {"fte": 0.8125, "monthly_pay": 38_500.55}),
        (STARTED, {"fte": 0.1 + 0.2}),
        (STARTED, {"fte": 0.333333}),
        (TIME, {"worked_hours": 7.6 * 21, "overtime_hours": 7.7 - 7.6 + 0.05, "client_hours": 0.0}),
        (COST, {"personnel_cost": 12_345_678.9, "agency_cost": 0.1 + 0.2}),
        (CASES, {"points": 31.25}),
    ],
)
def test_decimals_that_are_meant(event: make.Event, fields: dict[str, float]):
    """Öre, shares of a working time, minutes; and what is off in binary alone."""
    assert accepted(saying(event, **fields))


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
