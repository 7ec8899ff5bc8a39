"""Nothing that leaves is about one person: people with marks are looked for in all that every way out ever said.

Of numbers about few others know more: ``tests/integration/test_every_exit.py`` walks health and pulses with windows and
days subtracted, ``tests/unit/metrics/test_disclosure.py`` has the limit of each metric, and the attacks beside it put
everything together. Here every answer is looked at that the services give.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from smtplib import SMTP
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.reference.exposures import EXPOSED, Kind
from shared.contracts.topics import WORKFORCE_ALERTS
from tests import builders as make
from tests.integration.few import LIMITED, numbers
from tests.integration.marked import (
    ALONE,
    ALSO_LARGE,
    ANNA,
    BERTIL,
    LARGE,
    around,
    contradictions,
    corrections,
    log,
    recognised,
)
from tests.integration.marked_town import PARTS, SENSITIVE, TODAY, Said, Town, harmed, outage, taken_in, town
from tests.integration.neighbours import send
from tests.integration.walking import EXPECTED, routes
from tests.polling import until

NOT_WELL = {
    "ingest GET /schema/{path}",
    "metrics GET /schema/{path}",
    "alerts GET /schema/{path}",
    "metrics POST /v1/dead-letters",
    "alerts POST /v1/dead-letters",
    "alerts GET /board/{rest}",
    "alerts GET /unsubscribe/{plan}/{recipient}",
    "alerts POST /unsubscribe/{plan}/{recipient}",
    "alerts POST /board/alerts/{plan}/{target}/{unit}",
    "alerts POST /v1/digests/{plan}/{recipient}/resume",
    "alerts POST /v1/plans/{plan}/adopt",
}
"""Asked, and answered by a refusal: there is no such page, message, link, summary, form or text to adopt here."""

KEPT = {
    "table metrics.parts": "what is known of each, under pseudonym: values are made of it",
    "table metrics.anomalies": "whose data contradict each other, under pseudonym",
    "table metrics.dead_letters": "messages that could not be read, as they came",
    "table alerts.dead_letters": "messages that could not be read, as they came",
}
"""The tables that hold anything about one person."""


@pytest.fixture(scope="module")
async def told(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """The town, after all that can happen to it."""
    async with town(tmp_path_factory.mktemp("marked")) as here:
        await taken_in(here)
        await harmed(here)
        await outage(here)
        await here.walk()
        await here.in_turn()
        await here.of_persons()
        await here.letters()
        yield here


@pytest.fixture(scope="module")
async def left(told: Town) -> list[Said]:
    """All that left by then."""
    return await told.everything()


def who_is_found(said: list[Said]) -> dict[tuple[str, Kind], str]:
    """Each way out by which somebody can be found, by what, and what stands around it."""
    found: dict[tuple[str, Kind], str] = {}
    for way, text in said:
        for kind in recognised(text):
            found.setdefault((way, kind), around(text, kind))
    return found


def test_every_route_was_asked_and_answered(told: Town, left: list[Said]):
    """What is not asked tells nothing: a new route is asked by itself, and has to answer."""
    every = {f"{service} {route}" for service in EXPECTED for route in routes(service)}
    assert {one.way for one in left} >= every - {f"{service} GET /schema/{{path}}" for service in EXPECTED}
    assert every - told.well == NOT_WELL, [one for one in left if one.way in every - told.well - NOT_WELL]


def test_nobody_is_told_of(left: list[Said]):
    """Everywhere: answers, pages, series, topics, mails, notices and logs, also those of failures.

    What is named in ``EXPOSED`` is found there and nowhere else; a way that nobody is found by has no business there.
    """
    expected = {(one.way, kind) for one in EXPOSED for kind in one.kinds}
    found = who_is_found(left)
    assert {one: found[one] for one in found.keys() - expected} == {}
    assert expected - found.keys() == set()
    heard = {one.way for one in left if one.text}
    assert heard >= {"mail", "webhook", *(f"log {part}" for part in PARTS if part != "mailbox")}


async def test_tables_of_others_hold_nobody(told: Town):
    """The service that alerts knows no person at all; what metrics keeps of them has no name and no reference."""
    kinds = {one.way: recognised(one.text) for one in await told.tables()}
    assert {way for way, some in kinds.items() if some} == KEPT.keys()
    unread = {"table metrics.dead_letters", "table alerts.dead_letters"}
    assert {way for way, some in kinds.items() if some & {Kind.NAME, Kind.REFERENCE}} == unread


def test_no_number_is_about_few(left: list[Said]):
    """Of a unit of one or three, and of the only one in an occupation: none of pay, reasons, incidents, health, costs.

    Of larger groups all of these are told, so that there is something to be silent about.
    """
    of_few, of_many, seen = set[tuple[str, object]](), set[str](), set[str]()
    for way, text in left:
        for number in numbers(text):
            if number.is_of_few:
                seen.add(way)
                of_few |= {(way, number)} if number.told else set()
            elif number.told and number.group[0] in {LARGE, ALSO_LARGE, "*"}:
                of_many.add(number.metric)
    assert of_few == set()
    assert of_many >= {*SENSITIVE, "agency_cost_share"}
    assert len(LIMITED) > 20
    assert seen >= {"metrics GET /v1/metrics", "metrics GET /v1/series", "topic workforce.metrics"}


async def test_nobody_is_mailed_of_few(told: Town):
    """Alerts are about what larger groups let be told; of one person's unit how many are there, and their cases."""
    answer = await told.home.ask("alerts", "/v1/alerts", history="true")
    about = {one["target"] for one in answer.json()["alerts"] if one["unit"] == ALONE and one["state"] == "firing"}
    assert about == {"headcount", "caseload"}


