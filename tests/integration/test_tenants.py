"""Two tenants that are alike in every reference: nothing of one is in any answer, topic, table or mail of the other."""

import asyncio
import itertools
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from email.message import EmailMessage
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from shared.contracts.envelope import BATCH, STRUCTURED
from shared.contracts.tenants import HEADER
from shared.contracts.topics import ALL, HR_EVENTS, HR_RAW, HR_REJECTED, WORKFORCE_METRICS, Topic
from tests import builders as make
from tests.harm.doors import each
from tests.integration.neighbours import (
    PEOPLE,
    TODAY,
    Neighbour,
    Sent,
    every_row,
    everything,
    neighbours,
    send,
    token,
)
from tests.integration.walking import BODY, Question, is_of, logs, mails, on_topic, questions, read
from tests.polling import PATIENCE, until
from tests.unit.shared.test_who_may_what import EXPECTED, OPEN

SEED, REQUESTS, MESSAGES = 59, 400, 150
TURNED_AWAY = {401, 403, 421, 429}


class Both(NamedTuple):
    """The two, what each of them answered so far, and where a test put messages of the other onto its topics."""

    one: Neighbour
    other: Neighbour
    answers: dict[str, list[tuple[str, bytes]]]
    planted: dict[str, set[tuple[int, int]]]

    def pairs(self) -> tuple[tuple[Neighbour, Neighbour], ...]:
        """Each with the other."""
        return (self.one, self.other), (self.other, self.one)

    @property
    def kafka(self) -> str:
        """The broker of both."""
        return self.one.stack.kafka_bootstrap_servers


@pytest.fixture(scope="module")
async def both(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Both]:
    """Both at home, each with its value, its alert and its mail."""
    async with neighbours(tmp_path_factory.mktemp("tenants")) as (one, other):
        yield Both(one, other, defaultdict(list), defaultdict(set))


async def events_of(both: Both, of: Neighbour, topic: Topic) -> list[dict[str, Any]]:
    """What stands on a topic of one."""
    return [json.loads(record.value) for record in await everything(both.kafka, of.tenant.topic(topic).name)]


def _mails(of: Neighbour) -> list[EmailMessage]:
    """What was sent to the people of one."""
    return [mail for mail in mails(of.stack.home.parent.parent / "shared" / "mail") if of.name in str(mail["To"])]


async def test_each_is_told_of_its_own(both: Both) -> None:
    """The same unit, persons, ids and plan: another value, other pseudonyms, and no identity that the two share."""
    said = []
    for one, _ in both.pairs():
        await until(lambda one=one: _mails(one), f"a mail of {one.name}")
        assert await one.caseload() == one.figure
        heard = await events_of(both, one, HR_EVENTS)
        assert {event["tenant"] for event in heard} == {one.name}
        people = {event["subject"] for event in heard if event["subject"].startswith("person/")}
        assert len(people) == PEOPLE
        told = [*await events_of(both, one, WORKFORCE_METRICS), *await events_of(both, one, ALL[4])]
        assert {event["tenant"] for event in told} == {one.name}
        links = set(re.findall(r"sig=[\w=-]+", _mails(one)[0].as_string().replace("=\n", "").replace("=3D", "=")))
        assert links
        identities = {f"{event['source']} {event['id']}" for event in told}
        said.append(people | identities | links | {mail["Message-ID"] for mail in _mails(one)})
    assert said[0] & said[1] == set()


class Attempt(NamedTuple):
    """An event that comes to a door: what it says of whose it is, what it holds, and whether it is to be taken."""

    event: make.Event
    belongs: bool


class Sender:
    """Makes events of whatever tenant: what says that it is another's than the door's holds the other's marks."""

    def __init__(self, door: Neighbour, other: Neighbour) -> None:
        self._door, self._other = door, other
        self.chance = random.Random(f"{SEED} {door.name}")  # noqa: S311 -- the same at each run
        self._numbers = itertools.count()

    def attempt(self) -> Attempt:
        """One event."""
        said = self.chance.choice(self._said())
        belongs = said in (None, self._door.name)
        whose = self._door if belongs else self._other
        number = next(self._numbers)
        made = make.caseload_reported(
            f"person-{self.chance.randrange(PEOPLE)}",
            f"2026-05-{self.chance.randrange(1, 29):02}",
            whose.figure,
            id=f"fuzz-{number}",
            note=f"{whose.name} {number}",
        )
        if said is not None or self.chance.random() < 0.3:
            made["tenant"] = said
        if self.chance.random() < 0.3:
            made["department"] = whose.name
        if not belongs and self.chance.random() < 0.3:
            made |= self.chance.choice(({"time": "never"}, {"type": whose.name}, {"subject": ""}, {"id": whose.name}))
        return Attempt(made, belongs)

    def _said(self) -> list[Any]:
        door, other = self._door.name, self._other.name
        odd = ["", " ", door.upper(), other.title(), f"{door} ", f" {door}", f"{door}\0", f"{door}.{other}", "*", "%"]
        return [None, None, None, door, door, other, other, other, *odd, 7, True, [door], {"name": door}, other * 50]


