"""Years of one person's events at random, with what is contradictory, corrected, retracted and told late."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from tests import builders as make

FIRST, DAYS = date(2020, 1, 1), 1_800


def life(chance: random.Random) -> list[make.Event]:
    """Employments, everything that leans on them, and corrections of some of it."""
    told = [*_employment(chance), *_absences(chance), *_reports(chance)]
    for n, earlier in enumerate(chance.sample(told, min(len(told), chance.randrange(6)))):
        told.append(_mended(chance, earlier, n))
    mended = [one for one in told if "corrects" in one and "data" in one]
    told += [_mended(chance, one, 90 + n) for n, one in enumerate(mended[:1])]
    return told


def _day(chance: random.Random, since: int = 0) -> str:
    return (FIRST + timedelta(days=chance.randrange(since, DAYS))).isoformat()


def _employment(chance: random.Random) -> Iterator[make.Event]:
    yield make.employment_started("p", _day(chance)[:4] + "-01-01", id="s", gender="f", born=1980, monthly_pay=40_000)
    for n in range(chance.randrange(3)):
        yield make.employment_changed("p", _day(chance), id=f"m{n}", unit=chance.choice(("u1", "u2")))
    if chance.random() < 0.3:
        yield make.employment_ended("p", _day(chance, 900), id="e")


def _absences(chance: random.Random) -> Iterator[make.Event]:
    for n in range(chance.randrange(7)):
        first = FIRST + timedelta(days=chance.randrange(DAYS))
        length, name = chance.choice((0, 1, 4, 12, 70, 400)), f"a{chance.randrange(6)}"
        last = (first + timedelta(days=length)).isoformat()
        kind = chance.choice(("sick", "sick", "parental", "study", "vacation"))
        how = chance.random()
        given = {"last_day": last} if how < 0.4 else {}
        yield make.absence_started("p", name, first.isoformat(), kind, id=f"as{n}", **given)
        if 0.3 < how < 0.9:
            yield make.absence_ended("p", name, last, id=f"ae{n}")
        if how > 0.8:
            yield make.absence_changed("p", f"a{chance.randrange(8)}", _day(chance), 0.5, id=f"ac{n}")


def _reports(chance: random.Random) -> Iterator[make.Event]:
    for n in range(chance.randrange(10)):
        first = FIRST + timedelta(days=chance.randrange(DAYS))
        last = (first + timedelta(days=chance.choice((0, 6, 29, 90)))).isoformat()
        overtime = chance.choice((0, 0, 60, 150))
        yield make.time_reported("p", first.isoformat(), last, 140, id=f"t{n}", overtime_hours=overtime)
    for n in range(chance.randrange(6)):
        yield make.caseload_reported(
            "p", _day(chance), chance.randrange(30), id=f"c{n}", points=chance.choice((None, 9))
        )
    names = ("introduction_started", "introduction_completed", "mentor_assigned", "check_in_held")
    for n in range(chance.randrange(6)):
        yield make.milestone_reached("p", chance.choice(names), _day(chance), id=f"i{n}")
    for n in range(chance.randrange(4)):
        yield make.bonus_paid("p", _day(chance), id=f"b{n}")


def _mended(chance: random.Random, earlier: make.Event, n: int) -> make.Event:
    """Retracted, or the same of another day; recorded any time."""
    time = f"{_day(chance)}T09:00:00Z"
    if "data" not in earlier or chance.random() < 0.3:
        return make.retracted(earlier, id=f"r{n}", time=time)
    data = earlier["data"]
    name = next(name for name in ("effective", "from", "last_day") if name in data)
    moved = {name: min(_day(chance), str(data.get("to", "9")))} if chance.random() < 0.5 else {}
    return make.corrected(earlier, id=f"k{n}", time=time, **moved)
