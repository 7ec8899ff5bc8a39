"""What cannot be: more answers than were invited, a pay that nobody has, an absence longer than a life at work.

They are no part of the structures, since what was once accepted must stay readable.
"""

from collections.abc import Iterator
from math import isclose
from typing import NamedTuple

from services.ingest.domain.refusal import RefusalError
from shared.contracts.events import (
    TYPES,
    AbsenceStarted,
    CostReported,
    Data,
    EmploymentStarted,
    PulseReported,
    TimeReported,
)


class Range(NamedTuple):
    """The least and the most a field may say, and why nothing real is outside."""

    least: float
    most: float
    reason: str


_HOURS = Range(0, 24 * 366, "a report is of a year at most, and a leap year has so many hours")
_COST = Range(0, 1e9, "SEK of one unit: a year of a thousand people is less")
RANGES = {
    "monthly_pay": Range(
        5_000, 1_000_000, "SEK a month at full time: less is an hourly pay or thousands, more is öre or years"
    ),
    "variable_pay": Range(0, 1_000_000, "SEK a month at full time, on top of the monthly pay: more is öre or years"),
    "hourly_cost": Range(0, 10_000, "SEK an hour: more is the cost of days"),
    "amount": Range(1, 500_000, "SEK paid to one person at one time: more is a pay of a year, or of many people"),
    "worked_hours": _HOURS,
    "overtime_hours": _HOURS,
    "documentation_hours": _HOURS,
    "client_hours": _HOURS,
    "open_cases": Range(0, 100_000, "one person's: hundreds are many, but some count all of a unit's as one person's"),
    "points": Range(0, 1_000_000, "ten for each of the most cases"),
    "invited": Range(0, 1_000_000, "more than any municipality employs"),
    "personnel_cost": _COST,
    "agency_cost": _COST,
    "cases": Range(0, 100_000, "one unit's on a day: ten of the largest caseloads"),
}
"""By the name of the field in the data. Hours above 24 a day are accepted and counted: either may be wrong."""
_AMOUNTS = (
    "monthly_pay",
    "variable_pay",
    "hourly_cost",
    "amount",
    "personnel_cost",
    "agency_cost",
    "points",
    "score_sum",
)
DECIMALS = {
    **dict.fromkeys(("fte", "extent"), 6),
    **dict.fromkeys(("worked_hours", "overtime_hours", "documentation_hours", "client_hours"), 4),
    **dict.fromkeys(_AMOUNTS, 2),
}
"""How many mean something, by the name of the field. More say something else: a personal identity number, say."""
_NOISE = 1e-12
"""The part of a number by which sums of decimals are off in binary."""
_ranges = {
    kind: tuple((name, RANGES[name]) for name in kind.__struct_fields__ if name in RANGES) for _, kind in TYPES.values()
}
_decimals = {
    kind: tuple((name, DECIMALS[name]) for name in kind.__struct_fields__ if name in DECIMALS)
    for _, kind in TYPES.values()
}
HIGHEST_SCORE = 100
AGES = range(13, 121)
"""Years from birth to employment: younger people may not work (Arbetsmiljölagen 5:2), older ones are typing errors."""
REPORT_DAYS = 366
ABSENCE_DAYS = 50 * 366


def check(data: Data) -> None:
    """Raise RefusalError with the first field that cannot be so, by itself or beside the others."""
    for fault in faults(data):
        raise fault


def faults(data: Data) -> Iterator[RefusalError]:
    """Every field that cannot be so."""
    for name, (least, most, reason) in _ranges[type(data)]:
        said: float | None = getattr(data, name)
        if said is not None and not least <= said <= most:
            yield _refusal(name, f"not within {least:,.0f}–{most:,.0f} ({reason})")
    for name, decimals in _decimals[type(data)]:
        number: float | None = getattr(data, name)
        if number is not None and not isclose(number, round(number, decimals), rel_tol=_NOISE):
            yield _refusal(name, f"more than {decimals} decimals")
    match data:
        case EmploymentStarted(born=int(born)) if data.effective.year - born not in AGES:
            yield _refusal("born", f"nobody is employed but at {AGES.start}–{AGES.stop - 1} years")
        case PulseReported():
            yield from _of_pulse(data)
        case AbsenceStarted(last_day=last) if last and (last - data.effective).days > ABSENCE_DAYS:
            yield _refusal("last_day", "an absence of more than 50 years")
        case TimeReported() | CostReported() if (data.last - data.first).days >= REPORT_DAYS:
            yield _refusal("to", f"a report of more than {REPORT_DAYS} days")


def _of_pulse(pulse: PulseReported) -> Iterator[RefusalError]:
    most = (
        ("answers", pulse.answers, pulse.invited, "invited"),
        ("negative", pulse.negative, pulse.answers, "answers"),
        ("score_sum", pulse.score_sum, HIGHEST_SCORE * pulse.answers, f"{HIGHEST_SCORE} × answers"),
    )
    for name, said, limit, of in most:
        if said > limit:
            yield _refusal(name, f"more than {of}")


def _refusal(name: str, message: str) -> RefusalError:
    return RefusalError("invalid_value", f"$.data.{name}", f"{name}: {message}")
