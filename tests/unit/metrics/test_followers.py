"""Whether alerts keeps up: it is waited for while it reads, and neither when it is away nor for ever."""

import asyncio

from aiokafka.errors import GroupAuthorizationFailedError, KafkaError, NodeNotReadyError

from services.metrics.publishing.followers import MOST, PATIENCE_SECONDS, STILL_SECONDS, Followers, Read


class Reading:
    """A group that reads, and a clock."""

    def __init__(self, waiting: int) -> None:
        """It has read nothing."""
        self.read, self.waiting, self.now = 0, waiting, 0.0
        self.error: KafkaError | None = None
        self._followers = Followers(self._ask, lambda: self.now)

    async def _ask(self) -> Read:
        if self.error:
            raise self.error
        return Read(self.read, self.waiting)

    def keeps_up(self) -> bool:
        return asyncio.run(self._followers.keep_up())

    def passes(self, seconds: float, read: int = 0) -> None:
        """Time does, and so much is read meanwhile."""
        self.now += seconds
        self.read, self.waiting = self.read + read, self.waiting - read


def test_waited_for_until_little_is_left() -> None:
    """As long as it goes on, and no longer than it has to."""
    one = Reading(10 * MOST)
    assert not one.keeps_up()
    for _ in range(8):
        one.passes(STILL_SECONDS - 1, MOST)
        assert not one.keeps_up()
    one.passes(STILL_SECONDS - 1, MOST)
    assert one.waiting == MOST
    assert one.keeps_up()


def test_nothing_waits_for_a_group_that_is_there() -> None:
    """At any time in an ordinary day."""
    one = Reading(MOST)
    assert one.keeps_up()
    one.passes(10 * PATIENCE_SECONDS)
    assert one.keeps_up()


def test_one_that_reads_nothing_is_away() -> None:
    """Others get their values at once, until it reads again."""
    one = Reading(10 * MOST)
    assert not one.keeps_up()
    one.passes(STILL_SECONDS - 1)
    assert not one.keeps_up()
    one.passes(1)
    assert one.keeps_up()
    one.passes(1)
    assert one.keeps_up()
    one.passes(1, 1)
    assert not one.keeps_up()


def test_nobody_waits_for_ever() -> None:
    """Of one that has days to read, others hear every few minutes."""
    one, published = Reading(10**9), 0
    for _ in range(100):
        published += one.keeps_up()
        one.passes(PATIENCE_SECONDS / 10, 1)
    assert published == 9


def test_one_that_cannot_be_asked_about_is_not_waited_for() -> None:
    """Nor while no broker answers: then nothing can be published either. A fault of ours is none of the cluster's."""
    one = Reading(10 * MOST)
    one.error = NodeNotReadyError()
    assert one.keeps_up()
    one.error = GroupAuthorizationFailedError("alerts")
    assert one.keeps_up()
