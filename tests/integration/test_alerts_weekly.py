"""Weekly summaries on a real database: who gets them when, over a change of clocks and an outage, and who ends them."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import msgspec
import pytest
from litestar import Litestar

from services.alerts.api import digests as api
from services.alerts.board import leaving
from services.alerts.board.board import Board
from services.alerts.carrying_out import carry_out
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.handling.handling import Order
from services.alerts.domain.letter.delivery import Policy
from services.alerts.domain.weekly.leave import Reader, leave
from services.alerts.domain.weekly.weekly import Weekly
from services.alerts.repository import bounces, held, link_key, mails, outbox
from services.alerts.rounds.digests import DigestLinks, Digests
from shared.kit.access.guard import Guard
from shared.kit.answers import ShallowRequest
from shared.kit.clock import Clock
from tests.conftest import Mail
from tests.integration.alerting import BAD, GOOD, Watcher, group, rows, started
from tests.integration.alerting import mails as parsed
from tests.integration.alerts_workshop import Workshop, workshop, write
from tests.integration.boarding import Asked, away
from tests.integration.delivering import delivering
from tests.polling import until

ZONE = ZoneInfo("Europe/Stockholm")
PLAN = """\
plan: plan
settle: 0s
title: {sv: Handlingsplan, en: Action plan}
recipients:
  hr: {email: hr@kommun.example, digest: weekly}
  head: {email: chef@kommun.example, language: en, digest: {on: friday, at: "14:30"}}
targets:
  - id: leavers
    metric: leaver_rate_own_request
    breach: {above: 0.20}
    notify: [hr, head]
measures:
  - {id: mentor, title: {sv: Mentor, en: Mentors}, owner: head, due: 2026-10-20}
"""
BASE = "https://stadga.example"


def at(text: str) -> datetime:
    """Local time in Stockholm."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


class Office:
    """A process whose clock is set by hand; ``wrote`` counts the looks that wrote a summary."""

    def __init__(self, shop: Workshop, time: list[datetime], key: bytes) -> None:
        """The service has just begun."""
        self.shop, self._time, self.key = shop, time, key
        self.wrote = 0
        links = DigestLinks(
            lambda about, _episode, _to: f"{BASE}/board/alerts/{about.plan}/{about.target}/{about.unit}",
            f"{BASE}/board",
            lambda reader: leave(BASE, key, reader),
        )
        self.digests = Digests(shop.pool, shop.rounds, shop.clock, links, self._note)

    def _note(self) -> None:
        self.wrote += 1

    async def at(self, text: str) -> None:
        """It is then, and the service looks; twice, since it always does."""
        self._time[0] = at(text)
        await self.digests.look()
        await self.digests.look()

    async def hear(self, text: str, value: float | None, unit: str = "unit") -> None:
        """A value comes at a moment, and is judged."""
        self._time[0] = at(text)
        day = self.shop.clock.today()
        await self.shop.hear([group(unit, value, day, int(self._time[0].timestamp()), today=day)])

    async def written(self) -> list[tuple[str, str, Weekly]]:
        """When, to whom, and what."""
        found = await self.shop.rows(
            "select created, recipient, occasion::text from outbox where reason = 'digest' order by created, recipient"
        )
        return [
            (f"{when.astimezone(ZONE):%m-%d %H:%M}", who, msgspec.json.decode(text, type=Weekly))
            for when, who, text in found
        ]

    async def told(self) -> list[tuple[str, str]]:
        """When and to whom."""
        return [one[:2] for one in await self.written()]

    def http(self) -> httpx.AsyncClient:
        """Somebody who asks over HTTP."""
        board = Board(lambda: self.shop.pool, Asked(away), self.shop.clock, "fel@kommun.example", lambda: self.key)
        handlers = [
            *leaving.routes(board, self.shop.clock, lambda: self.key),
            *api.routes(lambda: self.shop.pool, self.shop.clock),
        ]
        app = Litestar(handlers, guards=[Guard().look], request_class=ShallowRequest, logging_config=None)
        return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE)


