"""A share is of the same people above and below: whatever happens, of no group does it leave 0–1."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contracts.catalogue import METRICS
from tests import builders as make
from tests.unit.metrics.folding import fold, rows_by
from tests.unit.metrics.hostile import START, logs
from tests.unit.metrics.references import module

RATES = {"replacement_turnover", "agency_cost_share"}
"""Of what happens, or of two costs: neither is a part of the other."""
SHARES = [m.name for m in METRICS if m.unit == "ratio" and m.interval != "poisson" and m.name not in RATES]
BY = ("occupation", "gender", "age")
ROUNDING = 1e-5
"""Hours of a report are divided over its days and rounded to millionths."""


def of_person(log: list[make.Event], number: int) -> list[make.Event]:
    """The log of one of several people."""
    return [_renamed(event, number) for event in log]


def _renamed(event: make.Event, number: int) -> make.Event:
    names = {key: f"{event[key]}-{number}" for key in ("id", "corrects") if key in event}
    subject = f"{event['subject']}{number}" if event["subject"].startswith("person/") else event["subject"]
    return {**event, **names, "subject": subject, **({"data": _sound(event["data"])} if "data" in event else {})}


def _sound(data: dict[str, object]) -> dict[str, object]:
    """No more hours of a kind than were worked, as no source may report."""
    if "worked_hours" not in data:
        return data
    parts = ("overtime_hours", "documentation_hours", "client_hours")
    return {**data, "worked_hours": max(data[name] or 0 for name in ("worked_hours", *parts) if name in data)}


def check(log: list[make.Event], on: date) -> int:
    """How many shares of the log have a value on a day; none of them leaves 0–1."""
    folded, found = fold(*log), 0
    for by in BY:
        for group, row in rows_by(folded, on.isoformat(), by, small=0).items():
            for name in SHARES:
                if (value := row.metrics[name].value) is not None:
                    assert -ROUNDING <= value <= 1 + ROUNDING, (name, group, row.metrics[name])
                    found += 1
    return found


def test_the_shares_there_are():
    """Each says of a group how much of it is so."""
    assert {"stability", "tenured_share", "overtime_capped_share", "sick_rate", "overtime_share"} <= set(SHARES)


@given(st.lists(logs("person"), min_size=1, max_size=4), st.integers(0, 1_200))
@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
def test_no_share_leaves_its_whole(people: list[list[make.Event]], after: int):
    """A few people to whom everything happens, by unit and by occupation, gender and age, on any day."""
    log = [event for number, some in enumerate(people) for event in of_person(some, number)]
    check(log, START + timedelta(after))


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("on", [date(2022, 6, 30), date(2023, 12, 31), date(2025, 3, 1)])
def test_nor_in_a_larger_log(seed: int, on: date):
    """Forty people with rehires, moves, absences of one employment and reorganisations."""
    log = module("oracle_v2", "genlog.py").generate(seed, 40)
    assert check([_renamed(event, 0) for event in log], on) > 200
