"""Lanes: who waits, who is turned away, and when."""

import asyncio
import threading

import pytest
from litestar.exceptions import ServiceUnavailableException

from services.metrics.answers.api.lanes import Lane, TooLateException
from tests.polling import PATIENCE, until


async def hold(lane: Lane, done: asyncio.Event, cost: int = 0) -> None:
    """Take a turn, and keep it until done."""
    async with lane.turn(cost):
        await done.wait()


async def test_a_full_lane():
    """One is answered, one waits, the third is told when to ask again; the waiting one gets its turn."""
    lane, done = Lane("dear", 1, 1, 60), asyncio.Event()
    first = asyncio.ensure_future(hold(lane, done))
    await asyncio.sleep(0)
    second = asyncio.ensure_future(hold(lane, done))
    await asyncio.sleep(0)
    with pytest.raises(ServiceUnavailableException) as refused:
        await hold(lane, done)
    assert refused.value.headers == {"Retry-After": "60"}
    done.set()
    await asyncio.gather(first, second)


async def test_nobody_waits_for_ever():
    """Who got no turn in half of the time is told so."""
    lane, done = Lane("dear", 1, 1, 0.2), asyncio.Event()
    with pytest.raises(TooLateException):
        await hold(lane, done)
    lane = Lane("dear", 1, 1, 0.2)
    thread = threading.Event()

    async def compute() -> None:
        async with lane.turn() as turn:
            await turn.apart(thread.wait, 60)

    with pytest.raises(TooLateException):
        await compute()
    with pytest.raises(ServiceUnavailableException):
        await hold(lane, done)
    thread.set()


async def test_a_thread_keeps_its_turn():
    """A computation that nobody waits for any more holds its turn until it ends: there are never more at once."""
    lane, thread, done = Lane("dear", 1, 5, 30), threading.Event(), asyncio.Event()

    async def compute() -> None:
        async with lane.turn() as turn:
            await turn.apart(thread.wait, 60)

    given_up = asyncio.ensure_future(compute())
    await asyncio.sleep(0.05)
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    done.set()
    after = asyncio.ensure_future(hold(lane, done))
    await asyncio.sleep(0.05)
    assert not after.done()
    thread.set()
    await until(after.done, "the turn")


async def test_what_is_cheap_comes_first():
    """Whoever asks for less is answered first, and where as many wait as may, the dearest is turned away for it."""
    lane, dones = Lane("dear", 1, 2, 60), [asyncio.Event() for _ in range(4)]
    held = []
    for cost, done in zip((0, 90, 50, 10), dones, strict=True):
        held.append(asyncio.ensure_future(hold(lane, done, cost)))
        await asyncio.sleep(0)
    with pytest.raises(ServiceUnavailableException):
        await held[1]
    dones[0].set()
    dones[3].set()
    await held[3]
    assert not held[2].done()
    dones[2].set()
    await held[2]


async def test_a_turn_that_nobody_waits_for():
    """Who gives up while waiting takes no turn from the others, also when it has just come."""
    lane, done, last = Lane("dear", 1, 9, 60), asyncio.Event(), asyncio.Event()
    first = asyncio.ensure_future(hold(lane, done))
    await asyncio.sleep(0)
    gone = [asyncio.ensure_future(hold(lane, done)) for _ in range(3)]
    await asyncio.sleep(0)
    gone[1].cancel()
    done.set()
    await first
    gone[0].cancel()
    await asyncio.gather(*gone, return_exceptions=True)
    last.set()
    await asyncio.wait_for(hold(lane, last), PATIENCE)


async def test_a_turn_that_comes_as_somebody_gives_up():
    """Of who has given up at the same moment, and could not say so yet, no turn is lost."""
    lane, done, last = Lane("dear", 1, 1, 60), asyncio.Event(), asyncio.Event()
    first = asyncio.ensure_future(hold(lane, done))
    await asyncio.sleep(0)
    gone = asyncio.ensure_future(hold(lane, last, 9))
    await asyncio.sleep(0)
    done.set()
    gone.cancel()
    last.set()
    await first
    with pytest.raises(asyncio.CancelledError):
        await gone
    await asyncio.wait_for(hold(lane, last), PATIENCE)


async def test_the_dearest_is_turned_away_as_it_gives_up():
    """Whoever comes in its place has the place."""
    lane, done = Lane("dear", 1, 1, 60), asyncio.Event()
    held = [asyncio.ensure_future(hold(lane, done))]
    await asyncio.sleep(0)
    gone = asyncio.ensure_future(hold(lane, done, 9))
    await asyncio.sleep(0)
    held.append(asyncio.ensure_future(hold(lane, done, 1)))
    gone.cancel()
    await asyncio.sleep(0)
    done.set()
    await asyncio.gather(*held)
    with pytest.raises((asyncio.CancelledError, ServiceUnavailableException)):
        await gone
