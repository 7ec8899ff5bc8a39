"""Deliveries and the consistent cut, explored by hypothesis: any order of writing, folding, looking, crashing, waiting.

Deliveries that touch several units, and share an event, arrive at two partitions, event by event and again and again.
Replicas read and commit what they own or have lost; whoever leads looks, publishes all or some of it, and may be gone.
Of a unit that a delivery touches nothing is published before that is whole or its time is over, and the others do not
wait. Faults put in on purpose are found.
"""

from collections.abc import Sequence

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from services.metrics.domain.record.arrivals import Delivery
from shared.contracts.metrics import ALL
from tests.unit.metrics.holding import (
    PARTITIONS,
    PATIENCE,
    Batch,
    Clock,
    Leader,
    Ledger,
    Message,
    Row,
    State,
    values,
)

FILE, AGAIN, ENDLESS = Delivery("hr-system", "file"), Delivery("hr-system", "again"), Delivery("payroll", "endless")
SIZES = {FILE: 2, AGAIN: 2, ENDLESS: None}
"""How many events each has, if that is ever said."""

ABOVE = {"a": {"a", "ab", "*"}, "b": {"b", "ab", "*"}, "c": {"c", "*"}}
"""By unit: all whose sums contain it."""

BROUGHT = [
    Message("e1", (("a", 1), ("b", 1)), FILE),
    Message("e2", (("a", -1),), FILE, SIZES[FILE]),
    Message("e2", (("a", -1),), AGAIN),
    Message("e3", (("c", -1), ("b", 1)), AGAIN, SIZES[AGAIN]),
    Message("e4", (("c", 1),), ENDLESS),
    Message("e5", ((ALL, 1),), ENDLESS),
]
ALONE = [Message(f"f{n}", ((unit, 1),)) for n, unit in enumerate(("a", "b", "c", "c"))]

PARTS, REPLICAS = st.integers(0, PARTITIONS - 1), st.integers(0, 1)


