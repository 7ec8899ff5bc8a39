"""What is asked of metrics about parts of groups: the women of each unit, on which days, and for which alerts."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from services.alerts.domain.alert.observation import SeriesKey
from services.alerts.domain.alert.promises import promise
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.plan.places import Places
from services.alerts.domain.plan.plan import EVERYONE, Part, Plan, Target, Version
from shared.contracts.catalogue import BY_NAME
from shared.contracts.groups import GroupValues, Values
from shared.contracts.metrics import ALL, RESTATED_DAYS, MetricValue

EACH = ""
"""As the unit of a question: each unit by itself."""
MOST_VALUES = 250_000
"""Of one answer of metrics."""
GROUPS = 5
"""Of a unit by one dimension: everyone, three parts, and who is in none of them."""

FEW = 10
"""People at the most of whom nothing is told, as of health."""
HEALTH = "sick_rate"
STAFF, WORK, LEFT = "headcount", "fte", "leaver_rate"
"""Asked for with any metric. That of health has been decided among all groups, and what they leave over, in the months
that ended last; the others tell who has come since: permanent staff, everyone else, and who was there in the window."""

Told = Mapping[tuple[SeriesKey, date], MetricValue | None]
"""By series and day: the value, or None of a part that nobody was ever in."""


class Asking(NamedTuple):
    """A question: the values of a metric on a day, of the parts ``by`` dimensions.

    ``unit`` is ``*`` where it is about the whole municipality, which can be told by two dimensions; else ``EACH``.
    """

    unit: str
    occupation: str
    by: str
    metric: str
    as_of: date


def named(metrics: Iterable[str]) -> list[str]:
    """What is asked for: metrics of parts, and those that tell whether a part may be told at all."""
    return sorted({*metrics, HEALTH, STAFF, WORK, LEFT})


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


def wanted(
    versions: Mapping[str, Version], places: Places, units: Iterable[str] | None = None
) -> dict[SeriesKey, list[Alert]]:
    """The series of parts that targets of running plans judge, and the alerts on each; of these units, or of all."""
    judged = [(plan, target.id) for plan, version in versions.items() for target in of_parts(version.plan)]
    found: dict[SeriesKey, list[Alert]] = {}
    for alert in (Alert(*one, unit) for one in judged for unit in (places.units if units is None else units)):
        if asked := promise(alert, versions, places):
            found.setdefault(asked.series, []).append(alert)
    return found


def questions(want: Collection[SeriesKey], today: date) -> set[Asking]:
    """All that is asked on a day: of each of the days whose values are restated."""
    groups = {(ALL if key.unit == ALL else EACH, key.occupation, key.part.by, key.metric) for key in want}
    days = [today - timedelta(back) for back in range(RESTATED_DAYS + 1)]
    return {Asking(*of, day) for of in groups for day in days}


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

    @property
    def question(self) -> tuple[str | None, str, str, Sequence[str], date]:
        """As it is asked; without a unit, of each. That of health tells whether a part may be told at all."""
        return self.unit or None, self.occupation, self.by, named(self.metrics), self.as_of

    @property
    def askings(self) -> tuple[Asking, ...]:
        """The questions that it answers."""
        return tuple(Asking(self.unit, self.occupation, self.by, metric, self.as_of) for metric in self.metrics)


def requests(some: Iterable[Asking], units: int) -> list[Request]:
    """The questions in their order, those about the same groups and day together; ``units`` are all there are."""
    together: dict[tuple[str, str, str, date], list[str]] = {}
    for one in some:
        together.setdefault((one.unit, one.occupation, one.by, one.as_of), []).append(one.metric)
    most = max(1, MOST_VALUES // (GROUPS * max(1, units)) - len(named(())))
    return [
        Request(unit, occupation, by, tuple(metrics[n : n + most]), day)
        for (unit, occupation, by, day), metrics in together.items()
        for n in range(0, len(metrics), most)
    ]


def read(want: Collection[SeriesKey], request: Request, values: Values) -> Told:
    """The value of each series that a request is about; None of a part that nobody was ever in.

    A part is told where health may be told of it and of its group, and where it and what its group has besides are not
    few by now: so nothing is left over of ten people or fewer, also of metrics that look at one group alone. What else
    metrics hides stays hidden.
    """
    groups: dict[tuple[str, str], dict[Part, GroupValues]] = {}
    for one in values.groups:
        groups.setdefault((one.unit, one.occupation), {})[Part(one.gender, one.age)] = one
    untold = {place: _untold(parts, request.by) for place, parts in groups.items()}
    found: dict[tuple[SeriesKey, date], MetricValue | None] = {}
    for key in want:
        place, whole = (key.unit, key.occupation), ALL if key.unit == ALL else EACH
        if (whole, key.occupation, key.part.by) == request[:3] and key.metric in request.metrics:
            part, private = groups.get(place, {}).get(key.part), key.part in untold.get(place, ())
            measured = part.metrics[key.metric] if part else None
            found[key, request.as_of] = hidden(key.metric) if part and private else measured
    return found


def _untold(groups: Mapping[Part, GroupValues], by: str) -> Collection[Part]:
    """The parts of a group of which nothing is told."""
    if EVERYONE not in groups or groups[EVERYONE].private is not False:
        return groups
    beside = {part: one for part, one in groups.items() if part.by == by}
    return {part for part, one in beside.items() if one.private is not False} | few(
        {part: one.metrics[STAFF].value or 0.0 for part, one in beside.items() if _is_there(one)}
    )


def _is_there(one: GroupValues) -> bool:
    """Whether a value of a part tells of anybody."""
    told = (one.metrics[STAFF].value, one.metrics[WORK].value, one.metrics[LEFT].denominator)
    return any(number is None or number > 0 for number in told)


def few(people: Mapping[Part, float]) -> set[Part]:
    """The parts that are small, with as many of the smallest others as it takes that they are not few together."""
    found = {part for part, count in people.items() if count <= FEW}
    for part in sorted(people, key=lambda one: (people[one], one)):
        if not found or sum(people[one] for one in found) > FEW:
            break
        found.add(part)
    return found


def hidden(metric: str) -> MetricValue:
    """The value of a part that may not be told."""
    return MetricValue(status="suppressed", definition=BY_NAME[metric].definition)
