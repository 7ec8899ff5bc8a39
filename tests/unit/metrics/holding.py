"""Deliveries in small: what replicas commit to the ledger, and the rounds of the one that leads.

Which events messages bring, which units those touch, how long they are waited for and which moment is published are
the service's own rules. What its statements and its loop do is told again here, in few words.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from prometheus_client import CollectorRegistry

from services.metrics.domain.facts.reported import Reported
from services.metrics.domain.record.arrivals import Delivery, arrivals
from services.metrics.domain.sums.touched import touched
from services.metrics.domain.sums.tree import Tree
from services.metrics.intake import touching
from services.metrics.ledger.deliveries import Begun, Deliveries
from services.metrics.publishing.cut import Moment
from services.metrics.publishing.waiting import Waiting
from services.metrics.telemetry import Telemetry
from shared.contracts.metrics import ALL
from tests import builders as make

PARTITIONS, PATIENCE, MOST = 2, 10, 4
TREE = Tree({"a": "ab", "b": "ab"}, {}, {})


class Message(NamedTuple):
    """One event, as a delivery brings it or as of none; ``adds`` is by unit, and of ``*`` to all of them."""

    id: str
    adds: tuple[tuple[str, int], ...]
    delivery: Delivery | None = None
    size: int | None = None

    @property
    def raw(self) -> bytes:
        """As Kafka has it."""
        of = self.delivery or Delivery("hr-system", "")
        named = {"delivery": of.id or None, "deliverycount": self.size}
        made = make.unit_defined(self.id, id=self.id, source=of.source)
        return make.encoded(made | {name: value for name, value in named.items() if value is not None})


def values(messages: Sequence[Message]) -> dict[str, int]:
    """What some events come to, each once, by unit that anything is known of."""
    adds = [add for one in {one.id: one for one in messages}.values() for add in one.adds]
    units = {ALL}.union(*(TREE.path(unit) for unit, _ in adds))
    return {unit: sum(n for at, n in adds if at == ALL or unit in TREE.path(at)) for unit in units}


class Clock:
    """Seconds, of the database and of whoever leads."""

    def __init__(self) -> None:
        """At the beginning."""
        self.now = 0.0


class Batch(NamedTuple):
    """What a replica has read of a partition from a place on."""

    part: int
    at: int
    messages: Sequence[Message]


class Row(NamedTuple):
    """What one commit noted of a delivery."""

    number: int
    at: float
    of: Delivery
    size: int | None
    events: frozenset[int]
    units: frozenset[str]


class Commit(NamedTuple):
    """A batch that was folded."""

    at: float
    messages: Sequence[Message]


class State(NamedTuple):
    """The ledger as one transaction reads it."""

    commits: Sequence[Commit]
    folded: Mapping[int, int | None]
    rows: Sequence[Row]
    deliveries: Deliveries
    at: float

    @property
    def values(self) -> dict[str, int]:
        """What the book has."""
        return values([one for commit in self.commits for one in commit.messages])


class Ledger:
    """PostgreSQL: positions, events, and what was noted of deliveries."""

    def __init__(self, clock: Clock) -> None:
        """Empty."""
        self._clock = clock
        self.positions = dict.fromkeys(range(PARTITIONS), 0)
        self._commits: list[Commit] = []
        self._rows: list[Row] = []
        self._ended: dict[int, bool] = {}

    def commit(self, batch: Batch) -> None:
        """All of a batch; nothing if its partition was folded from there by another."""
        if self.positions[batch.part] != batch.at:
            return
        known = {one.id for commit in self._commits for one in commit.messages}
        new = [one for one in batch.messages if one.id not in known]
        self.positions[batch.part] += len(batch.messages)
        self._commits.append(Commit(self._clock.now, batch.messages))
        self._note(batch, new)

    def _note(self, batch: Batch, new: Sequence[Message]) -> None:
        found = arrivals(one.raw for one in batch.messages)
        moved = {f"unit/{one.id}": [unit for unit, _ in one.adds if unit != ALL] for one in new}
        reports = {
            f"unit/{one.id}": {Reported(one.delivery.source, "", "", False): 1}
            for one in new
            if one.delivery and ALL in dict(one.adds)
        }
        firsts = {one: 1 for told in reports.values() for one in told}
        units = touching.touched(found, moved, reports, firsts, firsts)
        for of, it in found.items():
            self._rows.append(
                Row(len(self._commits), self._clock.now, of, it.size, it.events, frozenset(units.get(of, ())))
            )

    def look(self) -> State:
        """All of it, at one moment."""
        return State([*self._commits], {**self.positions}, [*self._rows], self.deliveries(), self._clock.now)

    def deliveries(self) -> Deliveries:
        """Those that are not over, and those to be ended."""
        found = Deliveries([], [], [], [], [])
        for key in {row.of.key: None for row in self._rows}:
            rows = [row for row in self._rows if row.of.key == key]
            size = max((row.size for row in rows if row.size), default=None)
            if self._ended.get(key) or (size is not None and self.is_whole(rows, size)):
                found.whole.append(key)
            elif key not in self._ended:
                overdue = self._clock.now - rows[0].at >= PATIENCE
                (found.overdue if overdue else found.open).append(_begun(key, rows, size))
            else:
                found.given_up.append(_begun(key, rows, size))
        return found

    def is_whole(self, rows: Sequence[Row], size: int) -> bool:
        """Whether as many different events have come as there should be."""
        return len(frozenset[int]().union(*(row.events for row in rows))) >= size

    def end(self, found: Deliveries) -> None:
        """Remember which are over."""
        for one in found.overdue:
            self._ended.setdefault(one.key, False)
        self._ended |= dict.fromkeys(found.whole, True)
        self._rows = [row for row in self._rows if row.of.key not in found.whole]


def _begun(key: int, rows: Sequence[Row], size: int | None) -> Begun:
    units = frozenset[str]().union(*(row.units for row in rows))
    since = datetime.fromtimestamp(rows[0].at, UTC)
    return Begun(key, rows[0].of, sum(len(row.events) for row in rows), size, since, given_up=False, units=units)


class Leader:
    """What one replica knows while it leads, and nobody after it."""

    def __init__(self, ledger: Ledger, log: Sequence[Sequence[Message]], clock: Clock) -> None:
        """Everything is to be published."""
        self._ledger, self._log = ledger, log
        self._waiting = Waiting(PATIENCE, Telemetry(CollectorRegistry()), lambda: clock.now)
        self._moment = Moment(self._ask, MOST)
        self._due, self._kept, self.began = True, frozenset[str](), len(ledger.look().commits)
        self._read = self.began
        self.asked: dict[int, int] = {}
        self.state = ledger.look()

    async def _ask(self) -> dict[int, int]:
        ends = {part: len(some) for part, some in enumerate(self._log)}
        self.asked = self.asked or ends
        return ends

    def look(self) -> None:
        """Bring the book up to date."""
        self.state = self._ledger.look()

    def decide(self) -> dict[str, int]:
        """What of the state looked at is published now, by unit."""
        state = self.state
        self._ledger.end(state.deliveries)
        held = self.held(state) if self._waiting.holds(state.deliveries) else frozenset()
        self._due = self._due or len(state.commits) > self._read or self.is_due(held, self._kept)
        self._read = len(state.commits)
        if not self._due or (held and state.values.keys() <= held):
            return {}
        if not asyncio.run(self._moment.has_come(state.folded)):
            return {}
        if not held:
            self._waiting.over()
        self._due, self._kept = False, held
        return {unit: value for unit, value in sorted(state.values.items()) if unit not in held}

    def is_due(self, held: frozenset[str], kept: frozenset[str]) -> bool:
        """Whether there is something to publish though nothing was committed."""
        return held != kept

    def held(self, state: State) -> frozenset[str]:
        """The units that open deliveries touch, and all above them."""
        moved = frozenset[str]().union(*(one.units for one in state.deliveries.open))
        return touched(moved, TREE, state.values.keys() if ALL in moved else ())
