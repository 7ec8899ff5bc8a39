"""The local stack: started, reused, replaced after crashes, stopped."""

import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import asyncpg
import pytest

from cli.connect.running import Running, RunningFile
from cli.local.stack import INFRASTRUCTURE, Stack, StackError, answers, migrations, topics
from cli.local.stack.child import Child
from cli.local.stack.errors import Unanswered
from cli.local.stack.managed import Managed
from cli.local.stack.python import MailboxPart
from shared.contracts import topics as contract
from shared.kit.broker import administration
from tests.conftest import here
from tests.polling import until


async def has_topics(servers: str) -> bool:
    """Whether a broker has the topics of the contract; one that was just made may take a moment to show."""
    async with administration(servers) as admin:
        return {topic.name for topic in contract.ALL} <= set(await admin.list_topics())


async def fetch(url: str, query: str) -> object:
    """One value from the database."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def recorded(stack: Stack) -> dict[str, Running]:
    """What stack.json says."""
    return RunningFile(stack.home / "stack.json").read()


async def test_starts_and_says_where(stack: Stack):
    """A start gives a broker, a database and a mailbox at the addresses in stack.json."""
    await stack.start(INFRASTRUCTURE)
    await topics.create(stack.kafka_bootstrap_servers)
    await migrations.migrate(stack.database_url)
    assert await until(lambda: has_topics(stack.kafka_bootstrap_servers), "the topics")
    assert await fetch(stack.database_url, "select current_user") == "stadga"
    assert {name: part.address for name, part in recorded(stack).items()} == {
        "kafka": stack.kafka_bootstrap_servers,
        "postgres": stack.database_url,
        "mailbox": stack.smtp_url,
    }


async def test_second_run_reuses(stack: Stack):
    """What runs and answers is reused by a second run, which leaves it running when it stops."""
    await stack.start(INFRASTRUCTURE)
    second = Stack(stack.home, here(), leashed=True)
    await second.start(INFRASTRUCTURE)
    assert second.environment() == stack.environment()
    before = recorded(stack)
    await second.stop()
    await stack.start(INFRASTRUCTURE)
    assert recorded(stack) == before


async def test_data_survive_kill(stack: Stack):
    """After kill -9 of every part a restart brings back the same addresses, topics, rows and mails."""
    await stack.start(INFRASTRUCTURE)
    await topics.create(stack.kafka_bootstrap_servers)
    await fetch(stack.database_url, "create table kept as select 42 as answer")
    before = stack.environment()
    for part in INFRASTRUCTURE:
        stack.kill(part)
        await stack.restart(part)
    assert stack.environment() == before
    assert await until(lambda: has_topics(stack.kafka_bootstrap_servers), "the topics")
    assert await fetch(stack.database_url, "select answer from kept") == 42
    await send(stack.smtp_url)
    assert await until(lambda: list(stack.mail_folder.glob("*.eml")), "a mail after the restart")


async def test_dead_parts_are_replaced(stack: Stack):
    """A run that finds a part dead, with the pid file of its last life, starts it on the same port."""
    await stack.start(INFRASTRUCTURE)
    address = stack.database_url
    stack.kill("postgres")
    await until(lambda: stack.dead() == ["postgres"], "the server is gone")
    assert (stack.home / "postgres" / "data" / "postmaster.pid").exists()
    await stack.start(INFRASTRUCTURE)
    assert stack.database_url == address
    assert await fetch(address, "select 1") == 1


async def test_hung_part_is_replaced(stack: Stack, monkeypatch: pytest.MonkeyPatch):
    """A part that runs but does not answer is ended and started anew."""
    await stack.start(["mailbox"])
    hung = recorded(stack)["mailbox"].pid
    os.kill(hung, signal.SIGSTOP)
    monkeypatch.setattr("cli.local.stack.python.MailboxPart.seconds_to_start", 8)
    monkeypatch.setattr("cli.local.stack.python.MailboxPart.seconds_to_stop", 1)
    monkeypatch.setattr("cli.local.stack.answers.PATIENCE", 1)
    second = Stack(stack.home, here(), leashed=True)
    await second.start(["mailbox"])
    assert recorded(stack)["mailbox"].pid != hung
    await second.stop()


async def test_orphans_are_adopted(stack: Stack):
    """What a killed run left behind is reused by the next run, which stops it at its end."""
    crash(stack.home, leashed=False)
    left = recorded(stack)["mailbox"]
    await stack.start(["mailbox"])
    assert recorded(stack)["mailbox"] == left
    await stack.stop()
    with pytest.raises(Unanswered):
        await answers.smtp(left.address)


CRASH = """
import asyncio, os, signal, sys
from pathlib import Path
from cli.local.stack import Stack
asyncio.run(Stack(Path(sys.argv[1]), leashed=sys.argv[2] == "True").start(["mailbox"]))
os.kill(os.getpid(), signal.SIGKILL)
"""


def crash(home: Path, *, leashed: bool) -> None:
    """A run that starts a mailbox and ends without any chance to tidy up."""
    program = [sys.executable, "-c", CRASH, str(home), str(leashed)]
    crashed = subprocess.run(program, env=dict(here()), check=False, capture_output=True)
    assert crashed.returncode == -signal.SIGKILL, crashed.stderr


def uid_of(pid: int) -> int:
    """The user a process runs as."""
    return int(subprocess.check_output(["ps", "-o", "uid=", "-p", str(pid)]))


async def test_leashed_parts_end_with_their_run(stack: Stack):
    """The parts of a leashed stack end when the process that started them is killed."""
    crash(stack.home, leashed=True)
    left = Child(stack.home / "run" / "mailbox.lock", stack.home / "logs" / "mailbox.log")
    await until(lambda: not left.alive, "the mailbox has ended")


async def test_mail_is_kept(stack: Stack):
    """A mail sent to the mailbox becomes a file with the message and whom it was for."""
    await stack.start(["mailbox"])
    await send(stack.smtp_url)
    [kept] = await until(lambda: list(stack.mail_folder.glob("*.eml")), "the mail")
    message = message_from_bytes(kept.read_bytes(), policy=policy.default)
    assert message["Subject"] == "Sjukfrånvaron ökar"
    assert message["X-Envelope-To"] == "chef@example.se"
    assert message.get_content().strip() == "Åtgärd behövs"


async def test_nothing_is_open_to_others(stack: Stack):
    """Nobody else on the machine can read the database, the broker's messages, the mails, the logs or the addresses."""
    before = os.umask(0)
    try:
        await stack.start(INFRASTRUCTURE)
        await topics.create(stack.kafka_bootstrap_servers)
        await send(stack.smtp_url)
    finally:
        os.umask(before)
    await until(lambda: list(stack.mail_folder.glob("*.eml")), "the mail")
    await stack.stop()
    assert len(found := [stack.home, *stack.home.rglob("*")]) > 100
    assert [path for path in found if path.lstat().st_mode & 0o066] == []


