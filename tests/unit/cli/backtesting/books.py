"""What the services publish and decide in the evening of each day, day after day: the slow way to a backtest."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import msgspec
import numpy as np

from cli.offline.backtesting.ground import TreesTold
from cli.offline.backtesting.recorded import Recorded
from services.alerts.domain.alert.observation import Observation, SeriesKey
from services.alerts.domain.alert.promises import every
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.backtest.history import AlertHistory
from services.alerts.domain.plan.places import Places
from services.alerts.domain.plan.plan import Plan, Unit, Version
from services.metrics.domain.disclosure.remembered import Remembered
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.sums.kernels import Ints
from services.metrics.domain.sums.periods import month_of
from services.metrics.domain.sums.tree import Trees
from services.metrics.domain.values.book import Book
from services.metrics.domain.values.sheet import Published
from shared.contracts.catalogue.disclosure import ByMonth
from shared.contracts.envelope import CloudEvent
from tests import builders as make

WINDOW = 365

REORGANISED = [
    msgspec.json.decode(make.encoded(one), type=CloudEvent)
    for one in (
        make.unit_defined("ifo-eb-1", "2024-02-10", parent="ifo-bou", time="2024-02-05T08:00:00Z"),
        make.unit_closed("alf-ald-1", "2024-02-14", successor="ifo-eb-1", time="2024-02-16T08:00:00Z"),
        make.unit_closed("ifo-bou-1", "2024-02-19", time="2024-02-17T08:00:00Z"),
        make.unit_defined("ifo-eb", "2024-01-15", level="department", parent="alf", time="2024-02-21T08:00:00Z"),
        make.unit_defined("ifo-bou-1", "2024-03-01", parent="ifo-vux", time="2024-02-28T08:00:00Z"),
    )
]
"""A unit moves to another department; one is closed into it, which is told late; one is closed and comes back
elsewhere; and a department turns out to have moved weeks ago."""


Row = tuple[int, int, int, int]


class Evening(NamedTuple):
    """What is published in an evening: a unit as it lies then, and the values of groups that differ."""

    today: int
    units: Mapping[str, Unit]
    published: Sequence[Published]


def evenings(log: Recorded) -> Iterator[Evening]:
    """A book each day, in the place of that of the day before, of everything recorded by then."""
    numbers: dict[Cell, int] = {}
    facts: list[Row] = []
    firsts, trees = [], TreesTold()
    kept: dict[ByMonth, dict] = {kind: {} for kind in ByMonth}
    until, old = 0, None
    for day in range(log.first, log.last + 1):
        came = log.days.get(day)
        if came and came.definitions is not None:
            trees.define(came.definitions)
        fresh = [
            (numbers.setdefault(log.cells[cell], len(numbers) + 1), *fact)
            for cell, *fact in log.facts[log.facts[:, 0] == day, 1:].tolist()
        ]
        firsts += [came.firsts] if came else []
        book = _turned(old, day, trees.now, facts)
        if book is None:
            book = Book(trees.now, day, WINDOW, remembered=Remembered(until, kept))
            if old:
                book.follow(old)
            book.know((number, cell) for cell, number in numbers.items())
            book.rest_on(_table(facts))
            book.sum(_table(facts))
        book.know((number, cell) for cell, number in numbers.items())
        for some in firsts:
            book.cover(some)
        book.add(_table(fresh))
        facts += fresh
        telling = book.tell()
        until = telling.until
        for one in telling.keeping:
            kept[one.kind].setdefault(one.month, {})[one.group] = one.kept
        trees.tell(day, frozenset(cell.unit for cell in numbers))
        told = [one for some in book.changed() for one in some]
        yield Evening(day, {one.group.unit: _unit(book, one.group.unit) for one in told}, told)
        old = book


def _turned(book: Book | None, day: int, trees: Trees, facts: Sequence[Row]) -> Book | None:
    """The book of the day before, on a later day of its month; None where it takes another."""
    if book is None or month_of(day) != month_of(book.today) or not book.places_alike(trees.on(day)):
        return None
    book.rename(trees, day)
    ahead = book.ahead(day)
    book.prepare(ahead, _table(facts))
    book.turn(day, ahead)
    return book


def _table(facts: Sequence[Row]) -> Ints:
    return np.array(facts, np.int64).reshape(-1, 4)


def _unit(book: Book, name: str) -> Unit:
    return Unit(name, book.tree.name(name), book.tree.path(name), name in book.tree.closed)


def judged(plan: Plan, log: Recorded) -> dict[Alert, AlertHistory]:
    """Every alert of a plan, judged every evening on all that was published by then."""
    versions = {plan.id: Version(plan, 1, "", "", *2 * [None])}
    kept: dict[SeriesKey, dict[tuple[date, int], Observation]] = {}
    places, histories = Places(), dict[Alert, AlertHistory]()
    for evening in evenings(log):
        today = date.fromordinal(evening.today)
        for unit in evening.units.values():
            places.learn(unit)
        for one in evening.published:
            as_of = date.fromordinal(one.as_of)
            ahead = max(0, (as_of - today).days)
            for metric, measured in one.metrics.items():
                key = SeriesKey(one.group.unit, one.group.occupation, metric)
                kept.setdefault(key, {})[as_of, ahead] = Observation(as_of, ahead, measured)
        asked = every(versions, places)
        for alert, promise in asked.items():
            history = histories.setdefault(alert, AlertHistory(alert))
            wanted = {0, *promise.target.look_ahead}
            seen = [one for one in kept.get(promise.series, {}).values() if one.horizon in wanted]
            history.judge(promise, seen, today, WINDOW)
        for alert in histories.keys() - asked.keys():
            histories[alert].withdraw(today)
    return histories


def summary(history: AlertHistory) -> tuple:
    """All that a backtest may say of an alert."""
    raised = sorted((one.episode.id, one.episode.spell, one.raised, one.closed) for one in history.raised.values())
    standing = history.standing
    state = (standing.state, standing.since, standing.steps) if standing else ("ok", None, 0)
    return raised, sorted(history.notices, key=str), state
