"""The hosts of a database's address: each has its own time, and a connection notices that the other side is silent."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from contextlib import closing
from typing import cast

import asyncpg
import pytest

from shared.kit import database, hosts, schema

SHORT = 0.2


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://stadga@a:1/s", {"a:1": "postgresql://stadga@a:1/s"}),
        (
            "postgresql://u:p,w@a:1,b:2/s?target_session_attrs=read-write",
            {
                "a:1": "postgresql://u:p,w@a:1/s?target_session_attrs=read-write",
                "b:2": "postgresql://u:p,w@b:2/s?target_session_attrs=read-write",
            },
        ),
        ("postgres://[::1]:1,[::2]:2", {"[::1]:1": "postgres://[::1]:1", "[::2]:2": "postgres://[::2]:2"}),
        ("postgresql:///s?host=/run/a,/run/b", {"": "postgresql:///s?host=/run/a,/run/b"}),
        ("no address", {"": "no address"}),
    ],
)
def test_an_address_of_several_hosts_is_one_of_each(url: str, expected: dict[str, str]):
    """Who asks, the database and what is said of it are the same for all."""
    assert hosts.each(url) == expected


def silent() -> socket.socket:
    """Takes connections and never says anything, as far as the other side can see."""
    return socket.create_server(("127.0.0.1", 0))


async def test_a_silent_host_does_not_keep_us_from_the_next(postgres_port: int):
    """The first says nothing for as long as it may; the second is asked nevertheless, and said to be away."""
    with closing(silent()) as first:
        port = first.getsockname()[1]
        with pytest.raises(hosts.NobodyError) as raised:
            await hosts.connect(f"postgresql://s@127.0.0.1:{port},127.0.0.1:{postgres_port}/s", timeout=SHORT)
    said = str(raised.value).split("; ")
    assert said[0] == f"127.0.0.1:{port}: TimeoutError"
    assert said[1].startswith(f"127.0.0.1:{postgres_port}: Connection")


async def test_what_the_only_host_says_is_told_as_it_is(postgres_port: int):
    """As before there were several."""
    with pytest.raises(ConnectionRefusedError):
        await hosts.connect(f"postgresql://s@127.0.0.1:{postgres_port}/s", timeout=SHORT)


@pytest.fixture
def postgres_port() -> int:
    """A port where nobody is."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_nobody_is_an_error_that_passes():
    """Whoever waits for a database waits for one of several, too."""
    assert database.expected(hosts.NobodyError("a: gone; b: gone"))
    assert isinstance(hosts.NobodyError(), OSError)


async def test_a_connection_notices_silence(monkeypatch: pytest.MonkeyPatch):
    """Whether it waits for an answer, or what it sent is not taken."""
    with closing(silent()) as server:
        reader, writer = await asyncio.open_connection(*server.getsockname())
        made = type("Made", (), {"_transport": writer.transport})()

        async def connected(*_: object, **__: object) -> object:
            return made

        monkeypatch.setattr(asyncpg, "connect", connected)
        assert await hosts.connect("postgresql://s@a/s", timeout=SHORT) is made
        ours = writer.get_extra_info("socket")
        assert ours.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == hosts.SILENT_SECONDS * 1_000
        assert reader is not None
        writer.close()


class Pool:
    """Says of itself in turn whether a commit waits, then is away."""

    def __init__(self, *answers: bool) -> None:
        """What it will say."""
        self._answers = list(answers)

    @contextlib.asynccontextmanager
    async def acquire(self) -> AsyncIterator["Pool"]:
        """Its only session is itself."""
        yield self

    async def fetchval(self, _query: str) -> bool:
        """The next answer."""
        if not self._answers:
            raise ConnectionResetError
        return self._answers.pop(0)


async def looked(*_: object) -> None:
    """The schema is as it should be."""


async def test_a_commit_that_waits_for_a_copy_is_told_of(monkeypatch: pytest.MonkeyPatch):
    """And told that it is over."""
    monkeypatch.setattr(database, "PULSE_SECONDS", 0)
    monkeypatch.setattr(schema, "look", looked)
    told = list[str | None]()
    with pytest.raises(ConnectionResetError):
        await database.pulse(cast("asyncpg.Pool", Pool(True, False)), "metrics", lambda _: None, told.append)
    assert told == ["nothing is committed: PostgreSQL waits for its synchronous standby", None]
