"""Somebody tries to find the pay of four people or fewer in everything that a pay report tells.

The attacker is taken to know more than is told: the sums of women's and of men's pay behind each gap, the counts behind
each share, and who works in which occupation and category.
"""

import random
from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest

from services.metrics.domain.disclosure import suppression
from services.metrics.domain.reports import pay_secrecy
from services.metrics.domain.reports.pay_gap import report
from services.metrics.domain.reports.pay_secrecy import FEWEST, GENDERS, PaidGroup
from services.metrics.domain.reports.workers import Category, Worker, Workforce
from shared.contracts.pay_gap import PayGapReport, PayGroup

SEEDS = range(40)
OCCUPATIONS = ("socialsekreterare", "biståndshandläggare", "specialpedagog", "enhetschef")
GRADES = ("trainee", "regular", "senior")
Cell = tuple[str, Category, str]


def town(seed: int) -> list[Worker]:
    """People in a few occupations, some in categories across them, some with variable pay."""
    rng = random.Random(seed)  # noqa: S311  (a seed makes the same town each time)
    found = []
    for occupation, grade in product(OCCUPATIONS, GRADES):
        for gender in (*GENDERS, "x"):
            for _ in range(rng.choice((0, 1, 3, 5, 6, 9, 15, 30)) // (6 if gender == "x" else 1)):
                named = rng.random() < 0.2
                category = Category(rng.choice("AB")) if named else Category(None, occupation, grade)
                variable = rng.choice((0, 0, rng.randint(1, 4000)))
                found.append(Worker("u", gender, occupation, category, rng.randint(30_000, 60_000), variable))
    return found


def cell(worker: Worker) -> Cell:
    """The finest group there is."""
    return worker.occupation, worker.category, worker.gender


def group_of(told: PayGroup) -> PaidGroup:
    """Who a told group is."""
    match told.level:
        case "all":
            return PaidGroup()
        case "occupation":
            return PaidGroup(told.occupation)
        case "category":
            return PaidGroup(category=Category(told.category, told.occupation, told.grade))


def is_of(group: PaidGroup, one: Cell) -> bool:
    """Whether a cell is part of a group."""
    return group.occupation in {None, one[0]} and group.category in {None, one[1]}


def groups(cells: list[Cell]) -> Iterator[PaidGroup]:
    """All that anybody may be told of: everybody, occupations, categories, and where these meet."""
    yield PaidGroup()
    yield from {PaidGroup(occupation) for occupation, _, _ in cells}
    yield from {PaidGroup(category=category) for _, category, _ in cells}
    yield from {PaidGroup(occupation, category) for occupation, category, _ in cells}


def row(cells: list[Cell], group: PaidGroup, gender: str, who: set[Cell]) -> np.ndarray:
    """Which cells a sum over a group's people of a gender adds up, of those that anybody counts in."""
    return np.array([float(is_of(group, one) and one[2] == gender and one in who) for one in cells])


def follows(known: list[np.ndarray], secret: np.ndarray) -> bool:
    """Whether a sum is a combination of known sums."""
    if not known:
        return False
    matrix = np.array(known)
    solution, *_ = np.linalg.lstsq(matrix.T, secret, rcond=None)
    return bool(np.allclose(matrix.T @ solution, secret, atol=1e-7))


def given_away(workers: list[Worker], told: PayGapReport) -> list[tuple[str, PaidGroup, str]]:
    """The small groups whose sum of pay, sum of variable pay, or number of receivers follows from what is told."""
    cells = sorted({cell(w) for w in workers if w.gender in GENDERS}, key=repr)
    everyone = set(cells)
    receiving = {cell(w) for w in workers if w.variable}
    none = np.zeros(len(cells))
    pay, shares = list[np.ndarray](), list[np.ndarray]()
    for group, gender in product(told.groups, GENDERS):
        all_pay, variable = (row(cells, group_of(group), gender, who) for who in (everyone, receiving))
        figures = {"mean": (all_pay, none), "mean_variable": (none, variable), "mean_basic": (all_pay, -variable)}
        pay += [np.concatenate(sums) for name, sums in figures.items() if getattr(group, name).status == "final"]
        if group.women_with_variable.status == "final" or group.men_with_variable.status == "final":
            shares.append(all_pay)
    found = []
    for group, gender in product(groups(cells), GENDERS):
        these = [w for w in workers if is_of(group, cell(w)) and w.gender == gender]
        with_variable = sum(bool(w.variable) for w in these)
        all_pay, variable = (row(cells, group, gender, who) for who in (everyone, receiving))
        small = {
            "pay": (len(these), pay, np.concatenate((all_pay, none))),
            "variable": (with_variable, pay, np.concatenate((none, variable))),
            "receivers": (with_variable, shares, all_pay),
            "others": (len(these) - with_variable, shares, all_pay),
        }
        found += [
            (name, group, gender) for name, (n, known, sums) in small.items() if 0 < n < FEWEST and follows(known, sums)
        ]
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_is_given_away(seed: int):
    """No sum over four people or fewer follows from all that is told, and something is told."""
    workers = town(seed)
    told = report(2025, Workforce(workers, 0))
    assert not given_away(workers, told)
    assert told.groups[0].mean.status == "final"


def test_the_attack_finds_what_is_not_protected(monkeypatch: pytest.MonkeyPatch):
    """Were small groups hidden by themselves alone, many would follow by subtraction."""

    def alone(tables: object, heads: np.ndarray, there: np.ndarray, limit: int) -> np.ndarray:
        return np.asarray(~tables.askable | suppression.census(tables, heads, there, limit).small)

    monkeypatch.setattr(pay_secrecy, "decided", alone)
    broken = [bool(given_away(town(seed), report(2025, Workforce(town(seed), 0)))) for seed in range(8)]
    assert sum(broken) > 4


@pytest.mark.parametrize("seed", SEEDS)
def test_bands_of_a_few_are_not_told(seed: int):
    """Where bands are told no band has some, but fewer than five, women or men."""
    workers = town(seed)
    for group in report(2025, Workforce(workers, 0)).groups:
        if group.women_in_bands[0].status == "final":
            size = (group.women + group.men) / 4
            women = [band.value * size for band in group.women_in_bands]
            assert all(n < 0.1 or n > FEWEST - 0.1 for some in women for n in (some, size - some))
