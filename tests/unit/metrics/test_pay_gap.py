"""The yearly pay report against a count of every person on every day, and by hand."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from statistics import mean, median

import pytest

from cli.offline.reporting.pay_gap import disclose
from services.metrics.domain.record.record import JOB
from services.metrics.domain.record.working import employments
from services.metrics.domain.reports.pay_gap import in_bands, report
from services.metrics.domain.reports.workers import Category, PayGapError, Worker, Workforce, days, workforce
from shared.contracts.pay_gap import PayGapReport, PayGroup
from tests import builders as make
from tests.unit.metrics.folding import Folded, fold, fold_batches
from tests.unit.metrics.references import module
from tests.unit.metrics.test_oracle import shuffled

PEOPLE = 250
ASKED = ((1, 2022), (4, 2023))
"""Seeds of logs, and years."""
MARCH = date(2026, 3, 1)
MILLIONTHS = 1_000_000

Row = tuple[str, str, tuple[str | None, ...], int, int]
"""Gender, occupation, category, basic and variable pay."""


def hostile(seed: int) -> list[make.Event]:
    """A hostile log in which some have variable pay or a category, from the start or from a change on."""
    rng = random.Random(seed)  # noqa: S311  (a seed makes the same log each time)
    log = module("oracle_v2", "genlog.py").generate(seed, PEOPLE)
    for event in log:
        if event["type"] in {"hr.employment.started.v1", "hr.employment.changed.v1"}:
            if rng.random() < 0.3:
                event["data"]["variable_pay"] = rng.choice([0, 350.5, 1200, 4000])
            if rng.random() < 0.2:
                event["data"]["category"] = rng.choice(["A", "B"])
    return log


@cache
def counted(seed: int, year: int) -> tuple[list[Row], int]:
    """Everybody's pay of the year in a hostile log, day by day; and how many have none that is known."""
    log = hostile(seed)
    oracle, by_subject = module("oracle_v2", "oracle.py"), defaultdict(list)
    for event in oracle.effective_events(log):
        by_subject[event["subject"]].append(event)
    since = min(date.fromisoformat(e["data"]["effective"]) for e in log if "effective" in e.get("data", {}))
    found, without = [], 0
    for subject, events in by_subject.items():
        if subject.startswith("person/"):
            person = oracle.Person(subject.partition("/")[2], events, since, date(year, 12, 31))
            row, posted = _counted(person, year)
            found += [row] if row else []
            without += posted and row is None
    return found, without


def _counted(person: object, year: int) -> tuple[Row | None, bool]:
    hours, basic, variable, last, posted = 0, 0, 0, None, False
    for n in range(366 if year % 4 == 0 else 365):
        day, today = date(year, 1, 1) + timedelta(n), []
        for name, interval, terms in person.active(day):
            if terms.get("form", "permanent") == "hourly":
                continue
            posted = True
            weight = round(terms.get("fte", 1) * MILLIONTHS)
            if not (weight and terms.get("monthly_pay")):
                continue
            hours += weight
            basic += weight * round(terms["monthly_pay"] * MILLIONTHS)
            variable += weight * round(terms.get("variable_pay", 0) * MILLIONTHS)
            place = terms.get("form", "permanent") != "permanent", -terms.get("fte", 1), interval.first, name
            today.append((place, terms))
        last = min(today, key=lambda one: one[0])[1] if today else last
    if not hours:
        return None, posted
    grade = None if last.get("category") else last.get("grade", "regular")
    category = last.get("category"), None if last.get("category") else last["occupation"], grade
    pay = round(Fraction(basic, hours)), round(Fraction(variable, hours))
    return (last.get("gender", "unknown"), last["occupation"], category, *pay), posted


def computed(folded: Folded, year: int) -> Workforce:
    """The same from records."""
    jobs = ((subject, rows[JOB]) for subject, rows in folded.memory.rows.items() if JOB in rows)
    people = ((subject.partition("/")[2], employments(job)) for subject, job in jobs)
    return workforce(people, *days(year, MARCH))


