"""Who gives way when all places are taken, and how much is answered of what was sent ahead."""

import asyncio
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
import uvicorn
from litestar.types import Receive, Scope, Send
from uvicorn.server import ServerState

from shared.kit import connections
from shared.kit.connections import Connection

ASK = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
HALF_A_BODY = b"POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf"


class Wire(asyncio.Transport):
    """What the other side of a connection gets."""

    def __init__(self) -> None:
        super().__init__()
        self.protocol: Connection | None = None
        self.got = bytearray()
        self.closed = False

    def get_extra_info(self, _name: str, default: object = None) -> object:
        """Nothing is known of the other side."""
        return default

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """It arrives at once."""
        self.got += data

    def is_closing(self) -> bool:
        """Whether the service has hung up."""
        return self.closed

    def close(self) -> None:
        """The service hangs up, and is told that it did."""
        if self.protocol and not self.closed:
            self.closed = True
            asyncio.get_running_loop().call_soon(self.protocol.connection_lost, None)

    abort = close

    def pause_reading(self) -> None:
        """Nothing is read anyway but what the test sends."""

    resume_reading = pause_reading


class House:
    """A server of three places; what it is asked it answers once ``open`` is set."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self._config = uvicorn.Config(self._app, log_config=None, lifespan="off", interface="asgi3", access_log=False)
        self._state = ServerState()

    async def _app(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await self.open.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok", "more_body": False})

    def enter(self, said: bytes) -> tuple[Connection, Wire]:
        """A new connection, and what it says at first."""
        connection, wire = Connection(self._config, self._state, {}), Wire()
        wire.protocol = connection
        connection.connection_made(wire)
        if said and not wire.closed:
            connection.data_received(said)
        return connection, wire

    async def work(self) -> None:
        """Answer all that can be."""
        self.open.set()
        while tasks := list(self._state.tasks):
            await asyncio.wait(tasks)

    async def shut(self) -> None:
        """Hang up on everybody."""
        for connection in list(self._state.connections):
            connection.transport.close()
        await self.work()


@pytest.fixture
async def house(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """Of three places, whose clock tells no two events the same time."""
    monkeypatch.setattr(connections, "MOST", 3)
    loop = asyncio.get_running_loop()
    ticks = iter(range(1_000_000))
    began = loop.time()
    monkeypatch.setattr(loop, "time", lambda: began + next(ticks) / 1e6)
    opened = House()
    yield opened
    await opened.shut()


@pytest.mark.parametrize("begun", [b"", b"GET /healthz HT", HALF_A_BODY], ids=["nothing", "half a head", "half a body"])
async def test_a_request_that_is_not_whole_gives_way(house: House, begun: bytes):
    """Where others leave their requests open, head or body, the oldest of them goes and a new one is answered."""
    wires = [house.enter(begun)[1] for _ in range(3)]
    _, asking = house.enter(ASK)
    await house.work()
    assert [wire.closed for wire in wires] == [True, False, False]
    assert asking.got.startswith(b"HTTP/1.1 200")


async def test_an_answer_that_is_not_taken_gives_way(house: House):
    """Who asks and does not read keeps no place; who is being answered does."""
    (first, at_work), (slow, not_taken), _ = [house.enter(ASK) for _ in range(3)]
    slow.pause_writing()
    _, asking = house.enter(ASK)
    assert (at_work.closed, not_taken.closed, asking.closed) == (False, True, False)
    first.pause_writing()
    first.resume_writing()
    assert first.waiting_since is None


async def test_where_all_are_answered_the_new_one_goes(house: House):
    """Whole requests are not dropped for others."""
    wires = [house.enter(ASK)[1] for _ in range(4)]
    assert [wire.closed for wire in wires] == [False, False, False, True]


async def test_a_body_that_has_come_is_worked_on(house: House):
    """Once the rest of it is here, the other side is not waited for any more."""
    connection, _ = house.enter(HALF_A_BODY)
    assert connection.waiting_since is not None
    connection.data_received(b"whole")
    assert connection.waiting_since is None


async def test_of_what_is_sent_ahead_one_is_answered(house: House):
    """Forty questions at once are not forty turns: the second answer says that it is the last."""
    _, wire = house.enter(ASK * 40)
    await house.work()
    assert wire.got.count(b"HTTP/1.1 200") == 2
    assert wire.got.lower().count(b"connection: close") == 1
    assert wire.closed


async def test_one_question_after_the_other_keeps_a_connection(house: House):
    """Who waits for an answer may ask again."""
    connection, wire = house.enter(ASK)
    for _ in range(3):
        await house.work()
        connection.data_received(ASK)
    await house.work()
    assert wire.got.count(b"HTTP/1.1 200") == 4
    assert not wire.closed


async def test_who_rests_no_longer_than_clients_do_is_kept(house: House, monkeypatch: pytest.MonkeyPatch):
    """A client that hangs up by itself after five seconds is not hung up on in the moment it asks."""
    due: list[tuple[float, Callable[[], None]]] = []
    later = asyncio.get_running_loop().call_later
    patience = httpx.Limits().keepalive_expiry or 0

    def noted(seconds: float, then: Callable[[], None]) -> asyncio.TimerHandle:
        due.append((seconds, then))
        return later(seconds, then)

    monkeypatch.setattr(asyncio.get_running_loop(), "call_later", noted)
    _, wire = house.enter(ASK)
    await house.work()
    for then in [then for seconds, then in due if seconds <= patience + 1]:
        then()
    assert not wire.closed
    assert any(seconds <= patience + 1 for seconds, _ in due)
