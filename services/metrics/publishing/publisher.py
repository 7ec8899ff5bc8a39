"""Values to ``workforce.metrics``: at least once, each under an id that a repeat of the same values shares."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from itertools import groupby

import msgspec
from aiokafka import AIOKafkaProducer

from services.metrics.domain.sums.groups import Group
from services.metrics.domain.sums.tree import Tree
from services.metrics.domain.sums.windows import WindowLength, days_of
from services.metrics.domain.values.sheet import Published
from shared.contracts import deliveries, envelope
from shared.contracts.deliveries import DeliveriesReported
from shared.contracts.metrics import ALL, COMPUTED, DayComputed, GroupComputed, key
from shared.contracts.sources import REPORTED, SourceReported
from shared.contracts.sources import key as key_of
from shared.contracts.tenants import ALONE, Tenant
from shared.contracts.topics import WORKFORCE_METRICS
from shared.kit.waiting import within

SOURCE = "stadga/metrics"
CONFIRM_SECONDS = 30.0
LONGEST_SUBJECT = 500


class Publisher:
    """Sends the values of groups that changed, and returns once Kafka has all of them."""

    def __init__(
        self,
        producer: AIOKafkaProducer,
        window: WindowLength,
        revision: Callable[[], Awaitable[int]],
        tenant: Tenant = ALONE,
    ) -> None:
        """``window`` is stated with every value; ``revision`` numbers a publication, above all earlier ones.

        What is said is of ``tenant``, and goes to its topic.
        """
        self._tenant, self._topic = tenant, tenant.topic(WORKFORCE_METRICS).name
        self._producer, self._window, self.revision = producer, window, revision
        self._under_way: list[Awaitable[object]] = []

    async def publish(self, changed: Sequence[Published], tree: Tree, today: int, revision: int, now: datetime) -> int:
        """Send a message for the days of each group, which stand together; how many that were.

        What was sent before is waited for meanwhile. Raises KafkaError or TimeoutError when not all of that was
        confirmed.
        """
        before, self._under_way = self._under_way, []
        for _, days in groupby(changed, lambda one: one.group):
            group = _group([*days], tree, today, self._window)
            event = _event(group, revision, now, self._tenant)
            sent = await self._producer.send(self._topic, event, key(group))
            self._under_way.append(sent)
        count = len(self._under_way)
        await within(asyncio.gather(*before), CONFIRM_SECONDS)
        return count

    async def confirmed(self) -> None:
        """Wait for what was sent last; raises KafkaError or TimeoutError when not all of it was confirmed."""
        under_way, self._under_way = self._under_way, []
        await within(asyncio.gather(*under_way), CONFIRM_SECONDS)

    async def report(self, reports: Sequence[SourceReported], now: datetime) -> None:
        """Say how sources deliver; raises KafkaError or TimeoutError when not all was confirmed."""
        confirmations = [
            await self._producer.send(self._topic, _report(one, now, self._tenant), key_of(one)) for one in reports
        ]
        await within(asyncio.gather(*confirmations), CONFIRM_SECONDS)

    async def report_deliveries(self, report: DeliveriesReported, now: datetime) -> None:
        """Say which deliveries were given up; raises KafkaError or TimeoutError when that was not confirmed."""
        data = msgspec.json.encode(report)
        event = _cloud_event(deliveries.REPORTED, "deliveries", now, data, data, self._tenant)
        confirmed = await self._producer.send(self._topic, event, deliveries.KEY)
        await within(confirmed, CONFIRM_SECONDS)

    async def note(self, tree: Tree, today: int, now: datetime, *, provisional: bool) -> None:
        """Say whether more is being taken in than is published; raises KafkaError or TimeoutError when unconfirmed."""
        whole = _group([Published(Group(ALL), today, {})], tree, today, self._window)
        group = msgspec.structs.replace(whole, provisional=provisional, revision=await self.revision())
        confirmed = await self._producer.send(self._topic, _enveloped(group, now, self._tenant), key(group))
        await within(confirmed, CONFIRM_SECONDS)


UNREVISED = b',"revision":0,'
"""As a group is encoded before its revision is known; within a JSON string the quotes would be escaped."""


def _group(days: Sequence[Published], tree: Tree, today: int, window: WindowLength) -> GroupComputed:
    *others, last = days
    return GroupComputed(
        unit=last.group.unit,
        unit_name=tree.name(last.group.unit),
        unit_path=tree.path(last.group.unit),
        occupation=last.group.occupation,
        as_of=date.fromordinal(last.as_of),
        today=date.fromordinal(today),
        window_days=days_of(window, last.as_of),
        revision=0,
        metrics=last.metrics,
        other_days=tuple(DayComputed(as_of=date.fromordinal(p.as_of), metrics=p.metrics) for p in others),
        closed=last.group.unit in tree.closed,
    )


def _event(group: GroupComputed, revision: int, now: datetime, tenant: Tenant) -> bytes:
    identity = msgspec.json.encode(group)
    return _enveloped(group, now, tenant, identity, identity.replace(UNREVISED, b',"revision":%d,' % revision, 1))


def _enveloped(group: GroupComputed, now: datetime, tenant: Tenant, identity: bytes = b"", data: bytes = b"") -> bytes:
    """An event whose id is told by ``identity``; without one, by all of it."""
    data = data or msgspec.json.encode(group)
    return _cloud_event(COMPUTED, f"group/{group.unit}/{group.occupation}", now, identity or data, data, tenant)


def _report(report: SourceReported, now: datetime, tenant: Tenant) -> bytes:
    data = msgspec.json.encode(report)
    return _cloud_event(REPORTED, f"source/{report.source}", now, data, data, tenant)


def _cloud_event(type_: str, subject: str, now: datetime, identity: bytes, data: bytes, tenant: Tenant) -> bytes:
    return envelope.encode(
        envelope.CloudEvent(
            specversion="1.0",
            id=hashlib.blake2b(identity, digest_size=16).hexdigest(),
            source=tenant.source(SOURCE),
            type=type_,
            subject=subject[:LONGEST_SUBJECT],
            time=now,
            datacontenttype="application/json",
            tenant=tenant.extension,
            data=msgspec.Raw(data),
        )
    )