@pytest.mark.parametrize(("seed", "year"), ASKED)
def test_every_pay_is_what_a_daily_count_gives(seed: int, year: int):
    """A hostile log, in order and shuffled with repeats: nobody's pay, place or category differs."""
    log = hostile(seed)
    want, without = counted(seed, year)
    for folded in (fold(*log), fold_batches(shuffled(log, seed))):
        got = computed(folded, year)
        rows = [(w.gender, w.occupation, tuple(w.category), w.basic, w.variable) for w in got.paid]
        assert sorted(rows, key=repr) == sorted(want, key=repr)
        assert got.without_pay == without
    assert len(want) > 20
    assert any(row[-1] for row in want)


@pytest.mark.parametrize(("seed", "year"), ASKED)
def test_every_figure_is_what_the_rows_give(seed: int, year: int):
    """Each figure that is told is the one that plain averages of all who are in the group give."""
    log = hostile(seed)
    rows, _ = counted(seed, year)
    told = disclose(fold(*log).memory, year, MARCH)
    finals = 0
    for group in told.groups:
        women, men = ([row for row in rows if row[0] == gender and is_of(group, row)] for gender in "fm")
        assert (group.women, group.men) == (len(women), len(men))
        for name, found in figures(women, men).items():
            if (figure := getattr(group, name)).status == "final":
                assert figure.value == pytest.approx(float(found()), abs=0.000_500_1), (group, name)
                finals += 1
    assert finals > 8


def is_of(group: PayGroup, row: Row) -> bool:
    """Whether somebody is of a group."""
    match group.level:
        case "all":
            return True
        case "occupation":
            return row[1] == group.occupation
        case "category":
            return row[2] == (group.category, group.occupation, group.grade)


def figures(women: Sequence[Row], men: Sequence[Row]) -> dict[str, Callable[[], Fraction]]:
    """The figures of some women and men."""

    def gap(average: Callable[[Iterable[Fraction]], Fraction], pay: Callable[[Row], int]) -> Fraction:
        w, m = (average([Fraction(pay(row)) for row in some if pay(row)]) for some in (women, men))
        return (m - w) / m

    def variable(row: Row) -> int:
        return row[4]

    def together(row: Row) -> int:
        return row[3] + row[4]

    return {
        "mean": lambda: gap(mean, together),
        "mean_variable": lambda: gap(mean, variable),
        "median": lambda: gap(median, together),
        "median_variable": lambda: gap(median, variable),
        "mean_basic": lambda: gap(mean, lambda row: row[3]),
        "women_with_variable": lambda: Fraction(sum(bool(row[4]) for row in women), len(women)),
        "men_with_variable": lambda: Fraction(sum(bool(row[4]) for row in men), len(men)),
    }


def people(gender: str, count: int, pay: float, variable: float = 0, **terms: object) -> list[Worker]:
    """So many who are paid alike."""
    occupation = str(terms.get("occupation", "socialsekreterare"))
    category = terms.get("category", Category(None, occupation, "regular"))
    return [Worker("u", gender, occupation, category, round(pay * MILLIONTHS), round(variable * MILLIONTHS))] * count


def told_of(*some: list[Worker]) -> PayGapReport:
    """The report of these."""
    return report(2025, Workforce([worker for group in some for worker in group], 0))


def test_by_hand():
    """Women have 36,000, men 40,000; ten men have 2,000 on top, five women 1,000."""
    everybody = told_of(
        people("f", 5, 36_000), people("f", 5, 36_000, 1_000), people("m", 5, 40_000), people("m", 10, 40_000, 2_000)
    ).groups[0]
    assert everybody.mean.value == 0.117  # 36,500 of 41,333
    assert everybody.median.value == 0.131  # 36,500 of 42,000
    assert everybody.mean_basic.value == 0.1
    assert (everybody.mean_variable.value, everybody.median_variable.value) == (0.5, 0.5)
    assert (everybody.women_with_variable.value, everybody.men_with_variable.value) == (0.5, 0.667)
    assert everybody.five_per_cent


