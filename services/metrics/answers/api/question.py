"""What a question may say, and the sentence that is answered when it does not make sense."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Annotated, NamedTuple, NoReturn

import numpy as np
from litestar.params import QueryParameter

from services.metrics.answers.register import Register
from services.metrics.domain.sums.groups import DIMENSIONS
from services.metrics.domain.sums.kernels import Ints, Window
from services.metrics.domain.sums.periods import Months, told_of
from services.metrics.domain.sums.selection import Selection
from services.metrics.domain.sums.windows import TWELVE_MONTHS, WindowLength, windows
from shared.contracts.catalogue import BY_NAME, METRICS, Metric
from shared.contracts.catalogue.disclosure import ByMonth
from shared.contracts.metrics import ALL
from shared.contracts.problems import Fault, unknown
from shared.kit.problems import all_of, missing, refuse

LONGEST_WINDOW = 3660
FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2200, 12, 31)
"""The days that events may speak of."""

TELLS = {ByMonth.HEALTH: "tells of absence", ByMonth.PULSE: "tells of what people answered"}

PRESENT = "as known now only, since what has come in since may be about one person"

WHOLE = (
    "of whole months only, since days and windows can be subtracted until one person is left:"
    " leave window out for the twelve months that ended last, or ask /v1/series by month, quarter or year for these"
    " (window=step) or for the twelve months up to each"
)

Unit = Annotated[str | None, QueryParameter(description="a unit's reference; * for everything; all units if absent")]
OneUnit = Annotated[str, QueryParameter(description="a unit's reference with everything below it; * for everything")]
Occupation = Annotated[str | None, QueryParameter(description="one occupation, or * for all (default)")]
By = Annotated[
    str | None,
    QueryParameter(
        description="also a group for each occupation, gender or age; of unit=* for two of these, comma separated"
    ),
]
AsOf = Annotated[date | None, QueryParameter(description="any day, past or future; today if absent")]
KnownAt = Annotated[
    str | None,
    QueryParameter(
        description="RFC 3339: only what this service had taken in by then, not of absence or pulses; all if absent"
    ),
]
Days = Annotated[
    str | None,
    QueryParameter(
        description="days of the window, or 12m: from the same date a year before to the day; the service's if absent;"
        " absence and pulses are told of twelve whole months"
    ),
]
Names = Annotated[str | None, QueryParameter(name="metrics", description="names, comma separated; all if absent")]


def metrics(names: str | None) -> tuple[Metric, ...]:
    """The metrics named; all of them if none is."""
    if not names:
        return METRICS
    all_of(*(partial(metric, name) for name in names.split(",")))
    return tuple(metric(name) for name in names.split(","))


def none(days: Ints) -> list[Months]:
    """No months, for each day."""
    return [() for _ in days]


class When(NamedTuple):
    """The as-of days and windows of a question, as known when; ``usual`` is the service's window."""

    days: Ints
    length: WindowLength | Ints
    usual: WindowLength
    today: date
    known_at: str | None = None

    @property
    def window(self) -> Window:
        """The days of the windows that end on the days."""
        return windows(self.length, self.days)

    @property
    def periods(self) -> list[Months]:
        """The months that values told by month tell of; none as known earlier, since the difference may be one's."""
        found = told_of(self.days, self.length, self.usual, self.today.toordinal())
        return none(self.days) if self.known_at else found


def months_disclosed(wanted: Sequence[Metric], when: When, *, by_months: bool = True) -> list[Months]:
    """The whole months that values told by month tell of; refuses a metric that is named and not told.

    Without any among all metrics (METRICS itself), they are suppressed there. ``by_months`` is False for days and weeks
    that follow one another.
    """
    found = when.periods if by_months else none(when.days)
    by_month = [(one.name, TELLS[one.by_month]) for one in wanted if one.by_month]
    if wanted is not METRICS and by_month and (why := _untold(when, found)):
        refuse(*(_untellable(f"{name} {tells}, and {why}") for name, tells in by_month))
    return found if by_month else []


