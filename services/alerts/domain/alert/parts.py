"""What is asked of metrics about parts of groups: the women of each unit, on which days, and for which alerts."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from services.alerts.domain.alert.observation import SeriesKey
from services.alerts.domain.alert.promises import every
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.plan.places import Places
from services.alerts.domain.plan.plan import EVERYONE, Plan, Target, Version
from shared.contracts.groups import Values
from shared.contracts.metrics import ALL, RESTATED_DAYS, MetricValue

EACH = ""
"""As the unit of a question: each unit by itself."""
MOST_VALUES = 200_000
"""Of one answer: metrics gives a few more."""
GROUPS = 5
"""Of a unit by one dimension: everyone, three parts, and who is in none of them."""

Told = Mapping[tuple[SeriesKey, date, int], MetricValue | None]
"""By series, day and days ahead: the value, or None of a part that nobody was ever in."""


class PartsWanted(NamedTuple):
    """Alerts that are judged on a series, and the days ahead that they look at."""

    alerts: tuple[Alert, ...]
    ahead: frozenset[int]


class Asking(NamedTuple):
    """A question: the values of a metric on a day (known ``horizon`` days before it), of the parts ``by`` dimensions.

    ``unit`` is ``*`` where it is about the whole municipality, which can be told by two dimensions; else ``EACH``.
    """

    unit: str
    occupation: str
    by: str
    metric: str
    as_of: date
    horizon: int


class LastAsked(NamedTuple):
    """The day on which a question was answered last, if ever, and how often values of its metric and day have changed:
    in all (``moves``), and by when it was asked (``seen``).
    """

    on: date | None = None
    moves: int = 0
    seen: int = 0


def of_parts(plan: Plan) -> Iterator[Target]:
    """The targets of a plan that are judged on days, of parts of groups."""
    return (one for one in plan.targets.values() if one.part != EVERYONE and not one.rule)


def wanted(versions: Mapping[str, Version], places: Places) -> dict[SeriesKey, PartsWanted]:
    """The series of parts that targets of running plans judge."""
    parted = {name: version for name, version in versions.items() if any(of_parts(version.plan))}
    found: dict[SeriesKey, PartsWanted] = {}
    for alert, promise in every(parted, places).items() if parted else ():
        if promise.target.rule is None and promise.target.part != EVERYONE:
            held = found.get(promise.series, PartsWanted((), frozenset()))
            ahead = held.ahead.union(promise.target.look_ahead)
            found[promise.series] = PartsWanted((*held.alerts, alert), ahead)
    return found


def questions(want: Mapping[SeriesKey, PartsWanted], today: date) -> set[Asking]:
    """All that is asked on a day: the days whose values are restated, and those ahead that somebody looks at."""
    found = set[Asking]()
    for key, one in want.items():
        of = (ALL if key.unit == ALL else EACH, key.occupation, key.part.by, key.metric)
        if (*of, today, 0) not in found:
            found |= {Asking(*of, today - timedelta(days), 0) for days in range(RESTATED_DAYS + 1)}
        found |= {Asking(*of, today + timedelta(days), days) for days in one.ahead}
    return found


def due(asked: Mapping[Asking, LastAsked], every_one: Iterable[Asking], today: date) -> list[Asking]:
    """What is to be asked now, the latest days first: each question once a day, and again when its values moved."""
    never = LastAsked()
    return sorted(
        (one for one in every_one if _is_due(asked.get(one, never), today)),
        key=lambda one: (-one.as_of.toordinal(), one),
    )


def _is_due(last: LastAsked, today: date) -> bool:
    return last.on is None or last.on < today or last.moves > last.seen


class Request(NamedTuple):
    """One request to metrics: several metrics of the same groups on the same day."""

    unit: str
    occupation: str
    by: str
    metrics: tuple[str, ...]
    as_of: date
    horizon: int

    @property
    def question(self) -> tuple[str | None, str, str, tuple[str, ...], date]:
        """As it is asked; without a unit, of each."""
        return self.unit or None, self.occupation, self.by, self.metrics, self.as_of

    @property
    def askings(self) -> tuple[Asking, ...]:
        """The questions that it answers."""
        of = self.unit, self.occupation, self.by
        return tuple(Asking(*of, metric, self.as_of, self.horizon) for metric in self.metrics)


def requests(some: Sequence[Asking], units: int) -> list[Request]:
    """The questions in their order, those about the same groups and day together; ``units`` are all there are."""
    together: dict[tuple[object, ...], list[Asking]] = {}
    for one in some:
        together.setdefault((one.unit, one.occupation, one.by, one.as_of, one.horizon), []).append(one)
    most = max(1, MOST_VALUES // (GROUPS * max(1, units)))
    return [_request(told[n : n + most]) for told in together.values() for n in range(0, len(told), most)]


def _request(some: Sequence[Asking]) -> Request:
    one = some[0]
    return Request(one.unit, one.occupation, one.by, tuple(each.metric for each in some), one.as_of, one.horizon)


def read(want: Collection[SeriesKey], request: Request, values: Values) -> Told:
    """The value of each series that a request is about; None of a part that nobody was ever in."""
    groups = {(one.unit, one.occupation, one.gender, one.age): one.metrics for one in values.groups}
    found: dict[tuple[SeriesKey, date, int], MetricValue | None] = {}
    for key in want:
        whole = ALL if key.unit == ALL else EACH
        if (whole, key.occupation, key.part.by) == request[:3] and key.metric in request.metrics:
            measured = groups.get((key.unit, key.occupation, *key.part), {})
            found[key, request.as_of, request.horizon] = measured.get(key.metric)
    return found
