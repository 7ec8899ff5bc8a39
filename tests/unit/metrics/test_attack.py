"""Somebody tries to find the sickness of ten people or fewer in everything that is shown."""

import random
from collections import Counter
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pytest

from cli.offline.computing.rows import GroupRow
from services.metrics.domain.disclosure.giveaways import census, complemented, giveaways, remainders
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.tally import ONE
from services.metrics.domain.sums.groups import DIMENSIONS, Group
from services.metrics.domain.sums.linked_tables import LinkedTables
from services.metrics.domain.sums.tree import Tree
from tests import builders as make
from tests.unit.metrics.attacker import FEW, Name, Town, computed, subtracted
from tests.unit.metrics.folding import asked, fold, rows_by

TODAY = date(2025, 6, 30)
DAYS = [TODAY + timedelta(days=ahead) for ahead in (-300, -20, 0, 60)]
BRIDGES = (56, 148, 188)
"""Municipalities where hiding by tables is not enough: sums of several tables together give somebody away."""
SEEDS = (*range(6), *BRIDGES)
HEALTH = ("sick_rate", "long_sick_share_live", "short_spell_rate")
BANDS = {2001: "-29", 1985: "30-49", 1962: "50-"}
SIZES = (1, 3, 7, 10, 11, 12, 14, 20, 35, 60)


class Person(NamedTuple):
    """Somebody's employment, and the sick days in it."""

    unit: str
    occupation: str
    gender: str
    born: int
    form: str
    first: date
    last: date | None
    sick: date | None

    def counts(self, on: date) -> bool:
        """Whether the person is permanent staff on a day."""
        return self.form == "permanent" and self.first <= on and (self.last is None or self.last >= on)

    def is_told_of(self, on: date) -> bool:
        """Whether sums over a day tell of the person."""
        return self.first <= on and (self.last is None or self.last >= on)


class Municipality(NamedTuple):
    """People in a tree of units."""

    above: dict[str, str]
    people: list[Person]

    def events(self) -> list[make.Event]:
        """Its log."""
        units = {person.unit for person in self.people} | set(self.above.values())
        said = [make.unit_defined(unit, parent=self.above.get(unit)) for unit in sorted(units)]
        for n, person in enumerate(self.people):
            terms = {"gender": person.gender, "born": person.born, "form": person.form}
            said.append(
                make.employment_started(f"p{n}", person.first.isoformat(), person.unit, person.occupation, **terms)
            )
            if person.last:
                said.append(make.employment_ended(f"p{n}", person.last.isoformat()))
            if person.sick:
                until = (person.sick + timedelta(days=9)).isoformat()
                said.append(make.absence_started(f"p{n}", "a", person.sick.isoformat(), last_day=until))
        return said

    def town(self, on: date) -> Town:
        """What an attacker knows of it on a day."""
        told = Counter[tuple[str, str, str, str]]()
        for p in self.people:
            if p.is_told_of(on):
                told[p.unit, p.occupation, p.gender, BANDS[p.born]] += p.counts(on)
        return Town(told, self.above)


def municipality(seed: int) -> Municipality:
    """A few units of few and of many, some with staff of their own above others; people come and go."""
    rng = random.Random(seed)  # noqa: S311  (a seed makes the same municipality each time)
    units = [f"u{n}" for n in range(rng.randint(3, 8))]
    above = {unit: rng.choice(units[:n]) for n, unit in enumerate(units) if n and rng.random() < 0.7}
    occupations = ("nurse", "officer", "lawyer", "cook")[: rng.randint(1, 4)]
    shares = [rng.random() ** 3 + 0.01 for _ in occupations]
    people = []
    for unit in units:
        for _ in range(rng.choice((0, 2, 5) if unit in above.values() else SIZES)):
            first = date(2022, 1, 1) if rng.random() < 0.8 else TODAY - timedelta(days=rng.randint(-50, 320))
            last = first + timedelta(days=rng.randint(30, 1_400)) if rng.random() < 0.2 else None
            person = Person(
                unit,
                rng.choices(occupations, shares)[0],
                rng.choices(("f", "m", "x"), (80, 18, 2))[0],
                rng.choices(list(BANDS), (2, 5, 3))[0],
                "permanent" if rng.random() < 0.9 else "fixed_term",
                first,
                last,
                first + timedelta(days=20) if rng.random() < 0.3 else None,
            )
            people.append(person)
    return Municipality(above, people)