async def test_names_of_mails_sort_by_arrival(stack: Stack):
    """Mail files in the order of their names are in the order of arrival."""
    await stack.start(["mailbox"])
    for number in range(12):
        await send(stack.smtp_url, f"number {number}")
    kept = [message_from_bytes(p.read_bytes())["Subject"] for p in sorted(stack.mail_folder.glob("*.eml"))]
    assert kept == [f"number {number}" for number in range(12)]


async def send(url: str, subject: str = "Sjukfrånvaron ökar") -> None:
    """Send a mail."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "stadga@example.se", "chef@example.se", subject
    message.set_content("Åtgärd behövs")
    await aiosmtplib.send(message, hostname="127.0.0.1", port=int(url.rsplit(":", 1)[1]))


async def test_database_has_no_rights_of_root(stack: Stack):
    """The server runs as an ordinary user, also for root in a folder closed to others; its client is no superuser."""
    stack.home.parent.chmod(stat.S_IRWXU)
    await stack.start(["postgres"])
    assert uid_of(recorded(stack)["postgres"].pid) != 0
    assert await fetch(stack.database_url, "select usesuper from pg_user where usename = current_user") is False


async def test_part_elsewhere_is_used(stack: Stack, tmp_path: Path):
    """A part named by the environment is checked and used, and not stopped."""
    await stack.start(["mailbox"])
    other = Stack(tmp_path / "other", here(SMTP_URL=stack.smtp_url), leashed=True)
    await other.start(["mailbox"])
    assert other.smtp_url == stack.smtp_url
    assert recorded(other) == {}
    await other.stop()
    await send(stack.smtp_url)


async def test_part_elsewhere_that_is_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A part named by the environment that does not answer is named with the variable, without its password."""
    monkeypatch.setattr("cli.local.stack.external.check.__defaults__", (0.1,))
    other = Stack(tmp_path, here(DATABASE_URL="postgresql://a:secret@127.0.0.1:1/b"), leashed=True)
    with pytest.raises(StackError, match=r"DATABASE_URL=postgresql://a:\*\*\*@127.0.0.1:1/b does not answer"):
        await other.start(["postgres"])


async def test_missing_program_is_named(tmp_path: Path):
    """Without Java the error names it and the version needed."""
    bare = Stack(tmp_path, here(), leashed=True)
    with pytest.MonkeyPatch.context() as path:
        path.setenv("PATH", str(tmp_path))
        with pytest.raises(StackError, match="Java 17 or later is needed to run Kafka: java was not found"):
            await bare.start(["kafka"])


class Robbed(MailboxPart):
    """A mailbox whose port somebody takes, the first time, after it was chosen."""

    robber: socket.socket | None = None

    def prepare(self, ports: Mapping[str, int]) -> None:
        """Come first, once."""
        super().prepare(ports)
        if self.robber is None:
            self.robber = socket.create_server(("127.0.0.1", ports["port"]))


async def test_port_that_somebody_took_meanwhile(tmp_path: Path):
    """The part is started again on another port; who came first keeps the one they have."""
    part = Robbed(tmp_path)
    managed = Managed(part, tmp_path, os.environ, leashed=True)
    await managed.start()
    assert part.robber
    assert managed.alive
    assert managed.address != part.address({"port": part.robber.getsockname()[1]})
    await managed.stop()
    part.robber.close()
