"""TLS everywhere: the broker wants a password, the database a certificate, the mail server a login; all is renewed."""

import asyncio
import base64
import contextlib
import json
import ssl
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import asyncpg
import httpx
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from cli.local.stack import Stack
from cli.local.stack.managed import Managed
from cli.local.stack.part import ROOT
from shared.contracts.envelope import BATCH
from shared.contracts.topics import ALL
from shared.kit.access.tokens import LOCAL_TOKEN
from shared.kit.cluster import way_to
from shared.kit.settings import Settings, load
from tests import builders as make
from tests.authority import Authority
from tests.conftest import here
from tests.fakes.postmaster import Postmaster
from tests.integration.alerting import BAD, Watcher, history, plan, publish
from tests.integration.metering import Killable
from tests.polling import until
from tests.secured import MAIL_LOGIN, USER, Files, SecuredKafka, SecuredPostgres, password

FIRST, SECOND = "first-Password", "second-Password"
SENDER = {"content-type": BATCH, "authorization": f"Bearer {LOCAL_TOKEN}"}


class House(NamedTuple):
    """The broker, the database and the mail server that let nobody in without, and the services on them."""

    files: Files
    kafka: Managed
    broker: SecuredKafka
    postgres: Managed
    database: SecuredPostgres
    post: Postmaster
    mail_trust: ssl.SSLContext
    ingest: Killable
    metrics: Killable
    alerts: Watcher
    settings: dict[str, str]

    async def well(self) -> None:
        """Wait until everything works."""

        async def works() -> bool:
            asked = [await self.ingest.service.problems(), await self.metrics.service.problems()]
            return [*asked, await self.alerts.problems()] == [{}, {}, {}]

        await until(works, "every part of every service to work")

    async def hire(self, *people: str) -> None:
        """Through ingest's door, and wait until metrics has folded it."""
        hired = await self._hired()
        events = [make.employment_started(one, "2024-01-01") for one in people]
        async with httpx.AsyncClient(base_url=self.ingest.service.url, trust_env=False) as client:
            answer = await client.post("/v1/events", content=make.batch(events), headers=SENDER)
        assert answer.is_success, answer.text

        async def folded() -> bool:
            return await self._hired() >= hired + len(people)

        await until(folded, "the events to be folded")

    async def breach(self, unit: str) -> None:
        """Values that call for a mail, as metrics would tell them, and wait for it."""
        already = len(self.post.received)
        await publish(self.kafka.address, history(unit, BAD))

        async def mailed() -> bool:
            return len(self.post.received) > already

        await until(mailed, "a mail")

    async def _hired(self) -> int:
        connection = await asyncpg.connect(self.postgres.address)
        try:
            return int(await connection.fetchval("select count(distinct subject) from metrics.parts"))
        finally:
            await connection.close()


async def _run(*program: str, **settings: str) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, *program, env=here(**settings), cwd=ROOT)
    assert await process.wait() == 0