def _untold(when: When, found: list[Months]) -> str | None:
    if when.known_at:
        return f"{PRESENT}: leave known_at out"
    if int(np.max(when.days)) > when.today.toordinal():
        return f"not ahead of time: ask for days up to {when.today}"
    return None if any(found) else WHOLE


def restated(name: str) -> Metric:
    """The metric of a name, whose values before and after may be told."""
    if kind := (found := metric(name, "query.metric")).by_month:
        refuse(_untellable(f"{name} {TELLS[kind]}, and {PRESENT}: ask /v1/series for it", "query.metric"))
    return found


def metric(name: str, path: str = "query.metrics") -> Metric:
    """The metric of a name, which the question has at ``path``."""
    if name not in BY_NAME:
        refuse(unknown(path, f"no metric {name!r}", name, BY_NAME))
    return BY_NAME[name]


def selection(unit: str | None, occupation: str | None, by: str | None = None) -> Selection:
    """Which groups are asked about; ``occupation`` None is one for each, as ``by`` occupation."""
    dimensions = set(by.split(",")) if by else set()
    if strange := sorted(dimensions - set(DIMENSIONS)):
        expected = f"expected {', '.join(DIMENSIONS)}"
        refuse(*(unknown("query.by", f"by={one!r}: {expected}", one, DIMENSIONS) for one in strange))
    fixed = {"occupation": occupation} if occupation not in {None, ALL} else {}
    dimensions |= {"occupation"} if occupation is None else set()
    if len(dimensions | fixed.keys()) > (2 if unit == ALL else 1):
        wrong("by", "a unit's groups are by one of occupation, gender and age; those of unit=* by two at most")
    return Selection(unit, frozenset(dimensions - fixed.keys()), {k: v for k, v in fixed.items() if v is not None})


def instant(known_at: str | None) -> datetime | None:
    """A time; in UTC if it does not say how far from it."""
    if known_at is None:
        return None
    try:
        at = datetime.fromisoformat(known_at.replace(" ", "+"))
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        wrong("known_at", f"known_at={known_at!r}: expected a time such as 2025-03-01T12:00:00Z")


def window(asked: str | None, usual: WindowLength, *others: str) -> WindowLength:
    """The window asked for, or the usual one; ``others`` may be asked for besides."""
    if asked is None:
        return usual
    if asked == TWELVE_MONTHS:
        return TWELVE_MONTHS
    if not asked.isdecimal() or not 1 <= int(asked) <= LONGEST_WINDOW:
        besides = ", ".join((f"1 to {LONGEST_WINDOW} days", TWELVE_MONTHS, *others))
        wrong("window", f"window={asked!r}: expected one of {besides}")
    return int(asked)


def day(name: str, asked: date) -> date:
    """A day that events may speak of."""
    if not FIRST_DAY <= asked <= LAST_DAY:
        wrong(name, f"{name}={asked}: expected a day from {FIRST_DAY} to {LAST_DAY}")
    return asked


def _untellable(detail: str, path: str = "query.metrics") -> Fault:
    return Fault(reason="not_told", path=path, detail=detail)


def unit(register: Register, asked: str | None, said: str | None = None) -> None:
    """Answer 404, with the nearest name, for a unit that no event has named; ``said`` says so in words of its own."""
    if asked is not None and not register.knows(asked):
        missing("query.unit", f"no unit {asked!r}", asked, register.names(), said)


def one_of(name: str, asked: str | None, known: Iterable[str]) -> None:
    """Refuse a word that is none of those known."""
    if asked is not None and asked not in (words := sorted(known)):
        refuse(unknown(f"query.{name}", f"{name}={asked!r}: expected one of {', '.join(words)}", asked, words))


def wrong(name: str, detail: str) -> NoReturn:
    """Refuse what a parameter says."""
    refuse(Fault(reason="invalid_value", path=f"query.{name}", detail=detail))