def test_in_favour_of_women():
    """A gap is negative where women have more, and five per cent are five per cent in either direction."""
    favoured = told_of(people("f", 6, 42_000), people("m", 6, 40_000)).groups[0]
    assert (favoured.mean.value, favoured.five_per_cent) == (-0.05, True)
    just_below = told_of(people("f", 6, 38_001), people("m", 6, 40_000)).groups[0]
    assert (just_below.mean.value, just_below.five_per_cent) == (0.05, False)


def test_bands_are_equally_large():
    """Who is paid alike is shared alike over bands, so that no order of people decides where they are."""
    alike = [*people("f", 20, 30_000), *people("m", 20, 30_000)]
    assert in_bands(alike) == [Fraction(5)] * 4
    rising = [*people("f", 20, 30_000), *people("m", 20, 40_000)]
    assert in_bands(rising) == [10, 10, 0, 0]
    bands = told_of(rising).groups[0].women_in_bands
    assert [band.value for band in bands] == [1, 1, 0, 0]


def test_few_men():
    """Four men are not compared with anybody; without any man there is nothing to compare."""
    few, none = told_of(people("f", 20, 30_000), people("m", 4, 30_000)), told_of(people("f", 20, 30_000))
    assert (few.groups[0].mean.status, few.groups[0].mean.reason) == ("suppressed", "few")
    assert none.groups[0].mean.status == "not_applicable"


@pytest.mark.parametrize("size", [1, 6])
def test_why_a_group_is_hidden_tells_nothing_of_its_parts(size: int):
    """Nor whether its only woman has variable pay, nor of six that are hidden for others how many do."""
    small, same = Category("few"), {"category": Category("many")}
    others = people("f", 20, 30_000, 500, **same), people("m", 20, 31_000, 500, **same)
    others += people("m", 2, 31_000, 500, category=Category("two")), people("f", 2, 31_000, category=Category("two"))
    told = set()
    for receivers in range(size + 1):
        women = [*people("f", receivers, 40_000, 900, category=small)]
        women += people("f", size - receivers, 40_000, category=small)
        groups = told_of(*others, women, people("m", size, 41_000, category=small)).groups
        [group] = [one for one in groups if one.category == "few"]
        assert group.mean.status == "suppressed"
        told.add(repr(group))
    assert len(told) == 1


def test_other_genders_are_counted_and_not_compared():
    """One person of another gender hides nobody else's figure, and is in none."""
    found = told_of(people("f", 6, 30_000), people("m", 6, 30_000), people("x", 1, 90_000), people("unknown", 2, 1))
    assert (found.groups[0].others, found.groups[0].mean.value) == (3, 0.0)


def test_category_over_occupations():
    """Work of equal value is compared across occupations."""
    same = {"category": Category("likvärdigt 7")}
    found = told_of(
        people("f", 8, 34_000, occupation="biståndshandläggare", **same),
        people("m", 8, 40_000, occupation="ingenjör", **same),
    )
    category = found.groups[-1]
    assert (category.level, category.category, category.mean.value) == ("category", "likvärdigt 7", 0.15)
    assert category.five_per_cent


@pytest.mark.parametrize(("year", "why"), [(2026, "2026 is not over on 2026-03-01"), (1700, "not a year between")])
def test_years_that_cannot_be_told(year: int, why: str):
    """Pay is told of whole years that are over."""
    with pytest.raises(PayGapError, match=why):
        disclose(fold().memory, year, MARCH)


def test_nobody_paid():
    """Without any pay there is no report."""
    hired = fold(make.employment_started("ada", "2024-01-01"))
    with pytest.raises(PayGapError, match="nobody is known to have had monthly pay"):
        disclose(hired.memory, 2025, MARCH)