@pytest.fixture
async def office(postgres: str, tmp_path: Path) -> AsyncIterator[Office]:
    """On the Wednesday before the clocks are set back, on the 25th of October 2026; the plan has just come."""
    time = [at("2026-10-21T12:00")]
    async with workshop(postgres, Clock(ZONE, None, lambda: time[0])) as shop:
        write(tmp_path, "plan.yaml", PLAN, datetime(2026, 10, 1, tzinfo=UTC))
        await shop.look(shop.watch(tmp_path))
        made = Office(shop, time, await link_key.load(shop.pool))
        await made.digests.look()
        await made.hear("2026-10-21T12:30", GOOD)
        yield made


async def test_each_recipient_has_an_hour_of_their_own(office: Office):
    """Over the change of clocks at the same local hour, one each; and what each tells is of the time since the last."""
    for hour in ("10-23T14:29", "10-23T14:30", "10-26T07:59", "10-26T08:00", "10-26T09:00", "10-30T14:31"):
        await office.at(f"2026-{hour}")
    assert await office.told() == [("10-23 14:30", "head"), ("10-26 08:00", "hr"), ("10-30 14:31", "head")]
    assert office.wrote == 3
    first, second, third = [one[2] for one in await office.written()]
    assert (first.since, second.since, third.since) == (
        at("2026-10-21T12:00"),
        at("2026-10-21T12:00"),
        at("2026-10-23T14:30"),
    )
    assert (first.watched, first.alerts, first.overdue, len(first.actions)) == (1, (), 1, 1)


async def test_nothing_is_written_to_a_stopped_address(office: Office):
    """Two Mondays pass, and others are written to; once mails go there again one tells of all the time, at once."""
    stop = "insert into alerts.stopped_addresses values ('hr@kommun.example', 'hr', 'plan', now(), '550') returning 1"
    await office.shop.rows(stop)
    for hour in ("10-23T14:30", "10-26T08:00", "11-02T08:00"):
        await office.at(f"2026-{hour}")
    assert await office.told() == [("10-23 14:30", "head"), ("11-02 08:00", "head")]
    async with office.shop.pool.acquire() as connection:
        assert await bounces.resume(connection, "hr") == 1
    await office.at("2026-11-03T10:00")
    *_, (when, who, said) = await office.written()
    assert (when, who, said.since) == ("11-03 10:00", "hr", at("2026-10-21T12:00"))
    await office.at("2026-11-09T08:00")
    assert (await office.told())[3:] == [("11-09 08:00", "head"), ("11-09 08:00", "hr")]


async def test_a_service_that_was_away_writes_once_and_late(office: Office):
    """Three Mondays were missed: one summary of all that happened, by whichever process comes first."""
    await office.at("2026-10-26T08:00")
    await office.hear("2026-10-27T06:00", BAD)
    await office.at("2026-11-18T10:00")
    another = Office(office.shop, office._time, office.key)
    await another.digests.look()
    await office.at("2026-11-20T14:00")
    assert [one for one in await office.told() if one[1] == "hr"] == [("10-26 08:00", "hr"), ("11-18 10:00", "hr")]
    late = next(told for when, who, told in await office.written() if (when, who) == ("11-18 10:00", "hr"))
    assert [(one.kind, one.unit, one.value, one.since) for one in late.alerts] == [
        ("new", "unit", BAD, date(2026, 10, 27))
    ]


async def test_a_week_of_an_alert(office: Office):
    """New, then going on and acknowledged, then over; hidden while the group is small."""
    alert = Alert("plan", "leavers", "unit")
    await office.hear("2026-10-22T06:00", BAD)
    await office.at("2026-10-26T08:00")
    async with office.shop.pool.acquire() as connection:
        await carry_out(connection, office.shop.clock, alert, "k", Order("acknowledged"), "Eva Ek")
    await office.at("2026-11-02T08:00")
    await office.hear("2026-11-03T06:00", None)
    await office.at("2026-11-09T08:00")
    await office.hear("2026-11-10T06:00", GOOD)
    await office.at("2026-11-16T08:00")
    await office.at("2026-11-23T08:00")
    told = [told for _, who, told in await office.written() if who == "hr"]
    assert [[(one.kind, one.value, one.hidden) for one in week.alerts] for week in told] == [
        [("new", BAD, False)],
        [("going", BAD, False)],
        [("going", None, True)],
        [("ended", GOOD, False)],
        [],
    ]
    assert [week.unacknowledged for week in told] == [1, 0, 0, 0, 0]
    assert str(BAD) not in msgspec.json.encode(told[2]).decode()


