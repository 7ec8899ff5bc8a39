"""The seven figures of art. 9.1 of Directive (EU) 2023/970, from the exact pay of everybody."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import groupby, pairwise
from operator import attrgetter

from services.metrics.domain.reports.pay_secrecy import FEWEST, GENDERS, WOMEN, PaidGroup, Secrets
from services.metrics.domain.reports.workers import Worker, Workforce
from shared.contracts.pay_gap import BANDS, PayGapReport, PayGroup, Told

Average = Callable[[Sequence[int]], Fraction]
Whole = tuple[int, int] | None
"""The women and men of a group that is hidden as a whole: why tells of these, and of none of its parts."""
NEITHER = Told(status="not_applicable")
"""Where there are no women, or no men, there is nothing to compare."""
TENTH = 3
"""Decimals of what is told: a tenth of a per cent."""
ALARMING = Fraction(5, 100)
"""Art. 10: a difference of the means in a category of workers that has to be justified, or mended within six months."""


def report(year: int, workforce: Workforce) -> PayGapReport:
    """The figures of a year: of all, of each occupation, of each category."""
    secrets = Secrets(workforce.paid)
    groups = [_group(group, workers, secrets) for group, workers in _grouped(workforce.paid)]
    return PayGapReport(year=year, without_pay=workforce.without_pay, groups=groups)


def _grouped(workers: Sequence[Worker]) -> list[tuple[PaidGroup, list[Worker]]]:
    """Everybody, then occupations, then categories, each in the order of their names."""
    found = defaultdict[PaidGroup, list[Worker]](list)
    for worker in workers:
        for group in (PaidGroup(), PaidGroup(worker.occupation), PaidGroup(category=worker.category)):
            found[group].append(worker)
    return sorted(found.items(), key=lambda one: one[0].place)


def _group(group: PaidGroup, workers: Sequence[Worker], secrets: Secrets) -> PayGroup:
    women, men = sides = [[w for w in workers if w.gender == gender] for gender in GENDERS]
    hidden = secrets.of(group)
    pay, basic = [[w.pay for w in side] for side in sides], [[w.basic for w in side] for side in sides]
    variable = [[w.variable for w in side if w.variable] for side in sides]
    either = bool(women and men)
    whole = (len(women), len(men)) if hidden.pay else None
    return PayGroup(
        level=group.level,
        occupation=group.occupation or (group.category and group.category.occupation),
        grade=group.category and group.category.grade,
        category=group.category and group.category.name,
        women=len(women),
        men=len(men),
        others=len(workers) - len(women) - len(men),
        mean=_gap(pay, mean, hidden.pay and either),
        mean_variable=_gap(variable, mean, hidden.variable and either, whole),
        median=_gap(pay, median, hidden.pay and either),
        median_variable=_gap(variable, median, hidden.variable and either, whole),
        women_with_variable=_share(variable[0], women, hidden.who_has_variable, whole),
        men_with_variable=_share(variable[1], men, hidden.who_has_variable, whole),
        women_in_bands=_bands(women, men, hidden.pay),
        mean_basic=_gap(basic, mean, hidden.variable and either),
        five_per_cent=either and not hidden.pay and abs(_difference(pay, mean)) >= ALARMING,
    )


def _difference(pay: Sequence[Sequence[int]], average: Average) -> Fraction:
    women, men = (average(some) for some in pay)
    return (men - women) / men


def _gap(pay: Sequence[Sequence[int]], average: Average, hidden: bool, whole: Whole = None) -> Told:
    if hidden:
        return _suppressed(*(whole or map(len, pay)))
    return _told(_difference(pay, average)) if all(pay) else NEITHER


def _share(some: Sequence[int], of: Sequence[Worker], hidden: bool, whole: Whole) -> Told:
    if not of:
        return NEITHER
    if hidden:
        return _suppressed(*(whole or (len(some), len(of) - len(some))))
    return _told(Fraction(len(some), len(of)))


def _suppressed(*counts: int) -> Told:
    """Why it is hidden, by how many people it is about."""
    return Told(status="suppressed", reason="few" if any(0 < n < FEWEST for n in counts) else "subtraction")


def _told(value: Fraction) -> Told:
    return Told(status="final", value=float(round(value, TENTH)))


def _bands(women: Sequence[Worker], men: Sequence[Worker], hidden: bool) -> list[Told]:
    """The share of women in each band; told where no band has some, but fewer than five, women or men."""
    if not (women and men):
        return [NEITHER] * BANDS
    counts, band = in_bands([*women, *men]), Fraction(len(women) + len(men), BANDS)
    small = any(0 < n < FEWEST for count in counts for n in (count, band - count))
    if hidden:
        return [_suppressed(len(women), len(men))] * BANDS
    if small:
        return [_suppressed(1)] * BANDS
    return [_told(count / band) for count in counts]


def in_bands(workers: Sequence[Worker]) -> list[Fraction]:
    """How many women each of four bands has, which are equally large: who is paid alike is shared alike."""
    counts, edge = [Fraction(0)] * BANDS, Fraction(len(workers), BANDS)
    done = Fraction(0)
    for _, some in groupby(sorted(workers, key=attrgetter("pay")), attrgetter("pay")):
        alike = list(some)
        women = Fraction(sum(w.gender == WOMEN for w in alike), len(alike))
        for n, (low, high) in enumerate(pairwise(edge * k for k in range(BANDS + 1))):
            counts[n] += women * max(Fraction(0), min(high, done + len(alike)) - max(low, done))
        done += len(alike)
    return counts


def mean(pay: Sequence[int]) -> Fraction:
    """The arithmetic mean."""
    return Fraction(sum(pay), len(pay))


def median(pay: Sequence[int]) -> Fraction:
    """The middle one, or halfway between the two in the middle."""
    ordered, n = sorted(pay), len(pay)
    return Fraction(ordered[(n - 1) // 2] + ordered[n // 2], 2)
