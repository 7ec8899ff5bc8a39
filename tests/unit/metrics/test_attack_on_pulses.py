"""Somebody adds and subtracts the pulses of all units, days and windows to find the answers of six people or fewer."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations_with_replacement, product

import numpy as np
import pytest

from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.sums.catalogue import FORMULAS, flow
from shared.contracts.catalogue import METRICS
from shared.contracts.catalogue.disclosure import ByMonth, Disclosure
from tests.unit.metrics import folding
from tests.unit.metrics.attacker import PRIME, basis, left, unnoticed
from tests.unit.metrics.folding import asked, fold
from tests.unit.metrics.pulses import DAYS, FEW, Pulse, Town, fewest, town

ENDS = [date(2024, 6, 30), date(2024, 7, 31), date(2024, 8, 31)]
SEEDS = range(8)
YEAR = 365

Days = tuple[date, date]
"""The first and the last of some."""


def questions() -> Iterator[tuple[date, int]]:
    """Days and windows: months, the year to each, and others between."""
    yield from product(ENDS, (30, 31, YEAR))
    yield from product(DAYS[4::2], (6, 30, YEAR))
    yield ENDS[-1], 92


def within(of: Town, place: str, days: Days) -> tuple[int, ...]:
    """Which pulses are of a place and of some days."""
    return tuple(int(place in of.path(one.unit) and days[0] <= one.day <= days[1]) for one in of.pulses)


def days_of(day: date, window: int, until: date | None) -> Days:
    """The days that a score tells of: those of its window, or twelve whole months."""
    if until is None or window != YEAR:
        return (until or day) - timedelta(window - 1), until or day
    after = until + timedelta(1)
    return after.replace(year=after.year - 1), until


def told(of: Town) -> Iterator[tuple[int, ...]]:
    """Which pulses each score is of that is told."""
    folded = fold(*of.units, *(one.event for one in of.pulses))
    for day, window in questions():
        for (unit, occupation), row in asked(folded, day.isoformat(), window=window).items():
            value = row.metrics["pulse_score"]
            if occupation == "*" and value.status != "suppressed" and value.denominator:
                ours = within(of, unit, days_of(day, window, value.until))
                assert (value.numerator, value.denominator) == pytest.approx(come_to(of, ours))
                yield ours


def come_to(of: Town, ours: tuple[int, ...]) -> tuple[int, int]:
    """What some pulses come to: scores and answers."""
    some = [one for one, is_ours in zip(of.pulses, ours, strict=True) if is_ours]
    return sum(one.score for one in some), sum(one.answers for one in some)


def secrets(of: Town) -> Iterator[tuple[int, ...]]:
    """Single reports, and any place over any days, where few answered."""
    rows = {tuple(row) for row in np.eye(len(of.pulses), dtype=int).tolist()}
    for place in {place for unit in of.above for place in of.path(unit)}:
        rows |= {within(of, place, days) for days in combinations_with_replacement(DAYS, 2)}
    for row in rows:
        some: list[tuple[Pulse, int]] = [(one, one.answers) for one, is_in in zip(of.pulses, row, strict=True) if is_in]
        if some and fewest(some) <= FEW:
            yield row


def found(of: Town) -> int:
    """How many secrets follow from what is told, however it is added and subtracted."""
    known = basis(np.array(list(told(of)), np.int64).reshape(-1, len(of.pulses)))
    change = unnoticed(known, len(of.pulses))
    follow = [row for row in secrets(of) if not (np.array(row) * change % PRIME).sum() % PRIME]
    assert not any(left(known, np.array(row) % PRIME).any() for row in follow)
    return len(follow)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_found(seed: int):
    """Neither the answers of one report nor those of any unit over any days."""
    assert found(town(seed)) == 0


def test_something_is_told():
    """Of months and of years, in most towns."""
    assert sum(len({*told(town(seed))}) for seed in SEEDS) > 40


def test_much_is_found_where_only_what_is_shown_is_looked_at(monkeypatch: pytest.MonkeyPatch):
    """Where seven answers are enough, of any days."""
    for name in [metric.name for metric in METRICS if metric.by_month is ByMonth.PULSE]:
        monkeypatch.setitem(FORMULAS, name, FORMULAS[name]._replace(people=flow(Measure.pulse_answers)))
    seven = Disclosure("seven", "sju", fewest=7)
    earlier = [m._replace(disclosure=seven) if m.by_month is ByMonth.PULSE else m for m in METRICS]
    monkeypatch.setattr(folding, "METRICS", tuple(earlier))
    assert sum(found(town(seed)) for seed in SEEDS) > 30
