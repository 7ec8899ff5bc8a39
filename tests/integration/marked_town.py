"""The marked town with all its services at work, and everything that leaves them, by the way it goes out."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import httpx

from cli.local.stack import Stack, migrations, topics
from shared.access.rights import Caller
from shared.access.tokens import sha256
from shared.contracts.catalogue import BY_NAME
from shared.contracts.envelope import BATCH, STRUCTURED
from shared.contracts.topics import ALL, HR_EVENTS, HR_RAW, WORKFORCE_METRICS, Topic
from shared.kit.access import behalf
from tests import builders as make
from tests.conftest import here
from tests.fakes.receiver import Receiver, receiving
from tests.harm.doors import each
from tests.integration import walking
from tests.integration.marked import (
    ALONE,
    ALSO_LARGE,
    ANNA,
    BERTIL,
    DISA,
    FEW,
    KEY,
    LARGE,
    OCCUPATION,
    PEOPLE,
    RARE,
    THREE,
    contradictions,
    corrections,
    log,
)
from tests.integration.neighbours import SCOPES, Neighbour, Sent, every_row, send, token
from tests.integration.sealing import Vault, master, put
from tests.integration.walking import Question
from tests.polling import PATIENCE, until

TODAY = "2026-06-30"
PARTS = ("kafka", "postgres", "mailbox", "ingest", "metrics", "alerts")
OF_FEW = ("headcount", "caseload")
"""What a plan may follow of one person alone: that they are there, and how many cases they were given."""
SENSITIVE = (
    "leaver_rate_own_request",
    "incident_rate",
    "sick_rate",
    "overtime_share",
    "pulse_negative_share",
    "study_share",
    "experience_bonuses",
    "bonus_cost",
    "pay_median",
)
"""What may be told of a larger group alone; each breaches in every unit in which there is any of it."""
HEAD = """\
plan: marked
title: Allt som kan larmas om
settle: 0s
recipients:
  hr: {email: hr@kommun.example, language: sv}
  en: {email: hr.en@kommun.example, language: en}
  desk: {webhook: desk}
measures:
  - id: m
    title: Handledning
    owner: hr
    evaluate: {metric: leaver_rate_own_request, start: 2025-10-01, units: [trion], compare: [lindgarden, ekgarden],
      before: 12m, after: 6m, smallest: 0.1}
