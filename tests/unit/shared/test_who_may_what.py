"""Every route × every right: what is expected is written here by hand, what is got is asked of the services."""

import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from litestar import Litestar
from structlog.testing import capture_logs

from services.alerts.app import alerts
from services.alerts.settings import AlertSettings
from services.ingest.app import ingest
from services.ingest.settings import IngestSettings
from services.metrics.app import metrics
from services.metrics.settings import MetricsSettings
from shared.access.rights import ROLES, SCOPES, Caller
from shared.access.tokens import sha256
from shared.kit.access import behalf
from shared.kit.settings import SettingsError

EVERYBODY = frozenset({"nobody", "unknown", *ROLES, *SCOPES})
OPEN = EVERYBODY
PUBLISHING = frozenset({"events:write"})
READING = frozenset({"reader", "metrics:read"})
ALERTS = frozenset({"reader", "alerts:read"})
ACTING = frozenset({"handler", "alerts:write"})
ORDERS = ("acknowledge", "unacknowledge", "assign", "comment", "snooze", "unsnooze")
PAGES = (
    "",
    "/units/{unit}",
    "/promises",
    "/alerts/{plan}/{target}/{unit}",
    "/plans",
    "/plans/{plan}",
    "/plans/{plan}/evaluations/{measure}",
    "/plans/{plan}/backtests/{target}",
    "/metrics/{metric}",
    "/data",
    "/{rest}",
)
OPERATING = frozenset({"admin", "operate"})
AUDITING = {"GET /v1/access-log": frozenset({"auditor"})}
PERSONS = frozenset({"persons:manage"})
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
    "ingest": ALL_SERVICES
    | {
        "POST /v1/events": PUBLISHING,
        "POST /v1/events/batch": PUBLISHING,
        "GET /v1/rejections": PUBLISHING,
        "POST /v1/persons/pseudonym": PERSONS,
    },
    "metrics": ALL_SERVICES
    | LETTERS
    | AUDITING
    | {
        "POST /v1/persons/known": PERSONS,
        "POST /v1/persons/erasings": PERSONS,
        "GET /v1/persons/erasings": PERSONS,
        "GET /v1/metrics": READING,
        "GET /v1/series": READING,
        "GET /v1/revisions": READING,
        "GET /v1/as-known": READING,
        "GET /v1/units": READING,
        "GET /v1/anomalies": READING,
        "GET /v1/deliveries": READING,
        "GET /v1/ledger": READING,
        "GET /v1/reports/sickness": READING,
        "GET /v1/reports/pay-gap": READING,
        "GET /v1/proposals/staffing": READING,
    },
    "alerts": ALL_SERVICES
    | LETTERS
    | AUDITING
    | {
        "GET /signin": OPEN,
        "GET /signin/callback": OPEN,
        "POST /signin/ended": OPEN,
        "POST /signout": OPEN,
        "GET /v1/alerts": ALERTS,
        "GET /v1/alerts/{plan}/{target}/{unit}": ALERTS,
        **{f"POST /v1/alerts/{{plan}}/{{target}}/{{unit}}/{order}": ACTING for order in ORDERS},
        **{f"GET /board{page}": ALERTS for page in PAGES},
        "GET /board/access-log": frozenset({"auditor"}),
        "GET /board/accessibility": OPEN,
        "GET /board/static/board.css": OPEN,
        "POST /board/language": OPEN,
        "POST /board/alerts/{plan}/{target}/{unit}": ACTING,
        "POST /board/plans/{plan}": frozenset({"planner", "alerts:write"}),
        "GET /v1/mails/stopped": OPERATING,
        "POST /v1/mails/resume": OPERATING,
        "GET /v1/plans": ALERTS,
        "GET /v1/evaluations": ALERTS,
        "GET /v1/mails": OPERATING,
        "GET /v1/digests": OPERATING,
        "POST /v1/digests/{plan}/{recipient}/resume": OPERATING,
        "GET /unsubscribe/{plan}/{recipient}": OPEN,
        "POST /unsubscribe/{plan}/{recipient}": OPEN,
        "POST /v1/mails/retry": OPERATING,
        "POST /v1/plans/{plan}/adopt": OPERATING,
    },
}
"""Service → route → those who are let in; whoever is not listed is refused."""
REFUSED = {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN, httpx.codes.TOO_MANY_REQUESTS}


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
    lines = ["tokens:"]
    for scope in SCOPES:
        sources = ", sources: ['*']" if scope == "events:write" else ""
        lines.append(f"  t-{scope}: {{sha256: {sha256(scope)}, scopes: ['{scope}']{sources}}}")
    file = Path(tempfile.mkdtemp()) / "tokens.yaml"
    file.write_text("\n".join(lines))
    return str(file)