class Town(RuleBasedStateMachine):
    """A log, a ledger, two replicas that fold, and one that leads."""

    ledger_of, leader_of = Ledger, Leader

    def __init__(self) -> None:
        """Nothing has come."""
        super().__init__()
        self.clock = Clock()
        self.log: list[list[Message]] = [[] for _ in range(PARTITIONS)]
        self.ledger = self.ledger_of(self.clock)
        self.read: dict[int, Batch] = {}
        self.published: dict[str, int] = {}
        self.holds_since: float | None = None
        self.leads()

    def leads(self) -> None:
        """Another begins, and knows nothing of what the one before it waited for."""
        self.leader = self.leader_of(self.ledger, self.log, self.clock)
        self.looked, self.holds_since = False, None

    @initialize(known=st.booleans())
    def begins(self, known: bool) -> None:
        """With a little of every unit, or with nothing at all."""
        if known:
            self.writes(0, ALONE[:3])
            self.rests()

    @rule(part=PARTS, messages=st.lists(st.sampled_from([*BROUGHT, *ALONE]), min_size=1, max_size=3))
    def writes(self, part: int, messages: list[Message]) -> None:
        """A source sends something, perhaps again."""
        self.log[part] += messages

    @rule(part=PARTS, of=st.sampled_from([FILE, AGAIN]))
    def completes(self, part: int, of: Delivery) -> None:
        """All is sent of a delivery that has not been."""
        sent = {one.id for some in self.log for one in some if one.delivery == of}
        self.log[part] += [one for one in BROUGHT if one.delivery == of and one.id not in sent]

    @rule(part=PARTS, of=st.sampled_from([FILE, AGAIN]))
    def repeats(self, part: int, of: Delivery) -> None:
        """What was sent of a delivery is sent again."""
        self.log[part] += {one.id: one for some in self.log for one in some if one.delivery == of}.values()

    @rule(replica=REPLICAS, part=PARTS, count=st.integers(1, 4))
    def reads(self, replica: int, part: int, count: int) -> None:
        """A replica that owns a partition reads on: another may own it before that is committed."""
        at = self.ledger.positions[part]
        self.read[replica] = Batch(part, at, self.log[part][at : at + count])

    @precondition(lambda self: self.read)
    @rule(replica=REPLICAS, crashes=st.booleans())
    def commits(self, replica: int, crashes: bool) -> None:
        """Or it dies before it has."""
        batch = self.read.pop(replica, None)
        if batch and batch.messages and not crashes:
            self.ledger.commit(batch)

    @rule()
    def catches_up(self) -> None:
        """All that was written is folded."""
        for part, at in self.ledger.positions.items():
            if rest := self.log[part][at:]:
                self.ledger.commit(Batch(part, at, [*rest]))

    @rule(seconds=st.integers(1, PATIENCE // 2))
    def waits(self, seconds: int) -> None:
        """Time passes."""
        self.clock.now += seconds

    @rule()
    def looks(self) -> None:
        """At one state of the ledger."""
        self.leader.look()
        self.looked = True

    @precondition(lambda self: self.looked)
    @rule(crashes_after=st.sampled_from([None, None, None, 0, 1, 3]))
    def decides(self, crashes_after: int | None) -> None:
        """And publishes what may be, or some units of it before it is gone."""
        state = self.leader.state
        owed, free = self.owed(state), self.has_waited_for_all(state)
        if found := self.leader.decide():
            assert all(state.folded[part] >= end for part, end in self.leader.asked.items()), "a mixture"
            assert free or not found.keys() & owed, "a part of a delivery"
            self.published |= dict([*found.items()][:crashes_after])
            self.leader.asked = {}
            if free or not owed:
                self.holds_since = None
        if crashes_after is not None:
            self.leads()

    @rule()
    def rests(self) -> None:
        """Nothing more comes: what no delivery holds back is published, as the log has it."""
        self.catches_up()
        for _ in range(2):
            self.looks()
            self.decides(None)
        wanted, owed = self.written, self.owed(self.leader.state)
        assert {unit: self.published.get(unit) for unit in wanted.keys() - owed} == {
            unit: value for unit, value in wanted.items() if unit not in owed
        }

    @rule()
    def ends(self) -> None:
        """Every delivery is whole or given up: all that is published equals the whole log."""
        self.rests()
        self.waits(PATIENCE)
        self.rests()
        assert self.published == self.written

    @property
    def written(self) -> dict[str, int]:
        """What the whole log comes to."""
        return values([one for some in self.log for one in some])

    def has_waited_for_all(self, state: State) -> bool:
        """Whether one delivery or another has held something back for as long as one may."""
        if not self.waited_for(state):
            self.holds_since = None
        elif self.holds_since is None:
            self.holds_since = self.clock.now
        return self.holds_since is not None and self.clock.now - self.holds_since >= PATIENCE

    def waited_for(self, state: State) -> list[Delivery]:
        """The deliveries that are begun, not whole, and within their time, by all that was folded."""
        found = []
        for of, size in SIZES.items():
            came = [(commit.at, one.id) for commit in state.commits for one in commit.messages if one.delivery == of]
            if came and state.at - came[0][0] < PATIENCE and len({id_ for _, id_ in came}) != size:
                found.append(of)
        return found

    def owed(self, state: State) -> set[str]:
        """The units that those touch, and all whose sums contain theirs."""
        waited_for, known, moved = self.waited_for(state), set[str](), set[str]()
        for commit in state.commits:
            new = [one for one in commit.messages if one.id not in known]
            moved |= {unit for one in new if one.delivery in waited_for for unit, _ in one.adds}
            known |= {one.id for one in new}
        return set(state.values) if ALL in moved else {above for unit in moved for above in ABOVE[unit]}


def explore(town: type[Town], lives: int, *phases: Phase) -> None:
    """So many lives of a town, the same in each run."""
    how = settings(max_examples=lives, stateful_step_count=40, derandomize=True, database=None, phases=phases)
    run_state_machine_as_test(town, settings=how)


def test_a_delivery_is_told_as_a_whole_and_holds_up_no_other_unit():
    """In any order of things."""
    explore(Town, 150, Phase.generate, Phase.shrink)


class CountsMessages(Ledger):
    """An event that comes twice counts twice."""

    def is_whole(self, rows: Sequence[Row], size: int) -> bool:
        """By the number of what came."""
        return sum(len(row.events) for row in rows) >= size


class MovesBlindly(Ledger):
    """A replica that no longer owns a partition moves its position as if it did."""

    def commit(self, batch: Batch) -> None:
        """From wherever that is."""
        super().commit(batch._replace(at=self.positions[batch.part]))


class TrustsItsMemory(Leader):
    """What was noted before this replica led is forgotten."""

    def held(self, state: State) -> frozenset[str]:
        """By what was noted since."""
        since = {one.key: {r for r in state.rows if r.of == one.delivery} for one in state.deliveries.open}
        units = {key: [row.units for row in rows if row.number > self.began] for key, rows in since.items()}
        some = [one._replace(units=frozenset[str]().union(*units[one.key])) for one in state.deliveries.open]
        return super().held(state._replace(deliveries=state.deliveries._replace(open=some)))


class ForgetsTheSums(Leader):
    """A part is held back, and what contains it is not."""

    def held(self, state: State) -> frozenset[str]:
        """Those touched and no other."""
        return frozenset[str]().union(*(one.units for one in state.deliveries.open))


class WaitsForNews(Leader):
    """What was held back is published once something else is."""

    def is_due(self, *_: object) -> bool:
        """Only what is committed is a reason."""
        return False


@pytest.mark.parametrize(
    ("ledger", "leader", "what"),
    [
        (CountsMessages, Leader, "a part of a delivery"),
        (Ledger, TrustsItsMemory, "a part of a delivery"),
        (Ledger, ForgetsTheSums, "a part of a delivery"),
        (MovesBlindly, Leader, "assert {"),
        (Ledger, WaitsForNews, "assert {"),
    ],
)
def test_a_fault_is_found(ledger: type[Ledger], leader: type[Leader], what: str):
    """Each put in on purpose."""
    town = type("FaultyTown", (Town,), {"ledger_of": ledger, "leader_of": leader})
    with pytest.raises(AssertionError, match=what):
        explore(town, 12_000, Phase.generate)
