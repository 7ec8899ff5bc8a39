"""A backup is put back: first the topics, then the database, which is there as a whole or not at all.

Whatever it is interrupted at, it may be run again. A topic that holds the beginning of what it is to hold, and nothing
else, is filled up; a database into which this backup was loaded bears its mark until all is done.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from cli.local.backup import groups, messages, server, tables
from cli.local.backup import manifest as kept
from cli.local.backup.blocks import sha256
from cli.local.backup.layout import topics_there
from cli.local.backup.manifest import BackupError, Manifest, Messages, Partition
from cli.local.backup.neighbours import Neighbours
from cli.local.backup.progress import Say, Step, size
from cli.local.stack import migrations
from cli.local.stack.part import ROOT
from services.metrics.intake.realigning import realign
from shared.contracts.topics import ALL, WORKFORCE_METRICS
from shared.kit.broker import create_topics

MARK = "stadga restore"


class Goal(NamedTuple):
    """A partition that is to hold what is in the backup."""

    topic: str
    part: Partition

    @property
    def tp(self) -> TopicPartition:
        """Where."""
        return TopicPartition(self.topic, self.part.number)


class Restore:
    """One run of ``stadga restore``."""

    def __init__(self, to: Neighbours, folder: Path, say: Say) -> None:
        """``say`` is told each step."""
        self._to, self._folder, self._say = to, folder, say

    async def run(self) -> Manifest:
        """Put everything back; raises BackupError, or what the database or Kafka cannot do just now.

        Whatever keeps it from being done is found before anything is changed.
        """
        manifest = self._whole()
        mark = f"{MARK} {sha256(self._folder / kept.NAME)}"
        await groups.nobody(self._to)
        filled = await self._room(manifest)
        loaded = await self._loaded(mark)
        await self._topics(manifest, filled)
        await groups.rewind(self._to)
        await self._database(manifest, mark, loaded=loaded)
        return manifest

    def _whole(self) -> Manifest:
        """The manifest of a backup that is as it was written, and for this tenant and release."""
        manifest = kept.read(self._folder)
        if manifest.tenant != self._to.tenant.name:
            raise BackupError(
                f"säkerhetskopian är av STADGA_TENANT={manifest.tenant!r}, och här är {self._to.tenant.name!r}",
                f"the backup is of STADGA_TENANT={manifest.tenant!r}, and here is {self._to.tenant.name!r}",
            )
        if unknown := sorted({*manifest.migrations} - migrations.known()):
            raise BackupError(
                f"säkerhetskopian är av en nyare version: {', '.join(unknown)} är okänt här",
                f"the backup is of a newer release: {', '.join(unknown)} is not known here",
            )
        step, room = Step(self._say, "kontrollsummor", "checksums"), size(manifest.size())
        kept.check(self._folder, manifest, lambda file: step.at(file.name))
        step.done(f"{room.sv} är som de skrevs", f"{room.en} are as they were written")
        return manifest

    async def _room(self, manifest: Manifest) -> list[Messages]:
        """The topics to fill; raises BackupError for one that has other partitions, or something else in it.

        One that is the very topic of which the backup was made, as where the database alone was lost, stays as it is.
        """
        there = await topics_there(self._to.kafka, self._to.tenant, ALL)
        filled = []
        async with messages.reader(self._to.kafka) as consumer:
            for topic in manifest.topics:
                found = there.get(topic.topic)
                if found and topic.id and found.id == topic.id:
                    await _not_cut(consumer, topic)
                    continue
                filled.append(topic)
                if found:
                    _alike(topic, found.partitions)
                    await self._compare(consumer, topic)
            values = self._to.tenant.topic(WORKFORCE_METRICS).name
            if filled and values in there:
                spans = await messages.spans(consumer, values, there[values].partitions)
                if any(first < end for first, end in spans):
                    raise _not_empty(values)
        return filled

    async def _compare(self, consumer: AIOKafkaConsumer, topic: Messages) -> None:
        spans = await messages.spans(consumer, topic.topic, len(topic.partitions))
        for goal in _goals(topic):
            whole = messages.kept(self._folder, goal.part)
            if not await messages.begun(consumer, goal.tp, spans[goal.part.number], whole):
                raise _not_empty(topic.topic)

    async def _loaded(self, mark: str) -> bool:
        """Whether an earlier run loaded this backup; raises BackupError for a database with anything else."""
        async with self._to.session() as connection:
            await server.fit(connection)
            if await connection.fetchval("select obj_description(to_regnamespace('metrics'), 'pg_namespace')") == mark:
                return True
            if rows := await tables.rows_of_others(connection):
                raise _not_empty(", ".join(rows))
            if await connection.fetchval("select to_regclass('metrics.tenant')"):
                await self._mine(connection)
            return False

    async def _mine(self, connection: asyncpg.Connection) -> None:
        if await connection.fetchval("select name from metrics.tenant") != self._to.tenant.name:
            raise BackupError(
                "DATABASE_URL: databasen är en annans (STADGA_TENANT)",
                "DATABASE_URL: the database is another's (STADGA_TENANT)",
            )

    async def _topics(self, manifest: Manifest, filled: list[Messages]) -> None:
        sizes = {topic.topic: len(topic.partitions) for topic in manifest.topics}
        ours = [self._to.tenant.topic(topic) for topic in ALL]
        made = tuple(topic._replace(partitions=sizes.get(topic.name, topic.partitions)) for topic in ours)
        await create_topics(self._to.kafka, made, self._to.replicas)
        async with messages.reader(self._to.kafka) as consumer:
            for topic in filled:
                await self._put(consumer, topic)

    async def _put(self, consumer: AIOKafkaConsumer, topic: Messages) -> None:
        """Send what is not there yet, and read all of it again."""
        step, whole = Step(self._say, topic.topic, topic.topic), sum(part.messages for part in topic.partitions)
        spans = await messages.spans(consumer, topic.topic, len(topic.partitions))
        sent = sum(end for _, end in spans)

        def done(more: int) -> None:
            nonlocal sent
            sent += more
            step.at(f"{sent}/{whole}")

        async with messages.sender(self._to.kafka) as producer:
            for goal in _goals(topic):
                left = messages.after(messages.kept(self._folder, goal.part), spans[goal.part.number][1])
                await messages.put(producer, goal.tp, left, done)
        await self._compare(consumer, topic)
        step.done(f"{whole} meddelanden", f"{whole} messages")

    async def _database(self, manifest: Manifest, mark: str, *, loaded: bool) -> None:
        rows = sum(table.rows for table in manifest.tables)
        step = Step(self._say, "databasen", "the database")
        async with self._to.session() as connection:
            if not loaded:
                await tables.clear(connection)
                for number in manifest.migrations:
                    await migrations.migrate(self._to.database, self._to.tenant, number)
                async with connection.transaction():
                    await tables.fill(connection, manifest.tables, self._folder)
                    await tables.advance(connection, manifest.sequences)
                    await connection.execute(f"comment on schema metrics is '{mark}'")
            await migrations.migrate(self._to.database, self._to.tenant)
            await realign(self._to.kafka, self._to.database, self._to.tenant)
            async with connection.transaction():
                await connection.execute((ROOT / "deploy" / "restored.sql").read_text())
                await connection.execute("comment on schema metrics is null")
        step.done(f"{len(manifest.tables)} tabeller, {rows} rader", f"{len(manifest.tables)} tables, {rows} rows")


def _goals(topic: Messages) -> Iterator[Goal]:
    return (Goal(topic.topic, part) for part in topic.partitions)


def _alike(topic: Messages, found: int) -> None:
    wanted = len(topic.partitions)
    if found != wanted:
        raise BackupError(
            f"{topic.topic} har {found} partitioner, och i säkerhetskopian {wanted}: ta bort ämnet först",
            f"{topic.topic} has {found} partitions, and {wanted} in the backup: delete the topic first",
        )


async def _not_cut(consumer: AIOKafkaConsumer, topic: Messages) -> None:
    """Raises BackupError where the very topic has lost what is in the backup."""
    ends = [end for _, end in await messages.spans(consumer, topic.topic, len(topic.partitions))]
    if any(end < part.end for end, part in zip(ends, topic.partitions, strict=True)):
        raise BackupError(
            f"{topic.topic} slutar före säkerhetskopian: ta bort ämnet först",
            f"{topic.topic} ends before the backup does: delete the topic first",
        )


def _not_empty(named: str) -> BackupError:
    return BackupError(
        f"inte tomt, och inte början på den här säkerhetskopian: {named}",
        f"not empty, and not the beginning of this backup: {named}",
    )
