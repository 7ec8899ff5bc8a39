"""Whose fault it is that a message cannot be taken in.

A message is put aside when the fault is proven to be its own. Whatever else goes wrong while it is taken in is the
service's fault and stops it, so that good messages are never put aside for want of a working service.
"""

import traceback
from collections.abc import Collection

import asyncpg
import structlog
from prometheus_client import Gauge

from shared.contracts.dead_letters import Place
from shared.kit.database import TRANSIENT
from shared.kit.dead_letters import TooManyError
from shared.kit.health import Health
from shared.kit.trouble import PassingError

log = structlog.get_logger()


class StoppedError(PassingError):
    """A message on which the service itself fails: an operator decides. The text never quotes the message."""

    def __init__(self, place: Place, cause: BaseException) -> None:
        """Where it stopped, and on what."""
        self.place = place
        super().__init__(
            f"stopped at {place} by a fault of this service ({type(cause).__name__}); to go on without that message: "
            f"stadga dead-letters add {place} --reason WHY"
        )


def refused(error: BaseException) -> bool:
    """Whether PostgreSQL, or its client before it, says that no retry makes a value storable."""
    client = isinstance(error, asyncpg.InterfaceError) and isinstance(error, ValueError)
    return client or isinstance(error, asyncpg.DataError | asyncpg.ProgramLimitExceededError)


def of_a_message(error: BaseException) -> bool:
    """Whether trying fewer messages tells on which of them it depends: a value is refused, or our own code fails."""
    return refused(error) or not isinstance(error, (asyncpg.PostgresError, PassingError, *TRANSIENT))


class Stop:
    """A consumer that takes nothing in before an operator decides: told once, shown while it lasts."""

    def __init__(self, part: str, health: Health, shown: Gauge) -> None:
        """``part`` is the consumer's in health; ``shown`` is 1 while it is stopped."""
        self._part, self._health, self._shown = part, health, shown
        self._full: TooManyError | None = None
        self._place: Place | None = None
        self._told = ""
        shown.set(0)

    def check(self) -> None:
        """Raise TooManyError if too many messages were put aside: no more is tried before a restart."""
        if self._full:
            raise self._full

    def at(self, error: StoppedError | TooManyError) -> None:
        """Say why nothing is taken in, with the lines of code that failed."""
        if self._told != str(error):
            cause = error.__cause__
            lines = "".join(traceback.format_tb(cause.__traceback__)) if cause else None
            log.error("stopped taking messages in", reason=str(error), at=lines)
            self._told = str(error)
        if isinstance(error, TooManyError):
            self._full = error
        else:
            self._place = error.place
        self._shown.set(1)
        self._health.bad(self._part, str(error))

    def passed(self, topic: str, partition: int, offset: int) -> None:
        """A partition was taken in up to this message: what it stopped at is behind it, or is not."""
        if (at := self._place) and (at.topic, at.partition) == (topic, partition) and at.offset <= offset:
            self._over()

    def holds(self, mine: Collection[tuple[str, int]]) -> bool:
        """Whether it is stopped. A message in a partition that is not of ``mine`` any more stops somebody else."""
        if (at := self._place) and (at.topic, at.partition) not in mine:
            self._over()
        return self._full is not None or self._place is not None

    def _over(self) -> None:
        self._place, self._told = None, ""
        self._shown.set(0)
