"""The yearly disclosure against a count of every person on every day, kept beside the project."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from types import ModuleType

import pytest

from services.metrics.domain.facts.cell import UNKNOWN
from services.metrics.domain.reports.sickness import BY, ReportPeriod, Time, period, times
from services.metrics.domain.sums.groups import Group, Roster
from services.metrics.domain.sums.tree import Trees
from services.metrics.domain.values.answer import AnswerDays, answer
from shared.contracts.metrics import ALL
from tests import builders as make
from tests.unit.metrics.folding import Folded, fold, fold_batches
from tests.unit.metrics.references import module
from tests.unit.metrics.test_oracle import PARENTS, shuffled

PEOPLE = 25
LONG = 60
EXACT = 1e-5
ASKED = ((2022, "2022-12-31"), (2022, "2023-02-10"), (2023, "2025-06-30"), (2024, "2024-08-31"))
"""Years, and when they are asked about: at their end, while spells go on, long after, and before their end."""

Counted = dict[Group, dict[str, float]]


def counted(log: list[make.Event], asked: ReportPeriod) -> Counted:
    """Every group's year, person by person and day by day."""
    oracle, found = module("oracle_v2", "oracle.py"), defaultdict[Group, dict[str, float]](lambda: defaultdict(float))
    by_subject = defaultdict(list)
    for event in oracle.effective_events(log):
        by_subject[event["subject"]].append(event)
    since = min(date.fromisoformat(e["data"]["effective"]) for e in log if "effective" in e.get("data", {}))
    for subject, events in by_subject.items():
        if subject.startswith("person/"):
            person = oracle.Person(subject.partition("/")[2], events, since, known_to(asked))
            for group, what, amount in of_person(oracle, person, asked):
                found[group][what] += amount
    return found


def known_to(asked: ReportPeriod) -> date:
    """The last day of the months that tell how a spell of the year goes on: in later ones none can turn out long."""
    return date.fromordinal((asked.after or asked.months)[-1].last)


def of_person(oracle: ModuleType, person: object, asked: ReportPeriod) -> Iterator[tuple[Group, str, float]]:
    """What one person adds to each group, with the length of spells as known on the day that is asked for."""
    long = set()
    for first, last, _ in person.spells():
        if (last - first).days + 1 >= LONG:
            long |= {first + timedelta(n) for n in range((last - first).days + 1)}
    for n in range((asked.last - asked.first).days + 1):
        day = asked.first + timedelta(n)
        for employment, _, terms in person.active(day):
            if terms.get("form", "permanent") != "hourly":
                sick, leave, _ = person.sick(day, employment)
                fte = terms.get("fte", 1)
                for group in groups(terms, asked.year):
                    yield group, "scheduled", fte * (1 - leave)
                    yield group, "sick", fte * sick
                    yield group, "long", fte * sick * (day in long)
        if main := person.main(day):
            for group in groups(main, asked.year):
                yield group, "present", 1
                yield group, "at_end", day == asked.last


def groups(terms: dict[str, object], year: int) -> list[Group]:
    """The groups of the report that somebody with these terms counts in."""
    age = UNKNOWN if terms.get("born") is None else band(year - terms["born"])
    node, units = terms["unit"], ["*"]
    while node:
        units.append(node)
        node = PARENTS.get(node)
    sides = ({}, {"gender": terms.get("gender") or UNKNOWN}, {"age": age})
    return [Group(unit, **side) for unit in units for side in sides]


def band(age: int) -> str:
    """The statute's age bands."""
    return "-29" if age <= 29 else "30-49" if age <= 49 else "50-"


def computed(folded: Folded, asked: ReportPeriod) -> dict[Group, Time]:
    """The same from facts; the disclosure asks for no group by gender and age at once."""
    roster = Roster(folded.tree, BY)
    days = AnswerDays(asked.days, asked.window, asked.periods)
    found = times(answer(folded.rows, roster, Trees({}), folded.tree, days, limit=0))
    return {group: time for group, time in found.items() if ALL in (group.gender, group.age)}


@pytest.mark.parametrize("seed", [1, 3, 8])
@pytest.mark.parametrize(("year", "as_of"), ASKED)
def test_every_group_is_what_a_daily_count_gives(seed: int, year: int, as_of: str):
    """A hostile log: no group's sick, long or working time and no number of employees differs from a daily count."""
    log = module("oracle_v2", "genlog.py").generate(seed, PEOPLE)
    asked = period(year, date.fromisoformat(as_of))
    want, got = counted(log, asked), computed(fold(*log), asked)
    days = (asked.last - asked.first).days + 1
    for group in want.keys() | got.keys():
        mine, theirs = got.get(group, Time()), want.get(group, {})
        expected = [theirs.get(name, 0) for name in ("sick", "long", "scheduled")]
        expected.append(min(theirs.get("present", 0) / days, theirs.get("at_end", 0)))
        assert list(mine[:4]) == pytest.approx(expected, rel=EXACT, abs=EXACT), group
    assert want[Group("*")]["long"] > 0


@pytest.mark.parametrize("seed", [5, 6])
def test_any_order(seed: int):
    """Shuffled and with repeats, in batches, the year is the same."""
    log = module("oracle_v2", "genlog.py").generate(seed, PEOPLE)
    asked = period(2023, date(2024, 3, 1))
    assert computed(fold_batches(shuffled(log, seed)), asked) == computed(fold(*log), asked)
