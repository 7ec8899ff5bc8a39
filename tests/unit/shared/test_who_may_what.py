"""Every route × every right: what is expected is written here by hand, what is got is asked of the services."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from litestar import Litestar

from services.alerts.app import alerts
from services.alerts.settings import AlertSettings
from services.ingest.app import ingest
from services.ingest.settings import IngestSettings
from services.metrics.app import metrics
from services.metrics.settings import MetricsSettings
from shared.access.rights import ROLES, SCOPES, Caller
from shared.access.tokens import sha256
from shared.kit.access import behalf

EVERYBODY = frozenset({"nobody", "unknown", *ROLES, *SCOPES})
OPEN = EVERYBODY
READING = frozenset({"reader", "metrics:read"})
ALERTS = frozenset({"reader", "alerts:read"})
OPERATING = frozenset({"admin", "operate"})
LETTERS = {
    "GET /v1/dead-letters": OPERATING,
    "POST /v1/dead-letters": OPERATING,
    "GET /v1/dead-letters/{topic}/{partition}/{offset}": OPERATING,
    "POST /v1/dead-letters/retry": OPERATING,
}
ALL_SERVICES = {
    "GET /healthz": OPEN,
    "GET /readyz": OPEN,
    "GET /schema": OPEN,
    "GET /schema/openapi.json": OPEN,
    "GET /schema/{path}": OPEN,
    "GET /metrics": frozenset({"admin", "prometheus:scrape"}),
}
EXPECTED: dict[str, dict[str, frozenset[str]]] = {
    "ingest": ALL_SERVICES | {"POST /v1/events": frozenset({"events:write"})},
    "metrics": ALL_SERVICES
    | LETTERS
    | {
        "GET /v1/metrics": READING,
        "GET /v1/series": READING,
        "GET /v1/revisions": READING,
        "GET /v1/anomalies": READING,
        "GET /v1/deliveries": READING,
        "GET /v1/ledger": READING,
        "GET /v1/reports/sickness": READING,
        "GET /v1/proposals/staffing": READING,
    },
    "alerts": ALL_SERVICES
    | LETTERS
    | {
        "GET /v1/alerts": ALERTS,
        "GET /v1/plans": ALERTS,
        "GET /v1/mails": OPERATING,
        "POST /v1/mails/retry": OPERATING,
        "POST /v1/plans/{plan}/adopt": OPERATING,
    },
}
"""Service → route → those who are let in; whoever is not listed is refused."""
REFUSED = {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}


class Route(NamedTuple):
    """A route as it is asked for."""

    service: str
    method: str
    path: str

    def __str__(self) -> str:
        """As the matrix names it."""
        return f"{self.method} {self.path}"


@cache
def tokens() -> str:
    """A file with a token for each scope, called by it."""
    import tempfile

    lines = ["tokens:"]
    for scope in SCOPES:
        sources = ", sources: ['*']" if scope == "events:write" else ""
        lines.append(f"  t-{scope}: {{sha256: {sha256(scope)}, scopes: ['{scope}']{sources}}}")
    file = Path(tempfile.mkdtemp()) / "tokens.yaml"
    file.write_text("\n".join(lines))
    return str(file)


@cache
def service(name: str) -> Litestar:
    """The application as it is served, not started: its database is away."""
    file = tokens()
    match name:
        case "ingest":
            return ingest(IngestSettings(stadga_tokens_file=file))
        case "metrics":
            return metrics(MetricsSettings(stadga_tokens_file=file))
        case _:
            return alerts(AlertSettings(stadga_tokens_file=file))


def routes(name: str) -> Iterator[Route]:
    """Every route that the application answers."""
    for route in service(name).routes:
        template = route.path_format
        for method in sorted(getattr(route, "methods", set()) - {"OPTIONS", "HEAD"}):
            yield Route(name, method, template)


ROUTES = [route for name in EXPECTED for route in routes(name)]


def headers(who: str) -> dict[str, str]:
    """What comes with a request of a person of one role, or of a token with one scope."""
    if who == "nobody":
        return {}
    if who in ROLES:
        person = Caller("Anna", "anna", {who: frozenset({"*"})}, "session")
        return {"authorization": "Bearer delegate"} | behalf.told(person)
    return {"authorization": f"Bearer {who}"}


async def asked(route: Route, who: str) -> int:
    """The status of one request."""
    path = route.path.replace("{partition}", "0").replace("{offset}", "0").replace("{", "").replace("}", "")
    transport = httpx.ASGITransport(service(route.service), raise_app_exceptions=False)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        body = {"json": {}} if route.method == "POST" else {}
        return (await client.request(route.method, path, headers=headers(who), **body)).status_code


@pytest.mark.parametrize("name", EXPECTED)
def test_every_route_is_in_the_matrix(name: str) -> None:
    """A new route is written down here before it passes."""
    assert {str(route) for route in routes(name)} == set(EXPECTED[name])


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.service} {route}")
async def test_a_route_lets_in_whom_it_should(route: Route) -> None:
    """401 for strangers, 403 with too little; whoever may gets whatever the service would say."""
    got = {who: await asked(route, who) for who in sorted(EVERYBODY)}
    may = EXPECTED[route.service][str(route)]
    assert {who for who, status in got.items() if status not in REFUSED} == may
    if may != OPEN:
        assert {got["nobody"], got["unknown"]} == {httpx.codes.UNAUTHORIZED}
