"""Somebody adds and subtracts the pulses of all units, days and windows to find the answers of six people or fewer."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from typing import NamedTuple

import numpy as np
import pytest

from cli.computing.rows import Row
from services.metrics.domain.catalogue import FORMULAS, flow
from services.metrics.domain.measures import Measure
from tests import builders as make
from tests.unit.metrics.attacker import PRIME, basis, left
from tests.unit.metrics.folding import asked, fold

DAYS = [date(2024, 6, 1) + timedelta(days=n) for n in range(0, 60, 5)]
WINDOWS = (5, 10, 30, 365)
FEW = 6


class Pulse(NamedTuple):
    """A report of a unit: how many answered on a day, and what their answers come to."""

    unit: str
    day: date
    answers: int
    score: int

    @property
    def event(self) -> make.Event:
        """As it is sent."""
        data = {"effective": self.day.isoformat(), "index": "hme", "invited": 30, "answers": self.answers}
        return make.event("hr.pulse.reported.v1", f"unit/{self.unit}", data | {"score_sum": self.score, "negative": 0})


class Town(NamedTuple):
    """Units, what each lies in, and their pulses."""

    above: dict[str, str]
    pulses: list[Pulse]

    def within(self, unit: str, day: date, window: int) -> list[bool]:
        """Which pulses a unit's value over a window is of."""
        first = day - timedelta(days=window - 1)
        return [unit in self._path(one.unit) and first <= one.day <= day for one in self.pulses]

    def _path(self, unit: str) -> Iterator[str]:
        yield "*"
        while unit:
            yield unit
            unit = self.above.get(unit, "")


def town(seed: int) -> Town:
    """Random; most units are asked now and then, and often few answer."""
    rng = random.Random(seed)  # noqa: S311
    units = [f"u{n}" for n in range(rng.randint(3, 7))]
    above = {unit: rng.choice(units[:n]) for n, unit in enumerate(units) if n and rng.random() < 0.7}
    asked_on = [(unit, day) for unit, day in product(units, DAYS) if rng.random() < 0.25]
    answers = [rng.choice((0, 1, 4, 6, 7, 12, 25, 25, 25)) for _ in asked_on]
    return Town(above, [Pulse(*on, n, rng.randint(0, 100 * n)) for on, n in zip(asked_on, answers, strict=True)])


def found(of: Town) -> int:
    """How many pulses and groups of few follow from what is told, however it is added and subtracted."""
    log = [make.unit_defined(unit, parent=up) for unit, up in of.above.items()] + [one.event for one in of.pulses]
    folded, told, secrets = fold(*log), [], {tuple(row) for row in np.eye(len(of.pulses), dtype=int).tolist()}
    for day, window in product(DAYS, WINDOWS):
        for (unit, occupation), row in asked(folded, day.isoformat(), window=window).items():
            if occupation == "*":
                ours = of.within(unit, day, window)
                secrets.add(tuple(map(int, ours)))
                told += [ours] if is_told(of, row, ours) else []
    few = [row for row in secrets if any(row) and sum(np.array([p.answers for p in of.pulses]) * row) <= FEW]
    known = basis(np.array(told, np.int64).reshape(-1, len(of.pulses)))
    return sum(not left(known, np.array(row) % PRIME).any() for row in few)


def is_told(of: Town, row: Row, ours: list[bool]) -> bool:
    """Whether a score is told, which is then what the pulses come to."""
    value = row.metrics["pulse_score"]
    if value.status == "suppressed" or not value.denominator:
        return False
    pulses = [one for one, is_ours in zip(of.pulses, ours, strict=True) if is_ours]
    assert value.denominator == sum(one.answers for one in pulses)
    assert value.numerator == pytest.approx(sum(one.score for one in pulses))
    return True


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_found(seed: int):
    """Neither the answers of one report nor those of any unit in any window."""
    assert found(town(seed)) == 0


def test_much_is_found_where_only_what_is_shown_is_looked_at(monkeypatch: pytest.MonkeyPatch):
    """Where seven answers are enough, whatever reports they are of."""
    formula = FORMULAS["pulse_score"]
    monkeypatch.setitem(FORMULAS, "pulse_score", formula._replace(people=flow(Measure.pulse_answers)))
    assert sum(found(town(seed)) for seed in range(4)) > 15
