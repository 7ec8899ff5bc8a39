"""The whole service as people meet it: three units and plans, a real Keycloak, a real browser, tokens of machines."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import httpx
from playwright.async_api import Browser, Page

from cli.local.stack import Stack, ports
from shared.access.tokens import sha256
from tests import builders as make
from tests.integration.metering import TODAY, Service, fetch, killable, standing
from tests.polling import PATIENCE, until
from tests.real_browser import PATIENCE_MS, browsing
from tests.real_keycloak import CLIENT, PASSWORD, SECRET, signing_in

UNITS = ("norr", "soder", "vaster")
PEOPLE, GONE = 40, 12
RECIPIENTS = "recipients: {hr: {email: hr@kommun.example, name: HR}, chef: {email: chef@kommun.example, name: Chefen}}"
WHOLE = f"""\
plan: hela
title: {{sv: Stanna kvar, en: Stay}}
settle: 0s
{RECIPIENTS}
targets:
  - {{id: avgang, metric: leaver_rate, breach: {{above: 0.2}}, clear: {{below: 0.1}}, notify: [hr], measures: [samtal]}}
measures:
  - {{id: samtal, title: {{sv: Samtal med alla, en: Talk to everybody}}, owner: chef, due: 2024-04-01, cost: 20000,
     should_move: [leaver_rate]}}
"""
NORTH = f"""\
plan: norr
title: {{sv: Norr stannar, en: North stays}}
settle: 0s
scope: {{units: [norr]}}
{RECIPIENTS}
targets:
  - {{id: eget, metric: leaver_rate_own_request, breach: {{above: 0.2}}, notify: [hr], measures: [mentor]}}
measures:
  - {{id: mentor, title: {{sv: Mentor till alla nya, en: A mentor for all}}, owner: chef, due: 2024-04-01,
     should_move: [leaver_rate_own_request]}}
"""
FARTHER = """\
plan: vidare
title: {sv: Ingen lämnas, en: Nobody is left}
settle: 0s
scope: {units: [norr, vaster]}
recipients:
  hr: {email: hr@kommun.example, name: HR}
  direktor: {email: direktor@kommun.example, name: Direktören}
targets:
  - {id: avgang, metric: leaver_rate, breach: {above: 0.2}, notify: [hr],
     escalate: [{after: 2d, to: [direktor]}, {after: 7d, to: [hr]}]}
"""
PLANS = {"plans/hela.yaml": WHOLE, "plans/norr.yaml": NORTH, "plans/vidare.yaml": FARTHER}
ACCESS = """\
groups:
  chefer: {roles: [handler], units: [norr]}
  handlaggare: {roles: [handler], units: all}
  granskare: {roles: [auditor]}
  planerare: {roles: [planner], units: [norr]}
  ledning: {roles: [handler], units: all}
"""
GROUPS = {
    "head": "chefer",
    "handler": "handlaggare",
    "auditor": "granskare",
    "planner": "planerare",
    "director": "ledning",
}
"""Who is in which group."""
TOKENS = f"""\
"*": {sha256("source")}
tokens:
  board: {{sha256: {sha256("board")}, scopes: [delegate]}}