targets:
"""
TARGET = "  - {{id: {0}, metric: {0}, breach: {{above: 1.0e-9}}, measures: [m], notify: [hr, en, desk]}}\n"
WORDS: walking.Words = {
    **walking.WORDS,
    "unit": [LARGE, ALONE, THREE, "*"],
    "plan": ["marked"],
    "target": ["headcount", "sick_rate"],
    "metric": ["headcount", *sorted(set(BY_NAME) - {"headcount"})],
    "metrics": [",".join(BY_NAME), "headcount", "pay_median,bonus_cost"],
    "occupation": ["*", OCCUPATION, RARE],
    "by": ["occupation", "gender", "gender,age", "occupation,gender"],
    "as_of": [TODAY, "2026-05-31"],
    "from": ["2026-04-01", "2026-06-01"],
    "year": ["2025", "2024"],
    "kind": ["absence_outside_employment", "change_without_start"],
    "reason": ["not_json", "wrong_type"],
}
ORDERS: dict[str, dict[str, str]] = {
    "acknowledge": {"note": "vi tar det"},
    "assign": {"to": "hr"},
    "comment": {"note": "x"},
    "snooze": {"until": "2026-07-20", "note": "x"},
    "unsnooze": {},
    "unacknowledge": {},
}
POISON = b"annamark anstref-anna Kvastmakare 850709-9805"


class Said(NamedTuple):
    """What left: which way, and what it was."""

    way: str
    text: bytes


class Town:
    """The town while its services run; ``said`` is what left so far."""

    def __init__(self, home: Neighbour, webhook: Receiver) -> None:
        """Nothing has been told yet."""
        self.home, self.webhook = home, webhook
        self.said: list[Said] = []
        self.well: set[str] = set()
        self.forged: dict[Topic, set[tuple[int, int]]] = {}
        self._chance = random.Random(72)  # noqa: S311 -- the same walk each time

    @property
    def stack(self) -> Stack:
        """Its parts."""
        return self.home.stack

    @property
    def kafka(self) -> str:
        """Where its broker is."""
        return self.stack.kafka_bootstrap_servers

    async def request(
        self,
        service: str,
        question: Question,
        body: object = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        """One request, whose answer is kept under its route."""
        method, path, asked = question
        async with httpx.AsyncClient(base_url=self.home.url(service), timeout=PATIENCE, trust_env=False) as client:
            told = {"authorization": f"Bearer {self.home.token}", **(headers or {})}
            answer = await client.request(method, path, params=asked, headers=told, json=body, content=content)
        self.keep(service, method, path, answer)
        return answer

    def keep(self, service: str, method: str, path: str, answer: httpx.Response) -> None:
        """Remember an answer with all its headers."""
        route = _route(service, method, path)
        if answer.is_success or answer.is_redirect:
            self.well.add(f"{service} {route}")
        headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        self.said.append(Said(f"{service} {route}", f"{headers}\n".encode() + answer.content))

    async def post(self, events: list[make.Event]) -> httpx.Response:
        """A batch at the door."""
        return await self.raw(make.batch(events), BATCH)

    async def raw(self, body: bytes, kind: str, **headers: str) -> httpx.Response:
        """Whatever is posted to the door."""
        return await self.request(
            "ingest", ("POST", "/v1/events", {}), headers={"content-type": kind} | headers, content=body
        )

    async def walk(self, turns: int = 2) -> None:
        """Every route of every service."""

        def topic() -> str:
            return self._chance.choice(ALL).name

        for service in walking.EXPECTED:
            asked = list(walking.questions(service, self._chance, topic, WORDS, turns))

            async def ask(client: httpx.AsyncClient, question: Question, service: str = service) -> None:
                method, path, query = question
                headers = {"authorization": f"Bearer {self.home.token}"}
                body = walking.BODY if method == "POST" else None
                at = f"{self.home.url(service)}{path}"
                answer = await client.request(method, at, params=query, headers=headers, json=body)
                assert answer.status_code < 500 or answer.status_code in {503, 504}, (path, query, answer.text)
                self.keep(service, method, path, answer)

            await each(asked, ask)

    async def in_turn(self) -> None:
        """What a walk by chance does not come to: orders, an evaluation, numbers of few, the access log, a batch."""
        alert = f"alerts/marked/headcount/{ALONE}"
        for order, body in ORDERS.items():
            await self.request("alerts", ("POST", f"/v1/{alert}/{order}", {}), body, {"Idempotency-Key": order})
        await until(self._is_evaluated, "the evaluation is told")
        for unit in (*FEW, LARGE):
            every = {"unit": unit, "metrics": ",".join(BY_NAME)}
            await self.request("metrics", ("GET", "/v1/metrics", {**every, "by": "occupation"}))
            await self.request("metrics", ("GET", "/v1/series", {**every, "from": "2026-01-01", "to": TODAY}))
            await self.request("alerts", ("GET", f"/board/units/{unit}", {}))
        for kind in ("absence_outside_employment", "hours_outside_employment", "change_without_start"):
            await self.request("metrics", ("GET", "/v1/anomalies", {"kind": kind}))
        for metric in ("leaver_rate_own_request", "incident_rate", "pay_median", "agency_cost_share"):
            for path in ("/v1/revisions", "/v1/as-known"):
                asked = {"metric": metric, "unit": ALONE, "from": "2026-06-01"}
                await self.request("metrics", ("GET", path, asked))
        await self.request("alerts", ("POST", "/v1/mails/resume", {}), {"plan": "marked", "recipient": "hr"})
        auditor = behalf.told(Caller("Audit", "audit", {"auditor": frozenset({"*"})}, "session"))
        for service, path in (
            ("metrics", "/v1/access-log"),
            ("alerts", "/v1/access-log"),
            ("alerts", "/board/access-log"),
        ):
            await self.request(service, ("GET", path, {}), headers=auditor)
        headers = {"content-type": BATCH}
        held = make.milestone_reached(ANNA.ref, "check_in_held", "2026-06-02", id="annamark-samtal", **ANNA.free())
        again = make.batch([*corrections(), held])
        await self.request("ingest", ("POST", "/v1/events/batch", {}), headers=headers, content=again)

    async def of_persons(self) -> None:
        """What is known of one, whose key is there; and one who has left is erased."""
        vault = Vault(master("2026"))
        vault.sealed(make.absence_started(ANNA.pseudonym, "x", "2026-05-04"))
        await put(self.kafka, vault.wrapped())
        await self.request("ingest", ("POST", "/v1/persons/pseudonym", {}), {"ref": ANNA.ref})
        await self.request("metrics", ("POST", "/v1/persons/known", {}), {"person": ANNA.pseudonym})
        order = {"persons": [DISA.pseudonym], "why": "on request"}
        await self.request("metrics", ("POST", "/v1/persons/erasings", {}), order)
        await until(self._is_erased, "the erasing is done")

    async def _is_erased(self) -> bool:
        answer = await self.request("metrics", ("GET", "/v1/persons/erasings", {}))
        return [bool(one["done"]) for one in answer.json()["erasings"]] == [True]

    async def _is_evaluated(self) -> bool:
        """As soon as the metrics service tells of what it took in."""
        asked = {"plan": "marked", "measure": "m"}
        return (await self.request("alerts", ("GET", "/v1/evaluations", asked))).is_success

    async def letters(self) -> None:
        """Every message put aside, looked at and tried again."""
        for service in ("metrics", "alerts"):
            listed = await self.request(service, ("GET", "/v1/dead-letters", {"most": "1000"}))
            for letter in listed.json()["letters"]:
                at = letter["place"]
                path = f"/v1/dead-letters/{at['topic']}/{at['partition']}/{at['offset']}"
                await self.request(service, ("GET", path, {}))
                await self.request(service, ("POST", "/v1/dead-letters/retry", {}), {"places": [at]})

    async def everything(self) -> list[Said]:
        """All that left so far by any way, but tables."""
        return [one async for one in self._everything()]

    async def _everything(self) -> AsyncIterator[Said]:
        for one in self.said:
            yield one
        for topic in ALL:
            async for message in walking.on_topic(self.kafka, topic.name, frozenset(self.forged.get(topic, ()))):
                yield Said(f"topic {topic.name}", message)
        for mail in walking.mails(self.stack.mail_folder):
            yield Said("mail", walking.read(mail))
        for request in self.webhook.came:
            yield Said("webhook", repr(request.headers).encode() + request.body)
        for part, text in walking.logs(self.stack, PARTS):
            yield Said(f"log {part}", text)

    async def tables(self) -> list[Said]:
        """What is kept."""
        return [Said(f"table {name}", rows.encode()) for name, rows in (await every_row(self.home.database)).items()]


def _route(service: str, method: str, path: str) -> str:
    found = [route for route in walking.EXPECTED[service] if walking.is_of(f"{method} {path}", route)]
    return min(found, key=lambda route: route.count("{"))


@contextlib.asynccontextmanager
async def town(folder: Path) -> AsyncIterator[Town]:
    """Its services have taken its log in, and told of it."""
    webhook = Receiver()
    async with receiving(webhook) as port:
        stack = Stack(folder / "stack", here(**_settings(folder, port)), leashed=True)
        try:
            await stack.start(["kafka", "postgres", "mailbox"])
            await topics.create(stack.kafka_bootstrap_servers)
            await migrations.migrate(stack.database_url)
            await stack.start()
            yield Town(Neighbour("", 0, stack, stack.database_url), webhook)
        finally:
            await stack.stop()


def _settings(folder: Path, port: int) -> dict[str, str]:
    (folder / "plan.yaml").write_text(HEAD + "".join(map(TARGET.format, (*OF_FEW, *SENSITIVE))))
    (folder / "desk").write_text("whsec_" + 43 * "a" + "=")
    (folder / "webhooks.yaml").write_text(
        f"webhooks:\n  desk: {{url: 'http://127.0.0.1:{port}/in', secret_file: desk}}\n"
    )
    held = f"{{sha256: {sha256(token(''))}, scopes: [{SCOPES}], sources: ['*']}}"
    (folder / "tokens.yaml").write_text(f"tokens: {{all: {held}}}\n")
    (folder / "token").write_text(token(""))
    return {
        "STADGA_TODAY": TODAY,
        "STADGA_TOKENS_FILE": str(folder / "tokens.yaml"),
        "STADGA_METRICS_TOKEN_FILE": str(folder / "token"),
        "STADGA_PLANS": str(folder / "plan.yaml"),
        "STADGA_WEBHOOKS": str(folder / "webhooks.yaml"),
        "STADGA_PSEUDONYM_KEY": KEY,
        "STADGA_MAIL_POLL": "0.1",
        "STADGA_MAILS_PER_HOUR": "1000",
        "STADGA_HEALTH_SETTLE_SECONDS": "0.2",
        "STADGA_DEAD_LETTERS_IN_A_ROW": "0",
        "STADGA_DEAD_LETTERS_A_MINUTE": "0",
    }


async def taken_in(here: Town) -> None:
    """The log has come to values, alerts, mails and notices."""
    answer = await here.post([*log(), *contradictions()])
    assert answer.json()["rejected"] == []

    async def firing() -> bool:
        found = await here.home.ask("alerts", "/v1/alerts")
        alerts = found.json()["alerts"] if found.is_success else []
        fires = {one["target"] for one in alerts if one["state"] == "firing" and one["unit"] in {LARGE, ALSO_LARGE}}
        return fires >= {*OF_FEW, *SENSITIVE}

    await until(firing, "every target fires in a large unit", 60)
    await until(lambda: len(here.webhook.taken) > 10, "notices")
    await until(lambda: walking.mails(here.stack.mail_folder), "a mail")


def broken() -> Iterator[bytes]:
    """Events about them that are refused, each for a reason of its own."""
    for one in PEOPLE:
        good = make.absence_started(one.ref, f"{one.called}post", one.day.isoformat(), id=f"{one.called}mark-b")
        good |= {"note": one.surname}
        for field, value in {
            "type": f"hr.{one.surname}.v1",
            "time": one.surname,
            "subject": f"{one.surname}/{one.ref}",
            "source": f"{one.surname} 850709-9805",
            "data": {**good["data"], "kind": one.surname},
        }.items():
            yield make.encoded(good | {field: value})
        yield make.encoded(good)[:-9]
        yield make.encoded(good | {"data": {**good["data"], "extent": one.pay}})
        yield make.encoded(good | {"data": {**good["data"], "employment": f"{one.called}post {BERTIL.ref}"}})
    yield POISON + b"\xff"
    yield make.encoded(make.caseload_reported(ANNA.ref, "2026-05-04", 99, id="annamark-0"))


async def harmed(here: Town) -> None:
    """Refusals at every door, messages that are put aside, and outages in the midst of it."""
    for one in broken():
        await here.raw(one, STRUCTURED)
    await here.raw(b"[" + b",".join(list(broken())[:-2]) + b"]", BATCH)
    await here.raw(POISON, BATCH)
    await here.raw(POISON, "application/json", **{"ce-id": "annamark-h", "ce-subject": f"person/{ANNA.ref}"})
    as_headers = [("ce_id", b"annamark-h"), ("ce_subject", POISON), ("ce_type", b"\xff")]
    on_raw: list[Sent] = [(POISON, one, []) for one in broken()] + [(POISON, POISON, as_headers)]
    await send(here.kafka, HR_RAW.name, on_raw)
    forged = [(POISON, POISON, [("ce_id", POISON)])]
    here.forged[HR_EVENTS] = await send(here.kafka, HR_EVENTS.name, list(_forged()))
    here.forged[WORKFORCE_METRICS] = await send(here.kafka, WORKFORCE_METRICS.name, forged)

    async def aside(service: str) -> int:
        answer = await here.home.ask(service, "/v1/dead-letters")
        return sum(answer.json()["waiting"].values())

    async def both() -> bool:
        return await aside("metrics") >= len(list(_forged())) and await aside("alerts") >= 1

    await until(both, "messages are put aside")


def _forged() -> Iterator[Sent]:
    """Written onto ``hr.events`` past ingest, in whatever state."""
    subject = f"person/{ANNA.pseudonym}"
    good = make.absence_started(ANNA.pseudonym, "annapost-x", "2026-05-04", id="annamark-x")
    yield subject.encode(), POISON, []
    yield subject.encode(), make.encoded(good | {"data": {**good["data"], "extent": ANNA.surname}}), []
    yield subject.encode(), make.encoded(good | {"type": f"hr.{ANNA.surname}.v1"}), []
    yield subject.encode(), make.encoded(good | {"data": {**good["data"], "absence": "annapost\0x"}}), []


async def outage(here: Town) -> None:
    """The database is gone while somebody tells and somebody asks; what was told comes in."""
    here.stack.kill("postgres")
    await here.post(list(corrections()))
    asked = (("metrics", "/v1/anomalies"), ("metrics", "/v1/metrics"), ("alerts", "/board"), ("alerts", "/v1/alerts"))
    await asyncio.gather(*(here.request(service, ("GET", path, {"unit": ALONE})) for service, path in asked))
    await here.stack.restart("postgres")

    async def is_told() -> bool:
        answer = await here.home.ask("metrics", "/v1/metrics", unit=THREE, metrics="headcount")
        return answer.is_success and [g["metrics"]["headcount"]["value"] for g in answer.json()["groups"]] == [2]

    async def are_well() -> bool:
        return all([(await here.home.ask(service, "/readyz")).is_success for service in walking.EXPECTED])

    await until(is_told, "what came late is told")
    await until(are_well, "all services to be well again")
