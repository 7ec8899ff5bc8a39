"""Another number of partitions for ``hr.events``: copied, compared, made anew, filled from the copy, compared again.

At whichever step it is interrupted, one of the two topics holds every message, and the other one no more than that.
"""

from collections.abc import Callable
from typing import NamedTuple

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from tenacity import AsyncRetrying, retry_if_result, stop_after_delay, wait_fixed

from cli.connect.repartitioning.copying import Content, content, copy, partitions
from shared.contracts.tenants import ALONE, Tenant
from shared.contracts.topics import HR_EVENTS
from shared.kit.broker import administration
from shared.language.numbers import plain
from shared.language.refusal import SaidError
from shared.language.said import Said

GONE_SECONDS = 60

Say = Callable[[Said], None]


class RepartitionError(SaidError):
    """It cannot be done as things are; the sentence says what to do."""


class Layout(NamedTuple):
    """The number of partitions of a topic, and on how many brokers it is."""

    partitions: int
    replicas: int


class Repartition:
    """One run of the command, to a number of partitions."""

    def __init__(self, servers: str, partitions: int, say: Say, tenant: Tenant = ALONE) -> None:
        """``say`` is told each step; the topic is that of ``tenant``."""
        self._events = tenant.topic(HR_EVENTS).name
        self._copy = f"{self._events}.copy"
        self._servers, self._partitions, self._say = servers, partitions, say
        self._tenth = 0

    async def run(self) -> None:
        """Do what is still to be done; raises RepartitionError or KafkaError. Nobody may write meanwhile."""
        async with administration(self._servers) as admin:
            events, spare = await _layout(admin, self._events), await _layout(admin, self._copy)
            if spare is None and events is not None and events.partitions == self._partitions:
                has = self._has()
                self._say(Said(f"{has.sv}: inget att göra", f"{has.en}: nothing to do"))
                return
            if not await self._filled(events, spare):
                await self._empty(events, spare, admin)
            await _delete(admin, self._copy)
            has = self._has()
            self._say(
                Said(
                    f"{has.sv}; fortsätt med: stadga metrics realign",
                    f"{has.en}; go on with: stadga metrics realign",
                )
            )

    def _has(self) -> Said:
        return Said(
            f"{self._events} har {self._partitions} partitioner", f"{self._events} has {self._partitions} partitions"
        )

    async def _filled(self, events: Layout | None, spare: Layout | None) -> bool:
        """Whether an earlier run has come to the end but for the copy, which is still there."""
        if events is None or spare is None or events.partitions != self._partitions:
            return False
        there, copied = await self._content(self._events), await self._content(self._copy)
        if there.messages >= copied.messages and there != copied:
            raise RepartitionError(
                f"{self._copy} är ingen kopia av {self._events}: ta bort det ämne som är fel",
                f"{self._copy} is not a copy of {self._events}: delete the one that is wrong",
            )
        return there == copied

    async def _empty(self, events: Layout | None, spare: Layout | None, admin: AIOKafkaAdminClient) -> None:
        """Copy there and back; only back if an earlier run has come so far that the copy holds more."""
        if spare is None or not await self._copied(events):
            if events is None:
                raise RepartitionError(f"det finns inget ämne {self._events}", f"there is no topic {self._events}")
            await self._fill(admin, self._events, self._copy, events.replicas)
            spare = events._replace(partitions=self._partitions)
        if spare.partitions != self._partitions:
            finish = f"--partitions {spare.partitions}"
            raise RepartitionError(
                f"en tidigare körning avbröts: avsluta den med {finish}",
                f"an earlier run was interrupted: finish it with {finish}",
            )
        await self._fill(admin, self._copy, self._events, spare.replicas)

    async def _copied(self, events: Layout | None) -> bool:
        return (
            events is None or (await self._content(self._copy)).messages > (await self._content(self._events)).messages
        )

    async def _fill(self, admin: AIOKafkaAdminClient, source: str, target: str, replicas: int) -> None:
        """Make a topic anew and fill it; raises RepartitionError if it does not hold the same afterwards."""
        await _delete(admin, target)
        settings = HR_EVENTS.settings(replicas)
        await admin.create_topics([NewTopic(target, self._partitions, replicas, topic_configs=settings)])
        self._say(Said(f"kopierar {source} till {target}", f"copying {source} to {target}"))
        await copy(self._servers, source, target, self._partitions, self._progress)
        if await self._content(source) != await self._content(target):
            raise RepartitionError(
                f"i {target} finns inte det som finns i {source}: stoppa den som skriver, och kör om kommandot",
                f"{target} does not hold what {source} does: stop whoever writes, and run this again",
            )

    async def _content(self, topic: str) -> Content:
        self._say(Said(f"läser {topic}", f"reading {topic}"))
        return await content(self._servers, topic, self._progress)

    def _progress(self, done: int, whole: int) -> None:
        tenth = 10 * done // whole
        if tenth != self._tenth:
            self._say(
                Said(
                    f"  {plain(done, 'sv')} av {plain(whole, 'sv')} meddelanden",
                    f"  {plain(done, 'en')} of {plain(whole, 'en')} messages",
                )
            )
        self._tenth = tenth


async def _layout(admin: AIOKafkaAdminClient, topic: str) -> Layout | None:
    found = await partitions(admin, topic)
    return None if found is None else Layout(len(found), min(len(one["replicas"]) for one in found))


async def _delete(admin: AIOKafkaAdminClient, topic: str) -> None:
    """Delete a topic if there is one, and wait until it is gone; raises RetryError if it is not."""
    if await _layout(admin, topic) is None:
        return
    await admin.delete_topics([topic])
    waiting = AsyncRetrying(
        retry=retry_if_result(lambda layout: layout is not None),
        stop=stop_after_delay(GONE_SECONDS),
        wait=wait_fixed(0.2),
    )
    await waiting(_layout, admin, topic)
