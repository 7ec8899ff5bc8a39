"""What plans ask of alerts over some days, as if they had been adopted on the first, and what came of each alert."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

import msgspec

from services.alerts.domain.alert.observation import SeriesKey
from services.alerts.domain.alert.promises import Promise, every
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.backtest.history import AlertHistory
from services.alerts.domain.backtest.known import Known, Table
from services.alerts.domain.backtest.replaying import Codes, Replay, Seen
from services.alerts.domain.plan.places import Places
from services.alerts.domain.plan.plan import EVERYONE, Plan, Target, Unit, Version
from shared.contracts.metrics import RESTATED_DAYS, MetricValue

WEEK = 7
"""Days."""


class Asked(NamedTuple):
    """What a plan asks of an alert from a day on, by number; None: nothing."""

    day: int
    promise: Promise | None


class Days(NamedTuple):
    """The days by number, and by day the units that were told of first, or otherwise than before."""

    first: int
    last: int
    moved: Mapping[int, Sequence[Unit]]

    @property
    def units(self) -> Mapping[str, Unit]:
        """Those told of by the last day, as they were then."""
        return {unit.id: unit for day in sorted(self.moved) for unit in self.moved[day]}


class Series(NamedTuple):
    """The values of an alert: a row of a table, and the first day on which its group was told of."""

    table: Table
    row: int
    since: int


_packed = msgspec.msgpack.Encoder().encode
_unpacked = msgspec.msgpack.Decoder(list[MetricValue]).decode


class Watched(NamedTuple):
    """On how many days an alert was judged, what was asked of it last, and its weekly values as known in the end.

    The values are packed: there are hundreds of thousands, they go from process to process, and few are looked at.
    """

    days: int
    target: Target
    packed: bytes

    @property
    def history(self) -> list[MetricValue]:
        """The weekly values, the earliest first."""
        return _unpacked(self.packed)


class Tested(NamedTuple):
    """A plan, and what became of each of its alerts; ``units`` are those told of by the last day.

    ``watched`` has those alerts of whose groups anything was told.
    """

    plan: Plan
    alerts: Sequence[AlertHistory]
    units: Mapping[str, Unit]
    watched: Mapping[Alert, Watched]


def asked(plan: Plan, over: Days) -> Mapping[Alert, list[Asked]]:
    """By alert what the plan asks of it, whenever that changes."""
    begun = datetime.combine(date.fromordinal(over.first), datetime.min.time(), UTC)
    versions = {plan.id: Version(plan, 1, plan.id, plan.id, begun, begun)}
    places, found = Places(), dict[Alert, list[Asked]]()
    for day in sorted(over.moved):
        for unit in over.moved[day]:
            places.learn(unit)
        now = {alert: one for alert, one in every(versions, places).items() if _is_retold(one.target)}
        for alert in found.keys() | now.keys():
            told = found.setdefault(alert, [])
            if (promise := now.get(alert)) != (told[-1].promise if told else None):
                told.append(Asked(day, promise))
    return {alert: told for alert, told in found.items() if told}


def _is_retold(target: Target) -> bool:
    """Whether it was published on each day what a target is judged on: neither months nor parts are."""
    return target.rule is None and target.part == EVERYONE


def key(told: Sequence[Asked]) -> SeriesKey | None:
    """The series of an alert; what a target measures is the same for every unit."""
    return next((one.promise.series for one in told if one.promise), None)


class Question(NamedTuple):
    """A series that anything is asked of, and for which days ahead."""

    series: SeriesKey
    ahead: tuple[int, ...]


def questions(every: Iterable[Mapping[Alert, Sequence[Asked]]]) -> list[Question]:
    """All that has to be known of values for what plans ask."""
    found: dict[SeriesKey, set[int]] = {}
    for alerts in every:
        for told in alerts.values():
            for one in told:
                if one.promise:
                    found.setdefault(one.promise.series, set()).update(one.promise.target.look_ahead)
    return [Question(series, tuple(sorted(ahead))) for series, ahead in found.items()]


def tested(
    plan: Plan, every: Mapping[Alert, Sequence[Asked]], values: Mapping[SeriesKey, Series], over: Days
) -> Tested:
    """What becomes of each alert of a plan by the values of its series; without any, nothing was told of its group."""
    series = {alert: values.get(one) for alert in sorted(every) if (one := key(every[alert]))}
    found = [replayed(alert, every[alert], one, over) for alert, one in series.items()]
    watched = {alert: told for alert, one in series.items() if (told := watching(every[alert], one, over))}
    return Tested(plan, found, over.units, watched)


def replayed(alert: Alert, told: Sequence[Asked], series: Series | None, over: Days) -> AlertHistory:
    """One alert over all days; without a series nothing was ever told of its group."""
    if series is None:
        return AlertHistory(alert)
    table, row, since = series
    replay = Replay(alert, Seen(table, row, over.first, since))
    for promise, days in _spans(told, since, over.last):
        if promise is None:
            replay.withdraw(days[0])
        elif days:
            replay.go(promise, Codes(table, row, over.first, promise), days)
    return replay.history


def watching(told: Sequence[Asked], series: Series | None, over: Days) -> Watched | None:
    """What chance has to be told from in one alert; None where nothing was told of its group."""
    if series is None:
        return None
    table, row, since = series
    spans = [(promise, len(days)) for promise, days in _spans(told, since, over.last) if promise]
    weeks = [min(day + RESTATED_DAYS, over.last) for day in range(over.last, since - 1, -WEEK)]
    asks = [Known(row, known, over.last - WEEK * at - known) for at, known in enumerate(weeks)]
    history = table.values(asks[::-1])
    return Watched(sum(days for _, days in spans), spans[-1][0].target, _packed(history)) if spans else None


def _spans(told: Sequence[Asked], since: int, last: int) -> Iterator[tuple[Promise | None, range]]:
    """What is asked over which days, from the first on which there are any values."""
    ends = [one.day for one in told[1:]]
    for one, end in zip(told, [*ends, last + 1], strict=True):
        if days := range(max(one.day, since), end):
            yield one.promise, days