"""
FIRING = len(UNITS) + 3
"""An alert of each unit by the first plan, one by the second, two by the third."""


class House(NamedTuple):
    """Where people reach the board, with what they look at it, and what it runs on."""

    address: str
    issuer: str
    browser: Browser
    stack: Stack
    settings: Mapping[str, str]

    @asynccontextmanager
    async def visit(self, who: str = "", language: str = "sv-SE", **window: object) -> AsyncIterator[Page]:
        """A window of a browser that nobody has used before; ``who`` has signed in."""
        context = await self.browser.new_context(locale=language, base_url=self.address, **window)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        page = await context.new_page()
        if who:
            await page.goto("/board/")
            await sign_in(page, who)
            await page.wait_for_url(f"{self.address}/board**")
        try:
            yield page
        finally:
            await context.close()

    async def rows(self, query: str) -> list[tuple[object, ...]]:
        """What the database says."""
        return [tuple(row) for row in await fetch(self.stack.database_url, query)]

    @asynccontextmanager
    async def on(self, day: str) -> AsyncIterator[None]:
        """Alerts at the same address, on a later day; afterwards it is the day that it was."""
        self.stack.kill("alerts")
        settings = {**self.settings, "STADGA_METRICS_URL": self.stack.address("metrics"), "STADGA_TODAY": day}
        try:
            async with killable(self.stack, "alerts", **settings):
                await until(self._ready, f"alerts to be ready on {day}")
                yield
        finally:
            await self.stack.restart("alerts")

    async def _ready(self) -> bool:
        return (await Service(self.address).ask("/readyz")).is_success


async def sign_in(page: Page, who: str) -> None:
    """At the provider's own page, which the browser was sent to."""
    await page.fill("#username", who)
    await page.fill("#password", PASSWORD)
    await page.click("#kc-login")


@asynccontextmanager
async def open_house(folder: Path) -> AsyncIterator[House]:
    """Everything, once each unit has lost too many and the alerts of that fire."""
    port = ports.choose({"alerts": 0}, {})["alerts"]
    address = f"http://127.0.0.1:{port}"
    async with signing_in(folder, address, GROUPS) as keycloak, browsing() as browser:
        settings = _files(folder) | {"STADGA_OIDC_ISSUER": keycloak.issuer, "STADGA_OIDC_CLIENT_ID": CLIENT}
        settings |= {"STADGA_PUBLIC_URL": address, "STADGA_ALERTS_PORT": str(port)}
        async with standing(folder / "stack", "mailbox", "ingest", "metrics", **settings) as stack:
            await stack.start(["alerts"])
            await _post(stack.address("ingest"), list(events()))

            async def fires() -> bool:
                rows = await fetch(
                    stack.database_url, "select from alerts.standings where watched and state = 'firing'"
                )
                return len(rows) >= FIRING

            await until(fires, "an alert of each unit")
            yield House(address, keycloak.issuer, browser, stack, settings)


def _files(folder: Path) -> dict[str, str]:
    """What the services are told by files."""
    (folder / "plans").mkdir()
    written = {
        "STADGA_ACCESS": ("access.yaml", ACCESS),
        "STADGA_TOKENS_FILE": ("tokens.yaml", TOKENS),
        "STADGA_METRICS_TOKEN_FILE": ("board.token", "board"),
        "STADGA_OIDC_CLIENT_SECRET_FILE": ("client.secret", SECRET),
    }
    for name, text in {**PLANS, **dict(written.values())}.items():
        (folder / name).write_text(text)
    paths = {setting: str(folder / name) for setting, (name, _) in written.items()}
    return paths | {"STADGA_PLANS": str(folder / "plans")}


def events() -> list[make.Event]:
    """Forty people in each unit, of whom more than a fourth left of their own will within the year."""
    today = date.fromisoformat(TODAY)
    made = [make.unit_defined("ifo", name="Individ och familj", level="department")]
    for unit in UNITS:
        came = [str(today - timedelta(days=900 - 7 * n)) for n in range(PEOPLE)]
        left = [str(today - timedelta(days=5 + 25 * n)) for n in range(GONE)]
        made += [
            make.unit_defined(unit, parent="ifo"),
            *(make.employment_started(f"{unit}-{n}", day, unit=unit) for n, day in enumerate(came)),
            *(make.employment_ended(f"{unit}-{n}", day) for n, day in enumerate(left)),
        ]
    return made


async def _post(url: str, events_: list[make.Event]) -> None:
    headers = {"authorization": "Bearer source", "content-type": "application/cloudevents-batch+json"}
    async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as http:
        answer = await http.post(f"{url}/v1/events/batch", content=make.batch(events_), headers=headers)
    assert answer.is_success, answer.text
