"""Evaluation: on one replica at a time, of what changed within a second, of everything when the day changes.

The replica that holds a shard's lock keeps its book. It goes on from the copy that the leader before left
(``resuming``), or reads all facts once; then it reads only what was committed since. A new day adds its own sums to the
book, a change of the unit tree that moves somebody makes a new one in its place, and values equal to what was published
are not published again.
What is published is a consistent cut (``cut``). While a log is being loaded nothing is, and while a delivery is not
whole nothing of the units it touches: half of it would raise alerts that the other half takes back. Nor while alerts
does not keep up (``followers``).
"""

import asyncio
import contextlib
from collections.abc import Callable, Collection
from contextlib import AbstractAsyncContextManager
from time import perf_counter

import asyncpg
from aiokafka import AIOKafkaProducer

from services.metrics.domain.sums.shard import Shard
from services.metrics.ledger import rules
from services.metrics.ledger.term import Term, begin
from services.metrics.publishing.cut import AskEnds, Moment
from services.metrics.publishing.dealing import Dealer
from services.metrics.publishing.exposition import Exposition
from services.metrics.publishing.followers import AskRead, Followers, following
from services.metrics.publishing.keeper import Keeper
from services.metrics.publishing.marking import Marking
from services.metrics.publishing.others import Others
from services.metrics.publishing.provisional import Provisional
from services.metrics.publishing.publisher import Publisher
from services.metrics.publishing.resuming import Resuming
from services.metrics.publishing.today import Today
from services.metrics.publishing.unfinished import Unfinished
from services.metrics.publishing.waiting import Waiting
from services.metrics.settings import MetricsSettings
from services.metrics.telemetry import Telemetry
from services.metrics.watch import SourceWatch, Watched
from shared.contracts.topics import WORKFORCE_METRICS
from shared.kit import packing
from shared.kit.broker import stop
from shared.kit.clock import Clock
from shared.kit.cluster import way_to
from shared.kit.health import Health
from shared.kit.supervisor import Task
from shared.kit.waiting import within

PART = "evaluation"

BULK_RATE = 1_000
"""Events a second above which a log is being loaded; a municipality's own day brings a few a second."""

AT_ONCE = 2_000
"""Events between two looks that are no log yet: all units of a municipality may report in the same minute."""

LOADING_SECONDS = 1.0
"""Between looks while a log is being loaded."""

REST = 0.5
"""After a look that took t seconds, REST·t belong to folding, a second at the most."""

BATCH = 500_000
"""Bytes of messages sent together: one holds some fifty values, and a new day brings all groups at once."""