def signing_in() -> dict[str, str]:
    """An identity provider that is away."""
    folder = Path(tempfile.mkdtemp())
    (folder / "secret").write_text("secret")
    (folder / "access.yaml").write_text("groups:\n  all: {roles: [reader], units: all}\n")
    return {
        "stadga_oidc_issuer": "http://127.0.0.1:1",
        "stadga_oidc_client_secret_file": str(folder / "secret"),
        "stadga_access": str(folder / "access.yaml"),
        "stadga_public_url": "https://stadga.example",
    }


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
            return alerts(AlertSettings(stadga_tokens_file=file, **signing_in()))


def routes(name: str) -> Iterator[Route]:
    """Every route that the application answers."""
    for route in service(name).routes:
        template = route.path_format
        for method in sorted(getattr(route, "methods", set()) - {"OPTIONS", "HEAD"}):
            yield Route(name, method, template)


ROUTES = sorted(
    (one for name in EXPECTED for one in routes(name) if one.path != "/signin/callback"),
    key=lambda one: (one.service, str(one)),
)
"""All but the one that looks by itself at what the provider sends."""


def headers(who: str) -> dict[str, str]:
    """What comes with a request of a person of one role, or of a token with one scope."""
    if who == "nobody":
        return {}
    if who in ROLES:
        person = Caller("Anna", "anna", {who: frozenset({"*"})}, "session")
        return {"authorization": "Bearer delegate"} | behalf.told(person)
    return {"authorization": f"Bearer {who}"}


async def asked(route: Route, who: str, **more: str) -> int:
    """The status of one request."""
    path = route.path.replace("{partition}", "0").replace("{offset}", "0").replace("{", "").replace("}", "")
    app, of_its_own = service(route.service), (f"{who} of {route}", 1)  # an address is turned away so often and no more
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=of_its_own)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        body = {"json": {}} if route.method == "POST" else {}
        return (await client.request(route.method, path, headers=headers(who) | more, **body)).status_code


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
        assert got["nobody"] == httpx.codes.UNAUTHORIZED
        assert got["unknown"] in {httpx.codes.UNAUTHORIZED, httpx.codes.TOO_MANY_REQUESTS}


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.1", "stadga.kommun.example", "::"])  # noqa: S104 -- refused
@pytest.mark.parametrize(
    "build",
    [
        lambda host: ingest(IngestSettings(stadga_host=host)),
        lambda host: metrics(MetricsSettings(stadga_host=host)),
        lambda host: alerts(AlertSettings(stadga_host=host)),
    ],
)
def test_nothing_is_open_to_others_by_default(build: Callable[[str], Litestar], host: str) -> None:
    """A service that others reach does not start before somebody has said who may what."""
    with pytest.raises(SettingsError, match="set STADGA_TOKENS_FILE"):
        build(host)
    assert build("127.0.0.1")


def test_every_start_without_control_says_so() -> None:
    """Once a service, as a warning."""
    for build, kind in ((ingest, IngestSettings), (metrics, MetricsSettings), (alerts, AlertSettings)):
        with capture_logs() as logged:
            build(kind())
        assert [line for line in logged if line["log_level"] == "warning" and "may do everything" in line["event"]]


@pytest.mark.parametrize("missing", ["stadga_access", "stadga_public_url", "stadga_oidc_client_secret_file"])
def test_signing_in_needs_all_of_its_settings(missing: str) -> None:
    """Half of them would let nobody in, or the wrong people."""
    with pytest.raises(SettingsError, match=missing.upper()):
        alerts(AlertSettings(**{**signing_in(), missing: ""}))


async def test_only_a_delegate_asks_for_others() -> None:
    """What a header says of a person is believed of nobody else, and gives no scopes."""
    person = behalf.told(Caller("Eve", "eve", {"admin": frozenset({"*"})}, "session"))
    route = Route("metrics", "GET", "/v1/dead-letters")
    for token, status in (("metrics:read", 403), ("operate", 403), ("delegate", 503)):
        assert await asked(route, token, **person) == status
    with_scopes = Caller("Eve", "eve", {"operate": frozenset({"*"})}, "token")
    assert await asked(route, "delegate", **behalf.told(with_scopes)) == httpx.codes.FORBIDDEN
    for nonsense in ("", "x", "e30=", "9" * 10_000):
        assert await asked(route, "delegate", **{behalf.HEADER: nonsense}) in {400, 403}


async def test_a_form_of_another_site_is_refused_where_nothing_is_controlled() -> None:
    """A page on the web can make a browser send one to this machine."""
    transport = httpx.ASGITransport(alerts(AlertSettings()), raise_app_exceptions=False)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8803") as client:
        for origin, status in (("https://evil.example", 403), ("null", 403), ("http://127.0.0.1:8803", 503)):
            answer = await client.post("/v1/mails/retry", json={}, headers={"origin": origin})
            assert answer.status_code == status
