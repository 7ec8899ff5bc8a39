"""In front of every application: whom a request is addressed to, where it ends, what each answer says of itself."""

from collections.abc import Mapping, Sequence
from typing import Annotated, NoReturn
from zoneinfo import ZoneInfo

import httpx
import pytest
from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from shared.access import needs
from shared.kit.clock import Clock
from shared.kit.door import Door
from shared.kit.health import Ended, Health
from shared.kit.server import application, process_metrics

PERSON = "19121212-1212"
OPEN = ("/healthz", "/readyz", "/metrics", "/schema", "/schema/openapi.json", "/v1/nothing")


@get("/v1/broken", opt={needs.NEED: needs.OPEN}, sync_to_thread=False)
def broken(who: Annotated[str, QueryParameter(description="anyone")]) -> NoReturn:
    """A fault of the code that quotes what was asked."""
    raise KeyError(who)


class House:
    """An application behind the door, asked at an address of the network."""

    def __init__(self, *hosts: str, handlers: Sequence[HTTPRouteHandler] = (broken,)) -> None:
        self.registry = CollectorRegistry()
        self.health = Health(Clock(ZoneInfo("UTC")), "database", lesser=("mail",))
        exposition = process_metrics(self.registry)
        self._app = Door(application("House", handlers, self.health, self.registry, exposition), hosts)

    async def ask(self, path: str, host: str = "localhost", **headers: str) -> httpx.Response:
        """One question."""
        named = {name.replace("_", "-"): value for name, value in headers.items()} | {"host": host}
        return await self.send("GET", path, headers=named)

    async def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, content: str = ""
    ) -> httpx.Response:
        """One request."""
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://10.1.2.3:8801") as client:
            return await client.request(method, path, headers={"host": "localhost", **(headers or {})}, content=content)


@pytest.mark.parametrize("path", OPEN)
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8801", "localhost.evil.example", "10.9.9.9", "", "[::2]"]
)
async def test_host_that_is_not_known(path: str, host: str) -> None:
    """Whoever asks under a name of their own learns nothing, whatever the path."""
    answer = await House("stadga.kommun.example").ask(path, host)
    assert answer.status_code == httpx.codes.MISDIRECTED_REQUEST
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:8801",
        "127.0.0.1:8801",
        "[::1]:8801",
        "10.1.2.3:8801",
        "stadga.kommun.example.",
        "metrics",
    ],
)
async def test_host_that_is_known(host: str) -> None:
    """Loopback, the address a request arrives at, and the names of the setting are answered."""
    assert (await House("Stadga.Kommun.example", "metrics").ask("/healthz", host)).status_code == httpx.codes.OK


async def test_request_whose_end_is_not_sure() -> None:
    """A length beside chunks is refused, and the connection closed: nothing can hide behind the request."""
    answer = await House().ask("/healthz", content_length="0", transfer_encoding="chunked")
    assert (answer.status_code, answer.headers["connection"]) == (httpx.codes.BAD_REQUEST, "close")


@pytest.mark.parametrize("path", [*OPEN, "/v1/broken?who=x"])
async def test_every_answer_is_closed_to_browsers(path: str) -> None:
    """Answers, refusals and errors alike are not kept, not taken for something else, and run nothing."""
    for host in ("localhost", "evil.example"):
        headers = (await House().ask(path, host)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/schema", "/schema/openapi.json", "/schema/redoc", "/schema/swagger"])
async def test_schema_is_data_alone(path: str) -> None:
    """What the service can be asked is told as JSON; no page runs a script, least of all another server's."""
    answer = await House().ask(path)
    assert "<script" not in answer.text
    assert answer.status_code == httpx.codes.NOT_FOUND or "/v1/broken" in answer.json()["paths"]


async def test_fault_is_logged_counted_and_not_quoted() -> None:
    """A 500 says nothing; the log has method, path and lines of code, and neither the query nor the error's words."""
    house = House()
    with capture_logs() as logs:
        answer = await house.ask(f"/v1/broken?who={PERSON}")
    assert answer.status_code == httpx.codes.INTERNAL_SERVER_ERROR
    assert PERSON not in answer.text + str(logs)
    told = [(line["log_level"], line["method"], line["path"], line["error"]) for line in logs]
    assert told == [("error", "GET", "/v1/broken", "KeyError")]
    assert "in broken" in logs[0]["at"]
    assert house.registry.get_sample_value("stadga_http_errors_total") == 1


async def test_refusals_are_no_faults() -> None:
    """Neither a path nobody has nor a question without its parameter is counted as a fault."""
    house = House()
    with capture_logs() as logs:
        assert (await house.ask("/v1/nothing")).status_code == httpx.codes.NOT_FOUND
        assert (await house.ask("/v1/broken")).status_code == httpx.codes.BAD_REQUEST
    assert (logs, house.registry.get_sample_value("stadga_http_errors_total")) == ([], 0)


async def test_alive_ready_degraded() -> None:
    """Three things: a lesser part away is told and counted; an essential one makes it unready; an ended task, dead."""
    house = House()
    house.health.ok("database")
    house.health.bad("mail", "refused")
    answer = await house.ask("/readyz")
    assert answer.status_code == httpx.codes.OK
    assert [(p["name"], p["condition"], p["problem"]) for p in answer.json()["parts"]] == [
        ("database", "ok", None),
        ("mail", "degraded", "refused"),
    ]
    house.health.bad("database", "away")
    assert (await house.ask("/readyz")).status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert (await house.ask("/healthz")).status_code == httpx.codes.OK
    house.health.end(Ended("reader", "KeyError"))
    answer = await house.ask("/healthz")
    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert answer.json() == {"status": "ended", "task": "reader", "reason": "KeyError"}