FILED = (
    ("compute", "--as-of", TODAY, "--measures", "--format", "json"),
    ("compute", "--as-of", TODAY, "--by", "occupation,gender", "--format", "csv"),
    ("report", "sickness", "--year", "2026", "--unit", ALONE, "--as-of", TODAY),
    ("report", "pay-gap", "--year", "2025", "--format", "html"),
    ("chart", "--metric", "leaver_rate", "--unit", ALONE),
    ("plan", "backtest", "--from", "2026-06-01"),
    ("plan", "check", "--events"),
)
"""The commands that read a log by themselves."""


@pytest.mark.parametrize("command", FILED, ids=lambda command: " ".join(command[:2]))
def test_no_command_tells_of_one(command: tuple[str, ...], tmp_path: Path):
    """Not what a command makes of a file either, nor what it says of a line that it cannot read."""
    file, plan = tmp_path / "log.jsonl", tmp_path / "plan.yaml"
    file.write_bytes(make.lines([*log(), *contradictions(), *corrections()]))
    plan.write_text("plan: p\nrecipients: {hr: {email: hr@kommun.example}}\ntargets:\n" + TARGETS)
    files = [str(plan), *(["--events"] if "--events" in command else []), str(file)]
    given = files if command[0] == "plan" else [str(file)]
    said = CliRunner().invoke(app, [*(one for one in command if one != "--events"), *given])
    assert said.exit_code in {0, 2}, said.output
    assert recognised(said.output.encode()) == set(), said.output
    if "json" in command:
        assert {one for one in numbers(said.stdout.encode()) if one.is_of_few and one.told} == set()


TARGETS = "".join(
    f"  - {{id: {name}, metric: {name}, breach: {{above: 1.0e-9}}, notify: [hr]}}\n"
    for name in ("headcount", *SENSITIVE)
)


async def test_a_leak_is_found(told: Town, left: list[Said]):
    """A person's name as that of a unit, and a pseudonym as an occupation: found by every way that shows those.

    So is what is put into a mail, a message and a log by hand.
    """
    by_hand = {"mail", "topic workforce.alerts", "log alerts"}
    ways = {f"{service} GET {path}" for service, path in SHOWING} | {"topic workforce.metrics"} | by_hand
    assert who_is_found([one for one in left if one.way in ways]) == {}
    here = ANNA.surname.lower()
    unit = make.unit_defined(here, "2021-01-01", name=ANNA.surname)
    works = make.employment_started("somebody", "2021-01-04", here, BERTIL.pseudonym, case_holder=True)
    assert (await told.post([unit, works])).json()["accepted"] == 2

    async def fires() -> bool:
        return (await told.home.ask("alerts", f"/v1/alerts/marked/headcount/{here}")).is_success

    async def counted() -> bool:
        return here in (await told.home.ask("alerts", "/metrics")).text

    await until(fires, "the unit has an alert")
    await until(counted, "the alert is in the series")
    told.said.clear()
    for service, path in SHOWING:
        await told.request(service, ("GET", path, {"unit": here, "from": "2026-06-01"}))
    at = urlsplit(told.stack.smtp_url)
    with SMTP(str(at.hostname), at.port or 0) as mailbox:
        mailbox.sendmail("a@b.example", ["hr@b.example"], f"Subject: x\n\n{ANNA.ref}".encode())
    await send(told.kafka, WORKFORCE_ALERTS.name, [(b"k", f'{{"pay": "83 917,37", "who": "{ANNA.ref}"}}'.encode(), [])])
    with told.stack.log("alerts").open("a") as written:
        written.write("employee 8507099805 did not answer\n")
    now = [one for one in await told.everything() if one.way in ways]
    assert {way for way, _ in who_is_found(now)} == ways


SHOWING = (
    ("metrics", "/metrics"),
    ("metrics", "/v1/metrics"),
    ("metrics", "/v1/series"),
    ("metrics", "/v1/units"),
    ("alerts", "/metrics"),
    ("alerts", "/board"),
    ("alerts", "/v1/alerts"),
)