def _shown(by: Authority) -> ssl.SSLContext:
    """What the mail server shows."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*by.issue("mail"))
    return context


@contextlib.asynccontextmanager
async def mail_server(post: Postmaster, trust: ssl.SSLContext) -> AsyncIterator[int]:
    """Takes mail after STARTTLS and a login alone."""

    def login(_server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: object) -> AuthResult:
        good = isinstance(given, LoginPassword) and given.password == MAIL_LOGIN.encode()
        return AuthResult(success=good)

    def connected() -> SMTP:
        return SMTP(
            post,
            hostname="localhost",
            loop=asyncio.get_running_loop(),
            tls_context=trust,
            require_starttls=True,
            auth_required=True,
            authenticator=login,
        )

    server = await asyncio.get_running_loop().create_server(connected, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """All of it, running."""
    by, files = Authority(tmp_path / "first", "the first"), Files(tmp_path / "files")
    files.hold(by, FIRST)
    broker = SecuredKafka(tmp_path / "kafka", by)
    database = SecuredPostgres(tmp_path / "postgres", by, files.folder)
    kafka, postgres = (Managed(part, tmp_path, here(), leashed=True) for part in (broker, database))
    post, trust = Postmaster(), _shown(by)
    async with contextlib.AsyncExitStack() as last:
        for part in (kafka, postgres):
            last.push_async_callback(part.stop)
            await part.start()
        await password(kafka.address, FIRST)
        port = await last.enter_async_context(mail_server(post, trust))
        settings = {
            **files.settings(broker.secured),
            "DATABASE_URL": postgres.address,
            "SMTP_URL": f"smtp+starttls://stadga@localhost:{port}",
            "SMTP_CA_FILE": str(files.folder / "rootcert"),
            "SMTP_PASSWORD_FILE": str(files.folder / "mail"),
        }
        await _run("-m", "cli.local.stack.topics", **settings)
        await _run("-m", "alembic", "-c", "deploy/migrations/alembic.ini", "upgrade", "heads", **settings)
        ingest, metrics = (
            Killable(Stack(tmp_path / "stadga", here(), leashed=True), name, **settings)
            for name in ("ingest", "metrics")
        )
        alerts = Watcher(tmp_path, settings)
        for service in (ingest, metrics):
            last.callback(service.kill)
            await service.start()
        last.callback(alerts.kill)
        alerts.plans.joinpath("plan.yaml").write_text(plan("first", "second"))
        alerts.start()
        yield House(files, kafka, broker, postgres, database, post, trust, ingest, metrics, alerts, settings)


async def test_everything_is_shown_who_comes_and_all_of_it_is_renewed(house: House):
    """From an event to a fact and from a value to a mail; then every password and certificate is another one.

    What was not renewed yet is told of by name, and the services go on by themselves once it was.
    """
    await house.well()
    await house.hire("anna", "bo")
    await house.breach("first")
    other = Authority(house.files.folder / "second", "the second")
    await password(house.kafka.address, SECOND)
    house.broker.show(other)
    house.database.show(other)
    house.mail_trust.load_cert_chain(*other.issue("mail"))
    for part in (house.kafka, house.postgres):
        await part.relaunch()

    async def told() -> bool:
        said = [await house.ingest.service.problems(), await house.metrics.service.problems()]
        return all(said) and bool(await house.alerts.problems())

    await until(told, "every service to say that it is not let in")
    house.files.hold(other, SECOND)
    await house.well()
    await house.hire("cilla")
    await house.breach("second")


async def test_who_is_not_who_they_should_be(house: House, tmp_path: Path):
    """A broker by another authority, a wrong password, a database asked without a certificate: nobody is let in."""
    way = house.files.settings(house.broker.secured)
    stranger = str(Authority(tmp_path / "stranger", "a stranger").path)
    (tmp_path / "wrong").write_text("wrong")
    for wrong in ({"KAFKA_CA_FILE": stranger}, {"KAFKA_PASSWORD_FILE": str(tmp_path / "wrong")}):
        assert not await _let_in(way | wrong)
    assert await _let_in(way)
    bare = house.postgres.address.partition("&sslcert")[0]
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        await asyncpg.connect(bare)


async def test_a_token_that_somebody_keeps_fresh(house: House, tmp_path: Path):
    """OAUTHBEARER: the file is read for each connection; one that has expired lets nobody in."""
    token = tmp_path / "token"
    way = house.files.settings(house.broker.secured)
    way |= {"KAFKA_SASL_MECHANISM": "OAUTHBEARER", "KAFKA_TOKEN_FILE": str(token)}
    for lasts, let_in in ((600, True), (-600, False), (600, True)):
        token.write_text(_unsigned(USER, int(time.time()) + lasts))
        assert await _let_in(way) == let_in


async def _let_in(way: dict[str, str]) -> bool:
    """Whether the brokers tell us of topics."""
    told = load(Settings, way)
    admin = AIOKafkaAdminClient(**way_to(told.kafka_bootstrap_servers, told), request_timeout_ms=5_000)
    try:
        await admin.start()
        return {topic.name for topic in ALL} <= set(await admin.list_topics())
    except KafkaError:
        return False
    finally:
        await admin.close()


def _unsigned(name: str, until: int) -> str:
    """A token that a broker of the test believes."""
    parts = ({"alg": "none"}, {"sub": name, "iat": until - 1200, "exp": until})
    return ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts) + "."