def binary(event: make.Event, prefix: str) -> dict[str, str]:
    """The attributes as headers."""
    given = {name: value for name, value in event.items() if name != "data" and value is not None}
    return {f"{prefix}{name}": value if isinstance(value, str) else json.dumps(value) for name, value in given.items()}


async def test_an_event_of_another_is_refused_at_every_door(both: Both) -> None:
    """Alone and in batches, structured and binary, with its own token, the other's and none."""
    for one, other in both.pairs():
        sender, accepted = Sender(one, other), Counter[str]()
        requests = [[sender.attempt() for _ in range(sender.chance.randrange(1, 6))] for _ in range(REQUESTS // 2)]
        door = Door(one, other, both.answers[one.name], sender.chance, accepted)
        await each(requests, door.knock)
        assert accepted["taken"] > 30
        assert accepted["refused"] > 30
        assert accepted["turned away"] > 10


class Door(NamedTuple):
    """The door of one, what it answered, and how often it took, refused and turned away."""

    one: Neighbour
    other: Neighbour
    answers: list[tuple[str, bytes]]
    chance: random.Random
    count: Counter[str]

    async def knock(self, client: httpx.AsyncClient, attempts: list[Attempt]) -> None:
        """One request: all of the attempts as a batch, or the first alone."""
        bearer = self.chance.choice([self.one.token] * 8 + [self.other.token, "nobody"])
        meant = self.chance.choice([None] * 8 + [self.one.name, self.other.name])
        mode, body, headers = self._written(attempts)
        headers |= {"authorization": f"Bearer {bearer}"} | ({HEADER: meant} if meant else {})
        answer = await client.post(f"{self.one.url('ingest')}/v1/events", content=body, headers=headers)
        self.answers.append((f"{mode} {attempts}", answer.content))
        if bearer != self.one.token or meant == self.other.name:
            assert answer.status_code in TURNED_AWAY, answer.text
            self.count["turned away"] += 1
        elif mode == BATCH:
            told = {refused["index"]: refused["reason"] for refused in answer.json()["rejected"]}
            assert told == {i: "other_tenant" for i, one in enumerate(attempts) if not one.belongs}, answer.text
            self.count.update(taken=len(attempts) - len(told), refused=len(told))
        else:
            assert answer.status_code == (202 if attempts[0].belongs else 403), (attempts[0], answer.text)
            self.count["taken" if attempts[0].belongs else "refused"] += 1

    def _written(self, attempts: list[Attempt]) -> tuple[str, bytes, dict[str, str]]:
        mode, first = self.chance.choice((BATCH, STRUCTURED, "binary")), attempts[0].event
        if mode == BATCH:
            return mode, make.batch([event for event, _ in attempts]), {"content-type": BATCH}
        if mode == STRUCTURED:
            return mode, make.encoded(first), {"content-type": STRUCTURED}
        said = {name: quote(value) for name, value in binary(first, "ce-").items()}
        return mode, make.encoded(first["data"]), said | {"content-type": "application/json"}


async def test_an_event_of_another_is_refused_on_the_topic(both: Both) -> None:
    """On ``hr.raw``, in both modes, also where another header cannot be read."""
    for one, other in both.pairs():
        sender, sent, taken = Sender(one, other), list[Sent](), 0
        for _ in range(MESSAGES):
            event, belongs = sender.attempt()
            if sender.chance.random() < 0.5:
                sent.append((b"k", make.encoded(event | {"id": f"raw-{event['id']}"}), []))
                taken += belongs
                continue
            headers = [(name, value.encode()) for name, value in binary(event, "ce_").items()]
            broken = not belongs and sender.chance.random() < 0.3
            sent.append((b"k", json.dumps(event["data"]).encode(), headers + [("ce_source", b"\xff")] * broken))
            taken += belongs
        before = await _counted(one)
        at = await send(both.kafka, one.tenant.topic(HR_RAW).name, sent)
        both.planted[one.tenant.topic(HR_RAW).name] |= at

        async def judged(one: Neighbour = one, before: Counter[str] = before) -> bool:
            return sum((await _counted(one) - before).values()) >= MESSAGES

        await until(judged, f"{one.name} has read its topic")
        assert await _counted(one) - before == Counter(accepted=taken, rejected=MESSAGES - taken)


async def _counted(one: Neighbour) -> Counter[str]:
    """Events that came by Kafka, by what became of them."""
    shown = (await one.ask("ingest", "/metrics")).text
    found = Counter[str]()
    for family in text_string_to_metric_families(shown):
        for sample in family.samples:
            if sample.name == "stadga_ingest_events_total" and sample.labels["channel"] == "kafka":
                assert sample.labels["tenant"] == one.name
                found[sample.labels["outcome"]] += int(sample.value)
    return found


async def test_a_topic_that_is_wired_wrongly_is_not_taken_in(both: Both) -> None:
    """Whatever stands on a topic of one is put onto that of the other: it is put aside, and nothing of it is kept."""
    for one, other in both.pairs():
        measure = make.event("hr.measure.reported.v1", "measure/plan/m", {"status": "done"}, tenant=other.name)
        about_measures: list[Sent] = [(b"measure/plan/m", make.encoded(measure), [])]
        put, refused = dict[Topic, int](), await _refused(one)
        for topic in (HR_EVENTS, HR_REJECTED, WORKFORCE_METRICS):
            records = await everything(both.kafka, other.tenant.topic(topic).name)
            own = [r for r in records if (r.partition, r.offset) not in both.planted[other.tenant.topic(topic).name]]
            copied: list[Sent] = [(r.key, r.value, list(r.headers)) for r in own]
            said = [(r.key, json.dumps(json.loads(r.value) | {"tenant": None}).encode(), []) for r in own[:20]]
            more = [*copied, *said, *(about_measures if topic == HR_EVENTS else [])]
            at = await send(both.kafka, one.tenant.topic(topic).name, more)
            both.planted[one.tenant.topic(topic).name] |= at
            put[topic] = len(more)
        await _put_aside(one, "metrics", put[HR_EVENTS])
        await _put_aside(one, "alerts", put[WORKFORCE_METRICS] + 1)
        assert await one.caseload() == one.figure
        assert await _refused(one) == refused


async def _refused(one: Neighbour) -> dict[str, int]:
    """What its senders are told was refused, by reason: a broken event is, so that there is something to tell."""
    assert (await one.post([make.event("hr.nothing.v1", "person/p1", source=one.name)])).status_code == 202
    counts: dict[str, int] = (await one.ask("ingest", "/v1/rejections", most="1000")).json()["counts"]
    assert counts.pop("unknown_type") >= 1
    return counts


async def _put_aside(one: Neighbour, service: str, least: int) -> None:
    async def waiting() -> list[dict[str, Any]]:
        answer = await one.ask(service, "/v1/dead-letters", reason="other_tenant", most="1000")
        letters: list[dict[str, Any]] = answer.json()["letters"]
        return letters if answer.json()["waiting"].get("other_tenant", 0) >= least else []

    letters = await until(waiting, f"{service} of {one.name} has put {least} messages aside")
    for letter in letters[:20]:
        at = letter["place"]
        shown = await one.ask(service, f"/v1/dead-letters/{at['topic']}/{at['partition']}/{at['offset']}")
        assert (shown.json()["key"], shown.json()["value"]) == (None, None)
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
        headers = {"authorization": f"Bearer {one.token}"}
        body = {"places": [letter["place"] for letter in letters[:20]]}
        answer = await client.post(f"{one.url(service)}/v1/dead-letters/retry", json=body, headers=headers)
    assert {(retried["became"], retried["error"]) for retried in answer.json()} == {("refused", "other_tenant")}


async def test_no_route_answers_whom_it_is_not_for(both: Both) -> None:
    """Every route of every service, with the right token, the other's and none, and with the other's name."""
    for one, other in both.pairs():
        chance = random.Random(SEED)  # noqa: S311 -- as above

        def topic(chance: random.Random = chance, places: tuple[Neighbour, ...] = (one, other)) -> str:
            """Also of the other."""
            return chance.choice(places).tenant.topic(chance.choice(ALL)).name

        for service in EXPECTED:
            asking = Asking(one, other, service, both.answers[one.name])
            await each(list(questions(service, chance, topic)), asking.ask)
        assert len(both.answers[one.name]) > 500


class Asking(NamedTuple):
    """A service of one, and what it answered."""

    one: Neighbour
    other: Neighbour
    service: str
    answers: list[tuple[str, bytes]]

    async def ask(self, client: httpx.AsyncClient, question: Question) -> None:
        """As its own, as the other, as nobody, and as its own that means the other."""
        method, path, asked = question
        for bearer, meant in (
            (self.one.token, ""),
            (self.other.token, ""),
            ("nobody", self.one.name),
            (self.one.token, self.other.name),
        ):
            headers = {"authorization": f"Bearer {bearer}"} | ({HEADER: meant} if meant else {})
            body = BODY if method == "POST" else None
            at = f"{self.one.url(self.service)}{path}"
            answer = await client.request(method, at, params=asked, headers=headers, json=body)
            self.answers.append((f"{method} {path} {asked}", answer.content))
            assert answer.status_code < 500 or answer.status_code in {503, 504}, (path, asked, answer.text)
            if meant == self.other.name:
                assert answer.status_code == 421, (method, path)
            elif bearer != self.one.token and not self._is_open(path):
                assert answer.status_code in TURNED_AWAY | {405, 422}, (method, path, bearer, answer.text)

    def _is_open(self, path: str) -> bool:
        routes = (route.split(" ")[1] for route, who in EXPECTED[self.service].items() if who == OPEN)
        return any(is_of(path, route) for route in routes)


async def test_nothing_of_one_is_anywhere_at_the_other(both: Both) -> None:
    """Every answer given, topic, table, mail and log is searched for the other's names, numbers and persons."""
    people = {}
    for one, _ in both.pairs():
        heard = await events_of(both, one, HR_EVENTS)
        own = [event["subject"] for event in heard if event.get("tenant") == one.name]
        people[one.name] = {subject.removeprefix("person/") for subject in own if subject.startswith("person/p_")}
    for one, other in both.pairs():
        looked = 0
        strangers = people[other.name] - people[one.name]
        assert len(strangers) == PEOPLE
        async for where, text in _all_of(both, one):
            looked += 1
            assert other.marks().found(text) == [], where
            assert not any(person.encode() in text for person in strangers), where
        assert looked > 1_000
        # and what is looked for is there to be found, at its own
        answers = b"".join(text for _, text in both.answers[one.name])
        assert len(one.marks().found(answers)) > 100
        tables = await every_row(one.database)
        assert {"metrics.parts", "metrics.units", "alerts.outbox", "alerts.plan_versions"} & {
            name for name, rows in tables.items() if one.marks().found(rows)
        }


async def _all_of(both: Both, one: Neighbour) -> AsyncIterator[tuple[str, bytes]]:
    for what, answer in both.answers[one.name]:
        yield what, answer
    for table, rows in (await every_row(one.database)).items():
        yield table, rows.encode()
    for topic in (one.tenant.topic(of).name for of in ALL):
        async for message in on_topic(both.kafka, topic, frozenset(both.planted[topic])):
            yield topic, message
    for mail in _mails(one):
        yield f"a mail, {mail['Subject']}", read(mail)
    for service, said in logs(one.stack):
        yield f"the log of {service}", said


def _again(person: str, figure: int, name: str) -> make.Event:
    return make.caseload_reported(person, "2026-04-01", figure, id=name)


async def test_a_flood_at_one_holds_up_nothing_of_the_other(both: Both) -> None:
    """One is flooded through its door and its topics, with poison too: what comes to the other becomes its value."""
    one, other = both.one, both.other
    ended, flooded = asyncio.Event(), Counter[str]()

    async def at_the_door() -> None:
        for number in itertools.count():
            if ended.is_set():
                return
            person = f"person-{number % PEOPLE}"
            many = [
                make.caseload_reported(person, "2026-04-01", one.figure, id=f"flood-{number}-{i}") for i in range(500)
            ]
            answer = await one.post(many)
            flooded["answered"] += answer.status_code in {202, 503}

    async def on_topics() -> None:
        poison: list[Sent] = [(b"person/p", b"\xff" * 2_000, [("ce_id", b"\xff")])] * 2_000
        for topic in itertools.cycle((HR_RAW, HR_EVENTS, WORKFORCE_METRICS)):
            if ended.is_set():
                return
            both.planted[one.tenant.topic(topic).name] |= await send(both.kafka, one.tenant.topic(topic).name, poison)
            flooded[topic.name] += len(poison)

    floods = [asyncio.create_task(flood) for flood in (at_the_door(), at_the_door(), on_topics())]
    try:
        await until(lambda: flooded[HR_EVENTS.name] and flooded["answered"], "the flood has begun")
        more = other.figure + PEOPLE
        told = [make.caseload_reported(f"person-{n}", TODAY, more, id=f"after-{n}") for n in range(PEOPLE)]
        assert (await other.post(told)).json()["accepted"] == PEOPLE

        async def valued() -> bool:
            return await other.caseload() == more

        await until(valued, f"{other.name} has its value beside the flood")
        assert not any(flood.done() for flood in floods)
        for service in ("ingest", "metrics", "alerts"):
            answer = await other.ask(service, "/readyz")
            assert {part["condition"] for part in answer.json()["parts"]} == {"ok"}, answer.text
    finally:
        ended.set()
        await asyncio.gather(*floods)
    assert token(one.name) != token(other.name)