def shown(rows: dict[tuple[str | None, ...], GroupRow]) -> set[Name]:
    """The groups whose health metrics are shown: all three are, or none."""
    found = set()
    for place, row in rows.items():
        statuses = {row.metrics[name].status == "suppressed" for name in HEALTH}
        assert len(statuses) == 1
        if statuses == {False}:
            found.add(tuple(side or "*" for side in place))
    return found


def askable(town: Town) -> set[Name]:
    """The groups that can be asked for and are large enough by themselves."""
    found = set()
    for name, kinds in town.groups().items():
        dimensions = sum(side != "*" for side in name[1:])
        if town.of(kinds) > FEW and not name[0].startswith("only") and dimensions <= (2 if name[0] == "*" else 1):
            found.add(name)
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_small_can_be_found(seed: int):
    """Of a day, neither by subtracting in any table or pair of tables, nor by any linear algebra."""
    found = municipality(seed)
    folded = fold(*found.events())
    for on in DAYS:
        town = found.town(on)
        groups = town.groups()
        seen = shown(rows_by(folded, on.isoformat(), *DIMENSIONS, window=1)) & groups.keys()
        assert not {name for name in seen if town.of(groups[name]) <= FEW}
        assert subtracted(town, seen) == []
        assert computed(town, seen) == []


def test_something_is_shown():
    """Hiding everything would be safe, and useless: of large groups many are shown even where most units are tiny."""
    large = seen = 0
    for seed in SEEDS:
        found = municipality(seed)
        large += len(askable(found.town(TODAY)))
        seen += len(shown(rows_by(fold(*found.events()), TODAY.isoformat(), *DIMENSIONS)))
    assert seen > large / 4


def test_the_attacker_can_find_something():
    """Were only small groups hidden, the same attacker would find secrets almost everywhere."""
    broken = []
    for seed in SEEDS:
        town = municipality(seed).town(TODAY)
        broken.append(bool(subtracted(town, askable(town)) and computed(town, askable(town))))
    assert sum(broken) >= len(SEEDS) - 1


@pytest.mark.parametrize("seed", BRIDGES)
def test_tables_one_by_one_are_not_enough(seed: int):
    """What is safe by each table and each difference can be unsafe by all of them together; the audit says so."""
    town = municipality(seed).town(TODAY)
    tables = LinkedTables([Cell(*kind) for kind in town.people], Tree(town.above, {}, {}))
    heads = np.array([count * ONE for count in town.people.values()])
    counted = census(tables, heads, np.ones(len(heads), bool), FEW)
    hidden = ~tables.askable | counted.small
    while len(more := remainders(tables, counted, hidden := complemented(tables, counted, hidden))):
        hidden[more] = True
    names = sorted(askable(town))
    seen = {
        name
        for name, is_hidden in zip(names, hidden[tables.rows([Group(*n) for n in names])], strict=True)
        if not is_hidden
    }
    assert subtracted(town, seen) == []
    assert computed(town, seen)
    assert len(giveaways(tables, counted, hidden, tables.members[np.flatnonzero(counted.small)]))


def test_a_small_unit_is_no_difference():
    """Its sick time is exactly that of the whole less its sisters; one of these is hidden with it."""
    sizes = {"a": 30, "b": 20, "c": 3}
    people = [make.employment_started(f"{unit}{n}", "2022-01-01", unit) for unit in sizes for n in range(sizes[unit])]
    sick = make.absence_started("c0", "x", "2025-03-01", last_day="2025-03-31")
    folded = fold(*people, sick)
    true = {
        unit: row.metrics["sick_rate"].numerator for (unit, who), row in asked(folded, "2025-06-30", small=0).items()
    }
    assert true["*"] - true["a"] - true["b"] == pytest.approx(true["c"])
    told = {unit: row.metrics["sick_rate"].numerator for (unit, who), row in asked(folded, "2025-06-30").items()}
    assert told == {"*": pytest.approx(true["*"]), "a": pytest.approx(true["a"]), "b": None, "c": None}


@pytest.mark.parametrize("by", [(), *((name,) for name in DIMENSIONS), ("gender", "age"), ("occupation", "age")])
def test_what_is_hidden_does_not_follow_the_question(by: tuple[str, ...]):
    """A group is shown or hidden whatever else was asked for with it."""
    folded = fold(*municipality(3).events())
    every = shown(rows_by(folded, TODAY.isoformat(), *DIMENSIONS))
    rows = rows_by(folded, TODAY.isoformat(), *by)
    assert shown(rows) == every & {tuple(side or "*" for side in place) for place in rows}
