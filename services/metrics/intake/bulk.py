"""Partitions that are far behind are loaded whole, by as many processes as this one may use cores and memory for.

That is a first load, a replay, or a long time away. Whatever a portion meets that keeps it from being loaded, the
stream meets again and knows what to do about: it takes over until that portion is behind it.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import monotonic

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition

from services.metrics.intake import loading
from services.metrics.intake.alignment import Alignment
from services.metrics.intake.loading import Loaded, Portion
from services.metrics.settings import MetricsSettings
from shared.kit import share

log = structlog.get_logger()

SECONDS = 60.0
"""After so long no portion is begun before the consumer has looked who owns what, and which log it is."""
BYTES = 450 << 20
"""What a process that loads takes at most (docs/decisions/0057-a-log-far-behind-is-loaded-whole.md)."""


class Bulk:
    """Loads partitions; ``loaded`` is told of each portion that was committed."""

    def __init__(self, settings: MetricsSettings, alignment: Alignment, loaded: Callable[[Loaded], None]) -> None:
        """No process is started before something is to be loaded."""
        self._settings, self._alignment, self._loaded = settings, alignment, loaded
        self._left: dict[TopicPartition, int] = {}

    async def load(self, consumer: AIOKafkaConsumer, lag: Mapping[TopicPartition, int]) -> bool:
        """Load what is far behind, if anything that is read with this ``lag`` is, up to where it ends now.

        Whether it was tried: the consumer was then sent on behind what was loaded, and holds nothing in hand.
        """
        if not any(self._is_far(tp, messages) for tp, messages in lag.items()):
            return False
        at = self._alignment.proven
        ends = await consumer.end_offsets(list(at))
        far = sorted((at[tp] - end, tp, end) for tp, end in ends.items() if self._is_far(tp, end - at[tp]))
        if not (processes := min(share.cores(), len(far), int(min(share.room() / BYTES, len(far))))):
            return False
        partitions = self._alignment.partitions
        await self._load([Portion((tp.topic, tp.partition), at[tp], end, partitions) for _, tp, end in far], processes)
        self._alignment.rewind(consumer)
        return True

    def _is_far(self, tp: TopicPartition, messages: int) -> bool:
        most = self._settings.stadga_load
        return 0 < most <= messages and self._alignment.next[tp] >= self._left.get(tp, 0)

    async def _load(self, portions: Sequence[Portion], processes: int) -> None:
        """The largest first, so that no process is left alone with it."""
        waiting, until = deque(portions), monotonic() + SECONDS
        results = await asyncio.gather(*(self._work(waiting, until) for _ in range(processes)), return_exceptions=True)
        for error in results:
            if isinstance(error, BaseException):
                raise error

    async def _work(self, waiting: deque[Portion], until: float) -> None:
        with _process(self._settings) as connection:
            while waiting and monotonic() < until:
                portion = waiting.popleft()
                answer = await asyncio.to_thread(_ask, connection, portion)
                if isinstance(answer, Loaded):
                    self._alignment.loaded(answer.span)
                    self._loaded(answer)
                    if answer.span.next < portion.end:
                        waiting.append(portion._replace(at=answer.span.next))
                    continue
                self._leave(portion, answer)
                if answer is None:
                    return

    def _leave(self, portion: Portion, why: str | None) -> None:
        """To the stream."""
        self._left[TopicPartition(*portion.partition)] = min(portion.end, portion.at + loading.MOST)
        reason = why or "the process has ended"
        log.warning("a partition is not loaded whole but read", partition=portion.partition[1], reason=reason)


def _ask(connection: Connection, portion: Portion) -> Loaded | str | None:
    """What a process answers; None if it has ended."""
    try:
        connection.send(portion)
        answer: Loaded | str = connection.recv()
    except (EOFError, OSError):
        return None
    return answer


@contextmanager
def _process(settings: MetricsSettings) -> Iterator[Connection]:
    """A process that loads, until the block ends; then whatever it has not committed is undone."""
    spawning = get_context("spawn")
    ours, theirs = spawning.Pipe()
    process = spawning.Process(target=loading.main, args=(theirs, settings), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        process.kill()
        process.join()
        ours.close()
