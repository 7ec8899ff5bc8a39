"""A backup made while events come in, and put back onto other servers: what it holds, and what is refused."""

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
import httpx
import msgspec
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import NewTopic

from cli.local.backup import keys, manifest, messages, server, tables
from cli.local.backup.making import Backup
from cli.local.backup.manifest import BackupError, Manifest
from cli.local.backup.neighbours import Neighbours, found
from cli.local.backup.restoring import Restore
from cli.local.stack import Stack, migrations, topics
from cli.local.stack.managed import Managed
from shared.contracts.envelope import BATCH
from shared.contracts.tenants import ALONE, Tenant
from shared.contracts.topics import ALL, HR_EVENTS, HR_KEYS, HR_REJECTED, WORKFORCE_ALERTS, WORKFORCE_METRICS
from shared.kit.access.tokens import LOCAL_TOKEN
from shared.kit.broker import administration
from tests import builders as make
from tests.authority import Authority
from tests.conftest import beside, execute, here
from tests.integration.metering import net_facts
from tests.integration.neighbours import PLAN, TODAY, UNIT, everything, log, send
from tests.polling import PATIENCE, until
from tests.secured import Files, SecuredKafka, SecuredPostgres, password

STADGA = Path(sys.executable).with_name("stadga")
FIGURE = 37
SENDER = {"content-type": BATCH, "authorization": f"Bearer {LOCAL_TOKEN}"}
NOWHERE = Neighbours("postgresql://stadga@127.0.0.1:1/stadga", "127.0.0.1:1", ALONE, 1)


class Source(NamedTuple):
    """Where a backup was made, what was sent while it was made, what it printed, and the mails before it."""

    stack: Stack
    backup: Path
    sent: list[make.Event]
    printed: str
    mails: list[str]


def services(home: Path, folder: Path) -> Stack:
    """A stack with its settings; those two have the same plan and the same keys."""
    (folder / "plan.yaml").write_text(PLAN.format(name="kommun", unit=UNIT))
    (folder / "link.key").write_bytes(b"k" * 40)
    told = {
        "STADGA_TODAY": TODAY,
        "STADGA_PLANS": str(folder / "plan.yaml"),
        "STADGA_LINK_KEY_FILE": str(folder / "link.key"),
        "STADGA_PSEUDONYM_KEY": "a key that both have",
        "STADGA_MAIL_POLL": "0.1",
    }
    return Stack(home, here(**told), leashed=True)


async def command(
    where: Stack, *given: str, stop_at: str | None = None, database: str | None = None
) -> tuple[int | None, str]:
    """Run ``stadga`` on the servers of a stack; killed as soon as it has printed ``stop_at``."""
    told = where.environment() | ({"DATABASE_URL": database} if database else {})
    return await ran(told, *given, stop_at=stop_at)


