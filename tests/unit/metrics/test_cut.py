"""The protocol of a consistent cut, explored to the end in small: every order of writing, folding, looking, crashing.

Two partitions of two messages each are written to and folded in any order, by owners that come and go (folding never
goes back: positions are moved by compare and set). The evaluator looks at one state of the ledger, and asks for the
ends at any later time; it may crash, and another begins without knowing what was asked. Published may only be a state
that has all of what some moment since the last publication had.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from typing import NamedTuple

import pytest
from aiokafka.errors import InvalidRequestError, KafkaError, NodeNotReadyError

from services.metrics.publishing.cut import Cut, Moment
from shared.kit.metadata import TopicMissingError

PARTITIONS, MESSAGES = 2, 2
Places = tuple[int, ...]


class State(NamedTuple):
    """What was written, folded and last looked at, the ends that the evaluator waits for, and the path to here."""

    written: Places = (0,) * PARTITIONS
    folded: Places = (0,) * PARTITIONS
    seen: Places | None = None
    waited: Places | None = None


Decide = Callable[[Places | None, Places, Places], tuple[bool, Places | None]]
"""From the ends waited for, those of now and the state seen: whether to publish, and the ends to wait for then."""


def decide(waited: Places | None, ends: Places, seen: Places) -> tuple[bool, Places | None]:
    """As the service does."""

    async def ask() -> Mapping[int, int]:
        return dict(enumerate(ends))

    moment = Moment(ask, most=MESSAGES * PARTITIONS)
    moment._cut = None if waited is None else Cut(dict(enumerate(waited)))
    has_come = asyncio.run(moment.has_come(dict(enumerate(seen))))
    left = None if moment._cut is None else tuple(moment._cut.ends.values())
    return has_come, left


def own_partition_only(waited: Places | None, ends: Places, seen: Places) -> tuple[bool, Places | None]:
    """A fault put in on purpose: what a replica knows of itself is taken for all."""
    found = waited or ends
    return (seen[0] >= found[0], None) if seen[0] >= found[0] else (False, found)


def steps(state: State, with_: Decide) -> Iterator[tuple[State, Places | None]]:
    """Every next state, with what is published on the way."""
    for part in range(PARTITIONS):
        if state.written[part] < MESSAGES:
            yield state._replace(written=_more(state.written, part)), None
        if state.folded[part] < state.written[part]:
            yield state._replace(folded=_more(state.folded, part)), None
    yield state._replace(seen=state.folded), None
    yield state._replace(seen=None, waited=None), None
    if state.seen is not None:
        published, waited = with_(state.waited, state.written, state.seen)
        yield state._replace(seen=None, waited=waited), state.seen if published else None


def _more(places: Places, part: int) -> Places:
    return tuple(at + (n == part) for n, at in enumerate(places))


def mixtures(with_: Decide) -> list[tuple[Places, State]]:
    """What was published that no moment had: all that was written when the ends were asked for has to be folded."""
    reached, waiting, wrong = {State()}, [State()], []
    while waiting:
        state = waiting.pop()
        for after, published in steps(state, with_):
            asked = state.waited or state.written
            if published is not None and any(at < end for at, end in zip(published, asked, strict=True)):
                wrong.append((published, state))
            if after not in reached:
                reached.add(after)
                waiting.append(after)
    assert len(reached) > 500
    return wrong


def test_no_mixture_is_published():
    """In any order of things."""
    assert mixtures(decide) == []


def test_a_fault_is_found():
    """Who takes its own partition for all of them publishes what never was."""
    assert mixtures(own_partition_only)


@pytest.mark.parametrize(("come_since", "has_come"), [(0, True), (10, True), (11, False)])
async def test_a_burst_moves_the_moment_on(come_since: int, has_come: bool):
    """What was waited for is folded, but more than a batch waits already: the moment is a later one."""
    ends = {0: 5, 1: 7}

    async def ask() -> Mapping[int, int]:
        return ends

    moment = Moment(ask, most=10)
    assert not await moment.has_come({0: 5, 1: 6})
    ends = {0: 5 + come_since, 1: 7}
    assert await moment.has_come({0: 5, 1: 7}) is has_come
    assert await moment.has_come({0: 5 + come_since, 1: 7})


async def test_a_partition_that_stands_still_is_not_waited_for():
    """It has an alert of its own; one that nobody has met yet is at its beginning."""
    assert Cut({0: 5, 1: 7}).waiting({0: 5, 1: None}) == 0
    assert Cut({0: 5, 1: 7}).waiting({0: 5}) == 7


async def test_a_log_that_is_shorter_than_it_was_is_not_waited_for():
    """It was cut, or made anew: what was waited for will never come."""
    ends = {0: 100, 1: 7}

    async def ask() -> Mapping[int, int]:
        return ends

    moment = Moment(ask, most=10)
    assert not await moment.has_come({0: 5, 1: 7})
    ends = {0: 5, 1: 7}
    assert await moment.has_come({0: 5, 1: 7})


@pytest.mark.parametrize(("error", "says"), [(NodeNotReadyError, False), (InvalidRequestError, None)])
async def test_a_broker_that_is_away_is_waited_for(error: type[KafkaError], says: bool | None):
    """Nothing is published meanwhile, and the book is kept; a fault of ours is none of the cluster's."""

    async def ask() -> Mapping[int, int]:
        raise error

    with nullcontext() if says is not None else pytest.raises(error):
        assert await Moment(ask, most=10).has_come({}) is says


async def test_there_is_no_moment_before_there_is_a_log():
    """A topic that is being made holds nobody up for ever, and nothing is published of it."""

    async def ask() -> Mapping[int, int]:
        raise TopicMissingError("hr.events")

    assert not await Moment(ask, most=10).has_come({})
