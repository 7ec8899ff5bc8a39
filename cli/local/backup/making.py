"""A backup is made beside its place and renamed once it is whole.

The database is copied in one state, and how far the topics reach is asked after that state was taken: so nothing in
the copy of the database is ahead of the events beside it. What the events are ahead is read again.
"""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from cli import private
from cli.local.backup import keys, messages, tables
from cli.local.backup.layout import topics_there
from cli.local.backup.manifest import FORMAT, BackupError, Manifest, Messages, Partition, Table, write
from cli.local.backup.messages import Span
from cli.local.backup.neighbours import KEPT, Neighbours
from cli.local.backup.progress import Say, Step, size
from shared.contracts.topics import HR_KEYS
from shared.kit.metadata import Described

BESIDE = ".unfinished"


class Rows(NamedTuple):
    """The database in one state."""

    tables: tuple[Table, ...]
    sequences: dict[str, int]
    migrations: tuple[str, ...]
    postgres: str


class Backup:
    """One run of ``stadga backup``."""

    def __init__(self, of: Neighbours, say: Say) -> None:
        """``say`` is told each step."""
        self._of, self._say = of, say

    async def make(self, folder: Path, *, with_keys: bool = False) -> Manifest:
        """Make ``folder``; raises BackupError, or what the database or Kafka cannot do just now."""
        beside = _beside(folder)
        manifest = await self._filled(beside, with_keys=with_keys)
        write(beside, manifest)
        beside.rename(folder)
        return manifest

    async def _filled(self, folder: Path, *, with_keys: bool) -> Manifest:
        begun = datetime.now(UTC)
        held = keys.write(folder) if with_keys else None
        async with self._snapshot() as (connection, some), messages.reader(self._of.kafka) as consumer:
            layout = await topics_there(self._of.kafka, self._of.tenant, KEPT)
            reach = await self._reach(consumer, layout)
            await _not_behind(connection, reach)
            rows = await self._rows(connection, some, folder)
            parts = {topic: await self._topic(consumer, topic, spans, folder) for topic, spans in reach.items()}
        return Manifest(
            FORMAT,
            _release(),
            self._of.tenant.name,
            begun,
            datetime.now(UTC),
            rows.postgres,
            rows.migrations,
            rows.tables,
            rows.sequences,
            tuple(Messages(topic, layout[topic].id, some) for topic, some in parts.items()),
            keys.elsewhere(),
            held,
        )

    @asynccontextmanager
    async def _snapshot(self) -> AsyncIterator[tuple[asyncpg.Connection, list[Table]]]:
        """A session that sees one state, and its tables, none of which can go away."""
        async with self._of.session() as connection, connection.transaction(isolation="repeatable_read"):
            held = await tables.held(connection)
            await tables.hold(connection, held)
            await _ours(connection, self._of, held)
            yield connection, held

    async def _reach(self, consumer: AIOKafkaConsumer, layout: dict[str, Described]) -> dict[str, list[Span]]:
        names = [self._of.tenant.topic(topic).name for topic in KEPT]
        if missing := [name for name in names if name not in layout]:
            raise BackupError(f"ämnet {missing[0]} finns inte i Kafka", f"there is no topic {missing[0]} in Kafka")
        return {name: await messages.spans(consumer, name, layout[name].partitions) for name in names}

    async def _rows(self, connection: asyncpg.Connection, some: list[Table], folder: Path) -> Rows:
        step, written = Step(self._say, "databasen", "the database"), []
        for number, table in enumerate(some):
            step.at(f"{number}/{len(some)}: {table.called}")
            written.append(await tables.dump(connection, table, folder))
        rows, room = sum(table.rows for table in written), size(sum(t.file.bytes for t in written if t.file))
        step.done(f"{len(some)} tabeller, {rows} rader, {room.sv}", f"{len(some)} tables, {rows} rows, {room.en}")
        server = str(connection.get_server_version().major)
        numbers = tuple(await tables.migrations(connection))
        return Rows(tuple(written), await tables.sequences(connection), numbers, server)

    async def _topic(
        self, consumer: AIOKafkaConsumer, topic: str, reach: list[Span], folder: Path
    ) -> tuple[Partition, ...]:
        step, parts = Step(self._say, topic, topic), []
        for number, span in enumerate(reach):
            step.at(f"{number}/{len(reach)}")
            tp, compacted = TopicPartition(topic, number), topic == self._of.tenant.topic(HR_KEYS).name
            parts.append(await messages.dump(consumer, tp, span, folder, compacted=compacted))
        count, room = sum(part.messages for part in parts), size(sum(part.file.bytes for part in parts))
        step.done(f"{count} meddelanden, {room.sv}", f"{count} messages, {room.en}")
        return tuple(parts)


def _beside(folder: Path) -> Path:
    """Where a backup is made until it is whole, empty; what an interrupted run left there is no backup."""
    if folder.exists():
        raise BackupError(f"{folder} finns redan", f"{folder} is there already")
    beside = folder.resolve().with_name(folder.name + BESIDE)
    if beside.exists():
        shutil.rmtree(beside)
    private.folder(beside)
    return beside


async def _ours(connection: asyncpg.Connection, of: Neighbours, held: list[Table]) -> None:
    if not held:
        raise BackupError("databasen har ingenting av Stadga", "the database has nothing of Stadga")
    if await connection.fetchval("select name from metrics.tenant") != of.tenant.name:
        raise BackupError(
            "DATABASE_URL: databasen är en annans (STADGA_TENANT)",
            "DATABASE_URL: the database is another's (STADGA_TENANT)",
        )


async def _not_behind(connection: asyncpg.Connection, reach: dict[str, list[Span]]) -> None:
    """Raises BackupError where the log is another than the one that was read: it would miss what the database knows."""
    for row in await connection.fetch("select topic, part, next from metrics.offsets"):
        spans = reach.get(row["topic"], [])
        if row["part"] < len(spans) and spans[row["part"]][1] < row["next"]:
            where = f"{row['topic']}/{row['part']}"
            raise BackupError(
                f"{where} slutar före den plats som är läst: kör stadga metrics realign först",
                f"{where} ends before the place that was read to: run stadga metrics realign first",
            )


def _release() -> str:
    try:
        return version("stadga")
    except PackageNotFoundError:  # the image runs from its folder
        return ""