async def test_they_are_no_part_of_bundles_and_of_no_bound(office: Office):
    """A row of its own, which the list of mails shows; it goes also to whoever has had all the mails of an hour."""
    await office.at("2026-10-26T08:00")
    now = office.shop.clock.now()
    async with office.shop.pool.acquire() as connection:
        waiting = await mails.load(connection, "pending", 10)
        assert await held.hold(connection, now, Policy(hourly=0)) == []
        claimed = await outbox.claim(connection, now, now, 10, 0)
    assert {(one.reason, one.recipient, one.plan, one.unit) for one in waiting} == {
        ("digest", "head", "plan", None),
        ("digest", "hr", "plan", None),
    }
    assert {one.recipient for one in claimed} == {"head", "hr"}
    assert await office.shop.rows("select count(*) from bundles") == [(0,)]


async def test_both_languages_arrive(office: Office, postgres: str, smtp: Mail):
    """Over SMTP, each in the language of its reader, with the headers by which a mail program can end it."""
    await office.hear("2026-10-22T06:00", BAD)
    await office.at("2026-10-26T08:00")
    await office.shop.rows("delete from outbox where reason <> 'digest' returning 1")
    async with delivering(postgres, smtp.url):
        await until(lambda: len(smtp.messages()) == 2, "both summaries arrive")
    arrived = {str(one["To"]): one for one in parsed(smtp.messages())}
    hr, head = arrived["hr@kommun.example"], arrived["chef@kommun.example"]
    assert str(hr["Subject"]) == "Veckan: 1 nytt larm, 1 försenad åtgärd – Handlingsplan"
    assert str(head["Subject"]) == "The week: 1 new alert, 1 overdue action – Action plan"
    assert "Enheten unit" in plain(hr)
    assert "Mentors: was to be done by 20 October 2026, 6 days ago. Owner: head." in plain(head)
    assert hr["List-Unsubscribe"] == f"<{link(office, 'hr')}>"
    assert hr["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    sent = await office.shop.rows("select message_id from outbox where state = 'sent' order by recipient")
    assert sent == [(str(head["Message-ID"]),), (str(hr["Message-ID"]),)]


def plain(mail: EmailMessage) -> str:
    """The plain text."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link(office: Office, who: str) -> str:
    """The link in the summaries of a recipient."""
    addresses = {"hr": "hr@kommun.example", "head": "chef@kommun.example"}
    return leave(BASE, office.key, Reader("plan", who, addresses[who]))


async def state(office: Office) -> list[tuple[Any, ...]]:
    """Every row about summaries."""
    return [
        *await office.shop.rows("select plan, recipient, address, wanted, by from digest_choices order by seq"),
        *await office.shop.rows("select * from digests order by plan, recipient"),
        *await office.shop.rows("select id, state from outbox order by id"),
    ]


async def test_looking_at_the_link_changes_nothing(office: Office):
    """A hundred scanners of mail follow it; a link that is forged, or of another, shows nothing and does nothing."""
    before = await state(office)
    async with office.http() as http:
        for _ in range(100):
            answer = await http.get(link(office, "hr"))
        assert answer.status_code == 200
        assert '<form method="post">' in answer.text
        assert "Avsluta veckosammanfattningen" in answer.text
        assert "form-action 'self'" in answer.headers["content-security-policy"]
        for forged in (
            link(office, "hr")[:-1],
            link(office, "hr").replace("/hr?", "/head?"),
            f"{BASE}/unsubscribe/x/y",
        ):
            assert (await http.get(forged)).status_code == 404
            assert (await http.post(forged)).status_code == 404
    assert await state(office) == before


async def test_who_ends_summaries_gets_none_until_an_order(office: Office):
    """By what a mail program sends, once or again and again; nobody else's end, and alerts go on."""
    one_click = {"List-Unsubscribe": "One-Click"}
    async with office.http() as http:
        for _ in range(3):
            answer = await http.post(link(office, "hr"), data=one_click)
            assert (answer.status_code, "Veckosammanfattningen är avslutad" in answer.text) == (200, True)
        assert "<form" not in (await http.get(link(office, "hr"))).text
        assert await office.shop.rows("select plan, recipient, address, wanted, by from digest_choices") == [
            ("plan", "hr", "hr@kommun.example", False, "hr")
        ]
        await office.hear("2026-10-22T06:00", BAD)
        await office.at("2026-10-26T08:00")
        assert await office.told() == [("10-26 08:00", "head")]
        assert await office.shop.rows("select recipient from outbox where reason = 'hold_met' order by 1") == [
            ("head",),
            ("hr",),
        ]

        listed = (await http.get("/v1/digests")).json()["digests"]
        assert [(one["recipient"], one["on"], one["at"], one["ended"]) for one in listed] == [
            ("hr", "monday", "08:00:00", True),
            ("head", "friday", "14:30:00", False),
        ]
        again = await http.post("/v1/digests/plan/hr/resume")
        assert (again.status_code, again.json()["ended"]) == (200, False)
        assert (await http.post("/v1/digests/plan/nobody/resume")).status_code == 404
        await office.at("2026-11-02T08:00")
        (told,) = [told for _, who, told in await office.written() if who == "hr"]
        assert told.since == at("2026-10-26T08:00")


async def test_whoever_takes_over_has_ended_nothing(office: Office, tmp_path: Path):
    """The recipient has another address now: the end was its former reader's."""
    async with office.http() as http:
        await http.post(link(office, "hr"))
        write(tmp_path, "plan.yaml", PLAN.replace("hr@", "ny.hr@"), datetime(2026, 10, 22, tzinfo=UTC))
        await office.shop.look(office.shop.watch(tmp_path))
        assert (await http.get(link(office, "hr"))).status_code == 404
    await office.at("2026-10-26T08:00")
    assert ("10-26 08:00", "hr") in await office.told()


async def test_a_plan_that_asks_again_begins_anew(office: Office, tmp_path: Path):
    """What no plan asked for meanwhile is not told late, nor at once."""
    watch = office.shop.watch(tmp_path)
    write(tmp_path, "plan.yaml", PLAN.replace(", digest: weekly", ""), datetime(2026, 10, 22, tzinfo=UTC))
    await office.shop.look(watch)
    await office.at("2026-10-22T12:00")
    assert await office.shop.rows("select recipient from digests") == [("head",)]
    write(tmp_path, "plan.yaml", PLAN + "\n", datetime(2026, 11, 11, tzinfo=UTC))
    await office.shop.look(watch)
    await office.at("2026-11-11T12:00")
    await office.at("2026-11-16T08:00")
    told = [(when, told.since) for when, who, told in await office.written() if who == "hr"]
    assert told == [("11-16 08:00", at("2026-11-11T12:00"))]


async def test_the_service_writes_it_and_takes_its_end(watcher: Watcher, postgres: str, smtp: Mail):
    """As a process: a week that is over is told of, and the link in the mail leads to the page that ends it."""
    digest = PLAN.replace(', digest: {on: friday, at: "14:30"}', "")
    await started(watcher, digest)

    async def known() -> bool:
        return await rows(postgres, "select recipient from digests") == [("hr",)]

    await until(known, "the recipient is known")
    await rows(postgres, "update digests set slot = slot - interval '7 days' returning slot")

    def ways_out() -> list[str]:
        return [way for one in parsed(smtp.messages()) if (way := one["List-Unsubscribe"])]

    await until(lambda: ways_out() != [], "the summary arrives")
    (page,) = (way.strip("<>") for way in ways_out())
    assert page.startswith(f"http://127.0.0.1:{watcher.port}/unsubscribe/plan/hr?sig=")
    async with httpx.AsyncClient() as http:
        assert "<form" in (await http.get(page)).text
        assert (await http.post(page, data={"List-Unsubscribe": "One-Click"})).status_code == 200
    assert await rows(postgres, "select recipient, wanted from digest_choices") == [("hr", False)]
    listed = await watcher.get("/v1/digests")
    assert [(one["recipient"], one["ended"]) for one in listed["digests"]] == [("hr", True)]
