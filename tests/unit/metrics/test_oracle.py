"""Facts against an independent count of every person on every day, kept beside the project."""

import random
from datetime import date

import pytest

from services.metrics.domain.facts import measures
from tests import builders as make
from tests.unit.metrics.folding import Folded, asked, fold, fold_batches
from tests.unit.metrics.references import module

SEEDS = (1, 2, 3)
PEOPLE = 25
DAYS = (("2022-06-30", 365), ("2023-12-31", 365), ("2024-05-01", 90), ("2025-03-01", 365))
PARENTS = {f"u{n}": f"d{n % 2}" for n in range(6)} | {"d0": "root", "d1": "root"}

COUNTED_BESIDE = {"study_quarter_fte", "led_besides", "bonus_receivers"}
"""Measures that the oracle does not know: those of ``test_promised_measures``."""

Amounts = dict[tuple[str, str, str], float]


def shuffled(log: list[make.Event], seed: int) -> list[list[make.Event]]:
    """The log in any order, a fifth of it twice, in batches."""
    rng = random.Random(seed)  # noqa: S311  (a seed makes the same order each time)
    arriving = log + rng.sample(log, len(log) // 5)
    rng.shuffle(arriving)
    return [arriving[start : start + 50] for start in range(0, len(arriving), 50)]


def counted(log: list[make.Event], as_of: str, window: int) -> Amounts:
    """What the oracle says of every unit's subtree: by unit, measure and kind of amount."""
    oracle = module("oracle_v2", "oracle.py")
    own = oracle.measures(log, date.fromisoformat(as_of), window)["units"]
    totals: Amounts = {}
    for unit, found in own.items():
        node: str | None = unit
        while node:
            for measure, amounts in found.items():
                kinds = ("flow",) if oracle.is_flow(measure) else ("level", "lag", "mean")
                for kind in kinds:
                    place = node, measure, kind
                    totals[place] = totals.get(place, 0) + amounts[kind]
            node = PARENTS.get(node)
    return {place: amount for place, amount in totals.items() if place[1] != measures.Measure.vacancy_open_day.name}


def computed(folded: Folded, as_of: str, window: int) -> Amounts:
    """The same from facts."""
    rows = asked(folded, as_of, window, small=0, with_measures=True)
    return {
        (unit, measure, kind): amount
        for (unit, occupation), row in rows.items()
        if occupation == "*"
        for measure, amounts in row.measures.items()
        for kind, amount in amounts.items()
        if measure not in COUNTED_BESIDE
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_every_measure_is_what_a_daily_count_gives(seed: int):
    """A hostile log, in order and shuffled with repeats, on four days, over subtrees: no amount differs."""
    log = module("oracle_v2", "genlog.py").generate(seed, PEOPLE)
    in_order, mixed = fold(*log), fold_batches(shuffled(log, seed))
    assert mixed.facts == in_order.facts
    compared = 0
    for as_of, window in DAYS:
        want, got = counted(log, as_of, window), computed(in_order, as_of, window)
        for place, amount in want.items():
            assert got.get(place, 0) == pytest.approx(amount, rel=1e-5, abs=1e-5), (place, as_of, window)
        none = {place for place, amount in got.items() if amount and place not in want and "open_day" not in place[1]}
        assert not none
        compared += len(want)
    assert compared > 2_000


@pytest.mark.parametrize("seed", range(11, 21))
def test_hostile_logs_in_any_order(seed: int):
    """Larger logs than a property test makes: facts and anomalies of any delivery are those of one pass."""
    log = module("oracle_v2", "genlog.py").generate(seed, PEOPLE)
    clean, mixed = fold(*log), fold_batches(shuffled(log, seed))
    assert (mixed.facts, mixed.anomalies) == (clean.facts, clean.anomalies)