class Evaluator:
    """The standing evaluation of the shards of one replica."""

    def __init__(
        self,
        settings: MetricsSettings,
        pool: asyncpg.Pool,
        telemetry: Telemetry,
        exposition: Exposition,
        health: Health,
        clock: Clock,
        committed: asyncio.Event,
        log: Callable[[], AbstractAsyncContextManager[AskEnds]],
        watch: SourceWatch,
    ) -> None:
        """Nothing happens until its task is run.

        ``committed`` is set when something was folded here: it is looked at soon. ``log`` tells where hr.events ends,
        ``watch`` how sources deliver.
        """
        self._settings, self._pool, self._telemetry = settings, pool, telemetry
        self._exposition, self._health, self._clock = exposition, health, clock
        self._today = Today(clock)
        self._committed, self._log, self._watch = committed, log, watch

    @property
    def task(self) -> Task:
        """Evaluates while leading, stands by otherwise, until cancelled."""
        return Task(PART, self._session, PART)

    async def _session(self) -> None:
        """Stand by, then lead, until something fails."""
        try:
            await Dealer(self._pool, self._settings.stadga_shards, self._work, self._dealt).deal()
        finally:
            self._telemetry.leader.set(0)

    def _dealt(self, held: int, problem: str | None) -> None:
        """This replica holds so many shards."""
        self._telemetry.leader.set(held)
        if problem:
            self._health.degraded(PART, problem)
        elif not held:
            self._today.read()
            self._well()

    async def _work(self, shard: Shard) -> None:
        """Evaluate a shard as long as this replica leads it."""
        producer = AIOKafkaProducer(
            **way_to(self._settings.kafka_bootstrap_servers),
            enable_idempotence=True,
            compression_type=packing.codec(),
            linger_ms=5,
            max_batch_size=BATCH,
        )
        try:
            await producer.start()
            term = await begin(self._pool, shard)
            async with self._pool.acquire() as connection, self._log() as ask, self._following() as read:
                await rules.check(connection)
                publisher = Publisher(
                    producer, self._settings.stadga_window_days, term.publication, self._settings.tenant
                )
                moment = Moment(ask, self._settings.stadga_batch)
                await self._evaluate(connection, publisher, term, moment, Followers(read))
        finally:
            self._exposition.clear(shard.number)
            self._telemetry.stands_by(shard.number)
            await stop(producer, 5)

    def _following(self) -> AbstractAsyncContextManager[AskRead]:
        told, tenant = self._settings, self._settings.tenant
        topic, group = tenant.topic(WORKFORCE_METRICS).name, tenant.prefixed(told.stadga_alerts_group)
        return following(told.kafka_bootstrap_servers, topic, group)

    async def _evaluate(
        self,
        connection: asyncpg.Connection,
        publisher: Publisher,
        term: Term,
        moment: Moment,
        followers: Followers,
    ) -> None:
        shard = term.shard
        keeper = Keeper(
            connection,
            self._settings.stadga_window_days,
            self._settings.stadga_points_norm,
            self._settings.stadga_health_settle_seconds,
            self._settings.stadga_delivery_seconds,
            self._settings.tenant,
            shard,
        )
        self._exposition.clear(shard.number)
        marking, resuming = Marking(), Resuming(connection, term, self._settings)
        if await resuming.begin(keeper, marking, self._today.read()):
            await self._show(keeper, marking)
        due, looked, provisional = True, perf_counter(), Provisional(publisher, self._clock)
        waiting = Waiting(self._settings.stadga_delivery_seconds, self._telemetry if shard.is_first else None)
        unfinished = Unfinished(publisher, self._clock, self._settings.stadga_delivery_seconds)
        missed, kept, others = 0, frozenset[str](), Others(term)
        while True:
            started, day, told = perf_counter(), keeper.book.today, keeper.telling
            news = await keeper.look(self._today.read().toordinal())
            if turned := keeper.book.today != day:
                self._exposition.clear(shard.number)
                await resuming.everything_changes()
            if shard.is_first and (due or turned or news.batches):  # else there are as many as at the last look
                self._telemetry.count_anomalies(keeper.anomalies)
            watched = await self._watch.look(connection, self._today.read())
            if shard.is_first:
                await keeper.end_deliveries()
            held = keeper.touched if waiting.holds(keeper.deliveries) else frozenset()
            due = due or turned or bool(news.batches) or marking.is_news(watched) or keeper.telling != told
            due = due or unfinished.is_news(keeper.deliveries) or held != kept or (keeper.has_to_tell and not held)
            loading = news.events > max(AT_ONCE, BULK_RATE * (started - looked))
            looked = started
            halted = loading or bool(held and keeper.book.everywhere <= held)
            early = due and not halted and not await followers.keep_up()
            if due and not halted and not early and await moment.has_come(keeper.folded):
                if not held:
                    await keeper.tell(term)
                    waiting.over()
                await unfinished.say(connection, keeper.deliveries)
                await self._publish(keeper, publisher, marking, watched, held, resuming)
                await term.published(keeper.revision, held, keeper.telling)
                due, kept = False, held
                others.follow(keeper.revision)
            if shard.is_first:
                # What waits for alerts alone is as whole as what was published: that may be acted on.
                waits = await others.wait() or (due and not early)
                await (provisional.waits(keeper.book) if waits else provisional.over(keeper.book))
                self._looked(keeper, all_of_it=not others.behind)
            self._well()
            if not due:
                await resuming.told(keeper, marking)
            missed = missed + 1 if due and not halted else 0
            # What was under way at the moment of the cut is mostly committed at once: that is not waited out.
            await self._rest(0 if missed == 1 else perf_counter() - started, loading=loading)

    async def _show(self, keeper: Keeper, marking: Marking) -> None:
        """Show what an earlier leader published."""
        pages, shown = self._exposition.pages(keeper.shard.number), marking.shown(keeper.book)
        while some := await asyncio.to_thread(next, shown, None):
            await asyncio.to_thread(pages.update, some, keeper.book.today)
        await asyncio.to_thread(pages.render)

    async def _publish(
        self,
        keeper: Keeper,
        publisher: Publisher,
        marking: Marking,
        watched: Watched,
        held: Collection[str],
        resuming: Resuming,
    ) -> None:
        book, pages = keeper.book, self._exposition.pages(keeper.shard.number)
        with self._telemetry.evaluation_seconds.time():
            days, revision = marking.changed(book, watched, held), await publisher.revision()
            while changed := await asyncio.to_thread(next, days, None):
                await asyncio.to_thread(pages.update, changed, book.today)
                await resuming.tells(keeper, changed)
                sent = await publisher.publish(changed, book.tree, book.today, revision, self._clock.now())
                self._telemetry.published.inc(sent)
            await publisher.confirmed()
            if keeper.shard.is_first:
                await publisher.report(marking.reports(watched), self._clock.now())
                self._telemetry.show_sources(watched.reports, self._clock.zone)
            marking.told(watched)
            pages.empty(book.empty)
            await asyncio.to_thread(pages.render)

    def _looked(self, keeper: Keeper, *, all_of_it: bool) -> None:
        self._telemetry.health_waits.set(keeper.waits)
        if all_of_it:
            self._telemetry.last_evaluation.set(self._clock.now().timestamp())

    def _well(self) -> None:
        if self._today.doubt:
            self._health.degraded(PART, self._today.doubt)
        else:
            self._health.ok(PART)

    async def _rest(self, spent: float, *, loading: bool) -> None:
        self._committed.clear()
        await asyncio.sleep(LOADING_SECONDS if loading else min(REST * spent, LOADING_SECONDS))
        with contextlib.suppress(TimeoutError):
            await within(self._committed.wait(), self._settings.stadga_evaluate_seconds)