async def ran(told: Mapping[str, str], *given: str, stop_at: str | None = None) -> tuple[int | None, str]:
    """Run ``stadga`` with these settings."""
    process = await asyncio.create_subprocess_exec(
        STADGA, *given, env=here(**told), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    assert process.stdout is not None
    printed = ""
    while line := (await process.stdout.readline()).decode():
        printed += line
        if stop_at and stop_at in line:
            process.kill()
            break
    return await process.wait(), printed


async def post(stack: Stack, events: list[make.Event]) -> None:
    """A batch that is taken."""
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
        answer = await client.post(f"{stack.address('ingest')}/v1/events", content=make.batch(events), headers=SENDER)
    assert answer.json()["accepted"] == len(events), answer.text


async def answered(stack: Stack, service: str, path: str) -> Any:  # noqa: ANN401 -- JSON
    """What a service answers."""
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
        answer = await client.get(f"{stack.address(service)}{path}", headers={"authorization": f"Bearer {LOCAL_TOKEN}"})
    return answer.json()


async def values(stack: Stack) -> dict[str, Any]:
    """Every value of every unit, without the revision."""
    answer = await answered(stack, "metrics", "/v1/metrics")
    return {f"{group['unit']} {group['occupation']}": group["metrics"] for group in answer["groups"]}


async def alerts(stack: Stack) -> list[Any]:
    """The alerts as they stand."""
    return [
        {name: alert.get(name) for name in ("plan", "target", "unit", "state", "since", "episode")}
        for alert in (await answered(stack, "alerts", "/v1/alerts"))["alerts"]
    ]


def mailed(stack: Stack) -> list[str]:
    """The Message-ID of each mail that arrived."""
    found = (path.read_bytes() for path in sorted(stack.mail_folder.glob("*.eml")))
    return [str(message_from_bytes(mail, policy=policy.default)["Message-ID"]) for mail in found]


async def aborted(servers: str) -> None:
    """Leave marks of a transaction on every partition, so that offsets are not numbers of messages."""
    producer = AIOKafkaProducer(bootstrap_servers=servers, transactional_id="undone")
    async with producer:
        await producer.begin_transaction()
        for partition in range(HR_EVENTS.partitions):
            await producer.send_and_wait(HR_EVENTS.name, b"never", partition=partition)
        await producer.abort_transaction()


@pytest.fixture(scope="module")
async def source(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Source]:
    """A municipality with a value, an alert and a mail, of which a backup was made while people were employed."""
    folder = tmp_path_factory.mktemp("source")
    stack = services(folder / "stadga", folder)
    try:
        await stack.start(["kafka", "postgres", "mailbox"])
        await topics.create(stack.kafka_bootstrap_servers)
        await aborted(stack.kafka_bootstrap_servers)
        await migrations.migrate(stack.database_url)
        await stack.start()
        await post(stack, list(log(FIGURE, "kommun")))
        await send(stack.kafka_bootstrap_servers, HR_REJECTED.name, [(b"key", None, [("name", b"\xff")])])
        keys = [(b"p_a|1", b"old"), (b"p_b|1", b"gone"), (b"p_a|1", b"new"), (b"p_b|1", None), (b"", None)]
        await send(stack.kafka_bootstrap_servers, HR_KEYS.name, [(*one, []) for one in keys])
        await until(lambda: mailed(stack), "the mail about the alert")
        mails, sent = mailed(stack), list[make.Event]()

        async def employ() -> None:
            while True:
                number = len(sent)
                new = make.employment_started(f"new-{number}", "2026-05-04", "stab", "kurator", id=f"new-{number}")
                sent.append(new)
                await post(stack, [new])

        employing = asyncio.create_task(employ())
        await until(lambda: len(sent) > 3, "events come in")
        code, printed = await command(stack, "backup", str(folder / "backup"))
        before = len(sent)
        await until(lambda: employing.done() or len(sent) > before + 3, "events come in after it")
        assert not employing.done()
        employing.cancel()
        assert code == 0, printed
        await post(stack, sent)  # the last may not have been taken
        yield Source(stack, folder / "backup", sent, printed, mails)
    finally:
        await stack.stop()


@pytest.fixture(scope="module")
async def target(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """Other servers, on other ports; nothing of Stadga is on them."""
    folder = tmp_path_factory.mktemp("target")
    stack = services(folder / "elsewhere", folder)
    await stack.start(["kafka", "postgres", "mailbox"])
    yield stack
    await stack.stop()


@pytest.fixture
async def empty(target: Stack) -> AsyncIterator[Neighbours]:
    """The target with a database of the test's own, and without topics."""
    database = beside(target.database_url, "put_back")
    await execute(target.database_url, "create database put_back")
    yield Neighbours(database, target.kafka_bootstrap_servers, ALONE, 1)
    await execute(target.database_url, "drop database put_back with (force)")
    async with administration(target.kafka_bootstrap_servers) as admin:
        there = {topic.name for topic in ALL} & set(await admin.list_topics())
        await admin.delete_topics(list(there))

        async def gone() -> bool:
            return not there & set(await admin.list_topics())

        await until(gone, "the topics are gone")


def silent(_said: object) -> None:
    """Say nothing."""


def test_the_backup_is_for_its_owner_and_says_what_it_holds(source: Source) -> None:
    """No other may read it; it can be checked without Stadga; sizes and times are told; no secret is in it."""
    files = [path for path in source.backup.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o066 for path in [source.backup, *files]} == {0}
    told = manifest.read(source.backup)
    assert {file.name for file in told.files()} | {manifest.NAME, manifest.CHECKSUM} == {
        str(path.relative_to(source.backup)) for path in files
    }
    [keys] = [topic for topic in told.topics if topic.topic == HR_KEYS.name]
    in_force = [one for part in keys.partitions for one in messages.kept(source.backup, part)]
    assert [(one.key, one.value) for one in in_force] == [(b"p_a|1", b"new")]
    names = [HR_EVENTS.name, HR_KEYS.name, HR_REJECTED.name, WORKFORCE_ALERTS.name]
    assert [topic.topic for topic in told.topics] == names
    assert told.messages() > 29
    assert f"{told.messages()} meddelanden" in source.printed.splitlines()[-2]
    assert "STADGA_PSEUDONYM_KEY" in source.printed.splitlines()[-1]
    assert not any(b"a key that both have" in path.read_bytes() for path in files)
    assert not source.backup.with_name("backup.unfinished").exists()


def _another_byte(backup: Path) -> None:
    file = backup / "tables" / "metrics.facts_1.zst"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)


def _written(backup: Path, **fields: object) -> None:
    told = json.loads((backup / manifest.NAME).read_bytes()) | fields
    manifest.write(backup, told)


HARM: dict[str, tuple[Callable[[Path], object], str]] = {
    "another byte": (_another_byte, "damaged: tables/metrics.facts_1.zst"),
    "a file is missing": (lambda at: (at / "topics" / "hr.events" / "0.zst").unlink(), "damaged: topics/hr.events/0"),
    "another manifest": (lambda at: (at / "manifest.json").write_text("{}"), "damaged: manifest.json"),
    "no manifest": (lambda at: (at / "manifest.json").unlink(), "is no backup"),
    "a newer format": (lambda at: _written(at, format=2, unheard_of=1), "has the format 2"),
    "a newer release": (lambda at: _written(at, migrations=["metrics_9999"]), "metrics_9999 is not known here"),
    "another tenant": (lambda at: _written(at, tenant="solna"), "is of STADGA_TENANT='solna'"),
}


@pytest.mark.parametrize("harm", HARM)
async def test_what_is_not_whole_is_refused_before_anybody_is_asked(source: Source, tmp_path: Path, harm: str) -> None:
    """No server is reached for, and the sentence says what it is, in both languages."""
    shutil.copytree(source.backup, tmp_path / "copy")
    do, said = HARM[harm]
    do(tmp_path / "copy")
    with pytest.raises(BackupError) as refused:
        await Restore(NOWHERE, tmp_path / "copy", silent).run()
    assert said in refused.value.said("en")
    assert refused.value.said("sv") != refused.value.said("en")


async def test_a_target_that_is_not_empty_is_named(source: Source, empty: Neighbours) -> None:
    """A table or a topic with anything of another; nothing is changed."""
    restore = Restore(empty, source.backup, silent)
    await migrations.migrate(empty.database)
    await execute(empty.database, "insert into metrics.batches (events, facts, tree, seq) values (1, 0, false, 1)")
    with pytest.raises(BackupError, match=r"not empty.*: metrics\.batches$"):
        await restore.run()
    await execute(empty.database, "delete from metrics.batches")
    await topics.create(empty.kafka)
    for topic in (WORKFORCE_METRICS, WORKFORCE_ALERTS):
        await send(empty.kafka, topic.name, [(b"key", b"another", [])])
    with pytest.raises(BackupError, match=r"not empty.*: workforce\.alerts$"):
        await restore.run()
    assert await everything(empty.kafka, HR_EVENTS.name) == []


async def test_a_database_of_another_tenant_is_refused(source: Source, empty: Neighbours) -> None:
    """Also while it is empty."""
    await migrations.migrate(empty.database, Tenant("solna"))
    with pytest.raises(BackupError, match="is another's"):
        await Restore(empty, source.backup, silent).run()


async def test_another_number_of_partitions_is_refused(source: Source, empty: Neighbours) -> None:
    """What to do is said."""
    async with administration(empty.kafka) as admin:
        await admin.create_topics([NewTopic(HR_EVENTS.name, 3, 1)])
    with pytest.raises(BackupError, match="has 3 partitions, and 12 in the backup"):
        await Restore(empty, source.backup, silent).run()


async def test_a_server_that_cannot_hold_it_is_refused(
    source: Source, empty: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is too old, and a database in which not every letter can be written; no topic is made."""
    await execute(
        empty.database, "create database narrow encoding 'LATIN1' template template0 locale_provider libc locale 'C'"
    )
    narrow = empty._replace(database=beside(empty.database, "narrow"))
    try:
        with pytest.raises(BackupError, match="has the encoding LATIN1: create it with encoding 'UTF8'"):
            await Restore(narrow, source.backup, silent).run()
    finally:
        await execute(empty.database, "drop database narrow")
    monkeypatch.setattr(server, "OLDEST", 99)
    with pytest.raises(BackupError, match=r"the server is PostgreSQL \d+, and Stadga needs 99 or later"):
        await Restore(empty, source.backup, silent).run()
    async with administration(empty.kafka) as admin:
        assert not {topic.name for topic in ALL} & set(await admin.list_topics())


@pytest.mark.parametrize("step", ["hr.events …", "workforce.alerts …", "databasen …"])
async def test_a_restore_that_was_killed_is_run_again(
    source: Source, target: Stack, empty: Neighbours, step: str
) -> None:
    """It goes on, and what is there then is the backup."""
    code, printed = await command(target, "restore", str(source.backup), stop_at=step, database=empty.database)
    assert code == -9, printed
    code, printed = await command(target, "restore", str(source.backup), database=empty.database)
    assert code == 0, printed
    told = manifest.read(source.backup)
    assert await _counted(empty, told) == {table.called: table.rows for table in told.tables}
    await _as_kept(empty, source.backup, told)


async def _standing(there: Neighbours) -> list[tuple[int, int, bytes | None]]:
    """What stands in hr.events, and where."""
    return sorted((one.partition, one.offset, one.value) for one in await everything(there.kafka, HR_EVENTS.name))


async def _counted(there: Neighbours, told: Manifest) -> dict[str, int]:
    """How many rows each table of a backup has now."""
    names = [table.called for table in told.tables]
    async with there.session() as connection:
        return {name: await connection.fetchval(f"select count(*) from {name}") for name in names}  # noqa: S608


async def _as_kept(there: Neighbours, backup: Path, told: Manifest) -> None:
    """Each message is at its place in its partition, with all that it had."""
    for topic in told.topics:
        found = await everything(there.kafka, topic.topic)
        for part in topic.partitions:
            kept = [(one.timestamp, one.key, one.value, one.headers) for one in messages.kept(backup, part)]
            assert kept == [
                (one.timestamp, one.key, one.value, tuple(one.headers)) for one in found if one.partition == part.number
            ]


LOSE_THE_DATABASE = "drop schema metrics, alerts cascade; drop table public.alembic_version"


async def test_where_the_database_alone_was_lost_the_topics_stay(
    source: Source, empty: Neighbours, tmp_path: Path
) -> None:
    """They are the very ones of the backup, and have gone on since; those that were cut since are refused."""
    await Restore(empty, source.backup, silent).run()
    await Backup(empty, silent).make(tmp_path / "backup")
    for topic in (HR_EVENTS, WORKFORCE_METRICS):
        await send(empty.kafka, topic.name, [(b"key", b"later", [])])
    before = await _standing(empty)
    await execute(empty.database, LOSE_THE_DATABASE)
    told = await Restore(empty, tmp_path / "backup", silent).run()
    assert await _standing(empty) == before
    assert await _counted(empty, told) == {table.called: table.rows for table in told.tables}
    further = [{**part, "end": part["end"] + 9} for part in msgspec.to_builtins(told.topics[0].partitions)]
    all_of = msgspec.to_builtins(told.topics)
    _written(tmp_path / "backup", topics=[{**all_of[0], "partitions": further}, *all_of[1:]])
    with pytest.raises(BackupError, match=r"hr\.events ends before the backup does"):
        await Restore(empty, tmp_path / "backup", silent).run()


async def test_a_backup_of_an_older_release_is_brought_up_to_date(empty: Neighbours, tmp_path: Path) -> None:
    """It gets the schema that it had, its rows, and then the migrations since."""
    await topics.create(empty.kafka)
    for number in ("metrics_0016", "alerts_0025"):
        await migrations.migrate(empty.database, ALONE, number)
    await execute(empty.database, "insert into metrics.batches (events, facts, tree, seq) values (7, 0, false, 1)")
    await Backup(empty, silent).make(tmp_path / "backup")
    await execute(empty.database, LOSE_THE_DATABASE)
    told = await Restore(empty, tmp_path / "backup", silent).run()
    assert told.migrations == ("alerts_0025", "metrics_0016")
    async with empty.session() as connection:
        assert await connection.fetchval("select events from metrics.batches") == 7
        assert "metrics_0016" not in await tables.migrations(connection)


async def test_a_backup_that_was_killed_is_none(source: Source, tmp_path: Path) -> None:
    """What is left cannot be put back, and does not keep the next one from being made."""
    code, _ = await command(source.stack, "backup", str(tmp_path / "backup"), stop_at="databasen …")
    assert code == -9
    assert not (tmp_path / "backup").exists()
    with pytest.raises(BackupError, match="is no backup"):
        await Restore(NOWHERE, tmp_path / "backup.unfinished", silent).run()
    code, printed = await command(source.stack, "backup", str(tmp_path / "backup"), "--language", "en")
    assert (code, "keep elsewhere: STADGA_PSEUDONYM_KEY" in printed) == (0, True), printed
    code, printed = await command(source.stack, "backup", str(tmp_path / "backup"), "--language", "en")
    assert (code, "is there already" in printed) == (1, True), printed


def test_keys_are_written_only_where_they_are_whole(tmp_path: Path) -> None:
    """Into a file of their own, for its owner; without the key of the pseudonyms they are refused."""
    (tmp_path / "dkim.pem").write_text("private")
    some = {"STADGA_DKIM_KEY_FILE": str(tmp_path / "dkim.pem"), "SMTP_PASSWORD_FILE": "/nowhere"}
    with pytest.raises(BackupError, match="STADGA_PSEUDONYM_KEY is not set here"):
        keys.write(tmp_path / "one", some)
    file = keys.write(tmp_path / "other", some | {"STADGA_PSEUDONYM_KEY": "secret"})
    path = tmp_path / "other" / file.name
    assert json.loads(path.read_text()) == {"STADGA_PSEUDONYM_KEY": "secret", "STADGA_DKIM_KEY_FILE": "private"}
    assert path.stat().st_mode & 0o777 == 0o600


async def test_what_runs_here_is_meant_unless_told_otherwise(
    target: Stack, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The stack under .stadga, by its ports; the environment goes before it."""
    (tmp_path / ".stadga").symlink_to(target.home)
    monkeypatch.chdir(tmp_path)
    meant = found({})
    assert (meant.database, meant.kafka) == (target.database_url, target.kafka_bootstrap_servers)
    assert found({"DATABASE_URL": "postgresql://elsewhere"}).database == "postgresql://elsewhere"


async def test_nobody_answers(source: Source, tmp_path: Path) -> None:
    """Exit code 2, and nothing is left that could be taken for a backup."""
    code, printed = await command(
        source.stack, "backup", str(tmp_path / "backup"), database="postgresql://stadga@127.0.0.1:1/stadga"
    )
    assert (code, "kör om kommandot" in printed) == (2, True), printed
    assert not (tmp_path / "backup").exists()


class Locked(NamedTuple):
    """Servers that let nobody in without a password and a certificate, over TLS: an older PostgreSQL."""

    files: Files
    told: dict[str, str]
    there: Neighbours


@pytest.fixture(scope="module")
async def locked(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Locked]:
    """They hold nothing at first; the test itself reads Kafka by a listener of its own."""
    folder = tmp_path_factory.mktemp("locked")
    by, files = Authority(folder / "authority", "the authority"), Files(folder / "files")
    files.hold(by, "the-Password")
    broker = SecuredKafka(folder / "kafka", by)
    database = SecuredPostgres(folder / "postgres", by, files.folder)
    kafka, postgres = (Managed(part, folder, here(), leashed=True) for part in (broker, database))
    async with AsyncExitStack() as last:
        for part in (kafka, postgres):
            last.push_async_callback(part.stop)
            await part.start()
        await password(kafka.address, "the-Password")
        told = {**files.settings(broker.secured), "DATABASE_URL": postgres.address}
        yield Locked(files, told, Neighbours(postgres.address, kafka.address, ALONE, 1))


async def test_whoever_is_not_let_in_changes_nothing(source: Source, locked: Locked, tmp_path: Path) -> None:
    """A wrong password of Kafka, brokers and a database by another authority: exit code 2, and the reason."""
    wrong, stranger = tmp_path / "wrong", Authority(tmp_path / "stranger", "a stranger").path
    wrong.write_text("another-Password\n")
    database = locked.told["DATABASE_URL"].replace(str(locked.files.folder / "rootcert"), str(stranger))
    put_back, made = ["restore", str(source.backup)], tmp_path / "made"
    for known, given, said in (
        ({"KAFKA_PASSWORD_FILE": str(wrong)}, put_back, "SaslAuthenticationFailed"),
        ({"KAFKA_CA_FILE": str(stranger)}, put_back, "CERTIFICATE_VERIFY_FAILED"),
        ({"DATABASE_URL": database}, put_back, "CERTIFICATE_VERIFY_FAILED"),
        ({"DATABASE_URL": database}, ["backup", str(made)], "CERTIFICATE_VERIFY_FAILED"),
    ):
        code, printed = await ran(locked.told | known, *given)
        assert (code, said in printed, "kör om kommandot" in printed) == (2, True, True), printed
    assert not made.exists()


NUMBERED_ANEW = {
    *("metrics.batches", "metrics.cells", "metrics.told", "metrics.told_until", "metrics.periods"),
    *("metrics.logs", "metrics.offsets", "metrics.book_copy", "metrics.book_told", "metrics.book_parts"),
}
"""Tables with numbers of a server's transactions and of places in topics, which are others elsewhere."""


async def _content(database: str, told: Manifest) -> dict[str, list[str]]:
    """What stands in each table that is to be the same anywhere, whatever the order."""
    connection = await asyncpg.connect(database)
    try:
        return {
            table.called: sorted(
                row[0]
                for row in await connection.fetch(f"select row({table.called}.*)::text from {table.called}")  # noqa: S608
            )
            for table in told.tables
            if table.called not in NUMBERED_ANEW
        }
    finally:
        await connection.close()


async def test_over_tls_onto_an_older_postgresql_and_back(
    source: Source, locked: Locked, empty: Neighbours, tmp_path: Path
) -> None:
    """Both ways what is there is what was: rows and messages."""
    told = manifest.read(source.backup)
    code, printed = await ran(locked.told, "restore", str(source.backup))
    assert code == 0, printed
    await _as_kept(locked.there, source.backup, told)
    facts = await net_facts(locked.there.database)
    content = await _content(locked.there.database, told)
    assert {name: len(rows) for name, rows in content.items()} == {
        table.called: table.rows for table in told.tables if table.called in content
    }
    code, printed = await ran(locked.told, "backup", str(tmp_path / "older"))
    assert code == 0, printed
    older = manifest.read(tmp_path / "older")
    assert int(older.postgres) < int(told.postgres)
    await Restore(empty, tmp_path / "older", silent).run()
    assert await _content(empty.database, older) == content
    assert await net_facts(empty.database) == facts != {}
    await _as_kept(empty, source.backup, told)


async def test_the_services_go_on_elsewhere_as_if_nothing_had_happened(source: Source, target: Stack) -> None:
    """The same alert in the same episode, no second mail, and with what was sent since, the same facts and values."""
    code, printed = await command(target, "restore", str(source.backup), "--language", "en")
    assert code == 0, printed
    assert "put back STADGA_PSEUDONYM_KEY" in printed
    kept = manifest.read(source.backup)
    for topic in kept.topics:
        there = await everything(target.kafka_bootstrap_servers, topic.topic)
        assert len(there) == sum(part.messages for part in topic.partitions)
    await target.start()
    assert await alerts(target) == await alerts(source.stack) != []
    await post(target, source.sent)

    async def same() -> bool:
        return await net_facts(target.database_url) == await net_facts(source.stack.database_url)

    async def alike() -> bool:
        return await values(target) == await values(source.stack) != {}

    await until(same, "the facts are those of the source")
    await until(alike, "the values are those of the source")
    assert await alerts(target) == await alerts(source.stack)
    assert not {*mailed(target)} & {*source.mails}
    assert {*mailed(target)} <= {*mailed(source.stack)}
    code, printed = await command(target, "restore", str(source.backup), "--language", "en")
    assert (code, "stop the services first" in printed) == (1, True), printed
