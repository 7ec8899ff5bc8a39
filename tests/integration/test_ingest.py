"""Ingest over HTTP and Kafka: what becomes of good and bad input."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import msgspec
import pytest

from cli.commands.import_ import MAPPINGS
from cli.local.stack import Stack
from shared.contracts import envelope
from shared.contracts.envelope import BATCH, STRUCTURED
from shared.contracts.topics import HR_EVENTS
from tests import builders as make
from tests.conftest import here
from tests.integration.ingesting import (
    OTHER_TOKEN,
    TOKEN,
    Headers,
    Ingest,
    everything,
    produce,
    pseudonym,
    settings,
    stadga,
)
from tests.polling import PATIENCE, until

NUMBER = "198112189876"
PERSON = f"person/{pseudonym(NUMBER, 2024)}"
_numbers = itertools.count()


@pytest.fixture(scope="module")
async def running(kafka_with_topics: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """An ingest on the module's broker."""
    folder = tmp_path_factory.mktemp("ingest")
    stack = Stack(folder, here(KAFKA_BOOTSTRAP_SERVERS=kafka_with_topics) | settings(folder), leashed=True)
    await stack.start(["kafka", "ingest"])
    yield stack
    await stack.stop()


@pytest.fixture(scope="module")
def ingest(running: Stack) -> Ingest:
    """Where it answers."""
    return Ingest(running.address("ingest"), running.kafka_bootstrap_servers)


def started(**fields: object) -> make.Event:
    """An event with an id of its own, about the person of NUMBER."""
    return make.employment_started(NUMBER, "2024-01-01", id=f"event-{next(_numbers)}", **fields)


async def test_an_event_is_published_under_its_pseudonym(ingest: Ingest):
    """202, and on hr.events the event with the person replaced."""
    event = started(manager="19811218-9876", employment=NUMBER)
    answer = await ingest.post(make.encoded(event))
    nothing = {"rejected": [], "duplicates": [], "warnings": []}
    assert (answer.status_code, answer.json()) == (202, {"accepted": 1, **nothing})
    published = (await ingest.published([event["id"]]))[event["id"]]
    assert published.subject == PERSON
    assert bytes(published.data).count(PERSON.removeprefix("person/").encode()) == 2


async def test_binary_mode_says_the_same(ingest: Ingest):
    """Attributes in ce- headers, data in the body."""
    event = started()
    headers = {f"ce_{name}": value for name, value in event.items() if name != "data"}
    answer = await ingest.post(make.encoded(event["data"]), "application/json", **headers)
    assert answer.status_code == 202, answer.text
    assert (await ingest.published([event["id"]]))[event["id"]].subject == PERSON


async def test_a_bad_event_of_a_batch_keeps_no_neighbour_back(ingest: Ingest):
    """The others are accepted; the bad ones are told by index, id, reason and path."""
    first, bad, last = started(), started(fte=2, gender="q"), started()
    answer = await ingest.post_batch([first, bad, {"id": "x"}, last])
    assert answer.status_code == 202
    receipt = answer.json()
    assert receipt["accepted"] == 2
    assert [(r["index"], r["id"], r["reason"], r["path"]) for r in receipt["rejected"]] == [
        (1, bad["id"], "invalid_value", "$.data.fte"),
        (2, "x", "missing_field", "$.specversion"),
    ]
    assert len(await ingest.published([first["id"], last["id"]])) == 2
    kept = await ingest.rejected(make.encoded(bad))
    assert (kept.source, [fault.path for fault in kept.faults]) == (make.SOURCE, ["$.data.fte", "$.data.gender"])
    assert msgspec.json.decode(msgspec.json.encode(kept.faults)) == receipt["rejected"][0]["faults"]


BODIES = [
    (b"not JSON", STRUCTURED, 400, "not_json", "$"),
    (b'{"id": "\xe5"}', STRUCTURED, 400, "not_utf8", "$"),
    (b"", STRUCTURED, 400, "empty_message", "$"),
    (b'{"a":' * 50_000, STRUCTURED, 400, "too_deep", "$"),
    (b'["one", ', BATCH, 400, "not_json", "$"),
    (b'{"one": 1}', BATCH, 422, "wrong_type", "$"),
    (b"x" * 2_000_000, STRUCTURED, 413, "too_large", "$"),
    (b"y" * 11_000_000, BATCH, 413, "too_large", "$"),
    (b"<event/>", "text/xml", 415, "wrong_content_type", "$"),
    (make.encoded(make.unit_defined("plain")), "application/json", 415, "wrong_content_type", "$"),
    (make.encoded(make.unit_defined("u1", level=7)), STRUCTURED, 422, "wrong_type", "$.data.level"),
    (make.encoded(make.event("hr.unit.moved.v1", "unit/u1", {})), STRUCTURED, 422, "unknown_type", "$.type"),
    (make.encoded(make.event("hr.unit.closed.v1", "unit/u1", {})), STRUCTURED, 422, "missing_field", "$.data.last_day"),
    (make.encoded(make.unit_closed("u1", "9999-12-31")), STRUCTURED, 422, "date_out_of_range", "$.time"),
    (
        make.encoded(make.unit_defined("u1", note="811218-9876")),
        STRUCTURED,
        422,
        "personal_identity_number",
        "$.data",
    ),
]


@pytest.mark.parametrize(("body", "kind", "status", "reason", "path"), BODIES, ids=lambda value: str(value)[:24])
async def test_bad_input_over_http(ingest: Ingest, body: bytes, kind: str, status: int, reason: str, path: str):
    """Answered with the reason and the path, recorded with the bytes, and counted."""
    before = await ingest.counted("stadga_ingest_rejected_total", reason=reason)
    answer = await ingest.post(body, kind)
    assert (answer.status_code, answer.json()["reason"], answer.json()["path"]) == (status, reason, path)
    kept = await (ingest.rejected(body[:700_000]) if body else ingest.empty("http"))
    assert (kept.reason, kept.path, kept.channel) == (reason, path, "http")
    assert await ingest.counted("stadga_ingest_rejected_total", reason=reason) == before + 1


@pytest.mark.parametrize(
    ("authorization", "reason"),
    [("", "no_token"), ("Basic bG9jYWw6", "no_token"), ("Bearer nobody", "wrong_token")],
)
async def test_without_the_right_token(ingest: Ingest, authorization: str, reason: str):
    """401 with a challenge; nothing is read, the attempt is counted."""
    before = await ingest.counted("stadga_ingest_rejected_total", reason=reason)
    answer = await ingest.post(make.encoded(started()), authorization=authorization)
    assert (answer.status_code, answer.json()["reason"]) == (401, reason)
    assert answer.headers["www-authenticate"] == "Bearer"
    assert await ingest.counted("stadga_ingest_rejected_total", reason=reason) == before + 1


async def test_a_token_publishes_its_own_source_only(ingest: Ingest):
    """403 for one event; in a batch the source's own events go through."""
    alone = await ingest.post(make.encoded(started()), token=OTHER_TOKEN)
    assert (alone.status_code, alone.json()["reason"]) == (403, "source_not_allowed")
    own = started(source="other-system")
    batch = (await ingest.post_batch([started(), own], OTHER_TOKEN)).json()
    assert (batch["accepted"], [r["index"] for r in batch["rejected"]]) == (1, [0])
    assert await ingest.published([own["id"]])


async def test_a_sender_sees_what_was_refused_of_its_own(ingest: Ingest):
    """Why, where and when; whoever claims another's source sees nothing of it, and nobody sees what an event said."""
    private = "of nobody's business"
    bad = {"level": "x", "unit": private}
    assert (await ingest.post(make.encoded(started(fte=7, unit=private)))).status_code == 422
    await ingest.post(make.encoded(started(**bad)), token=OTHER_TOKEN)
    await produce(ingest.kafka, [(make.encoded(started(fte="y", unit=private)), ())])

    async def seen(token: str, **asked: str) -> list[tuple[str, str, str]]:
        answer = await ingest.ask("/v1/rejections", token, **asked)
        assert answer.status_code == 200, answer.text
        assert private not in answer.text
        assert "original" not in answer.text
        found = answer.json()
        assert sum(found["counts"].values()) >= len(found["rejections"])
        times = [one["received"] for one in found["rejections"]]
        assert times == sorted(times, reverse=True)
        return [(one["channel"], one["reason"], one["path"]) for one in found["rejections"]]

    async def both() -> bool:
        found = await seen(TOKEN)
        return ("http", "invalid_value", "$.data.fte") in found and ("kafka", "wrong_type", "$.data.fte") in found

    await until(both, "what came by Kafka is told its source")
    assert ("http", "source_not_allowed", "$.source") not in await seen(TOKEN)
    assert ("http", "source_not_allowed", "$.source") in await seen(OTHER_TOKEN)
    assert {reason for _, reason, _ in await seen(TOKEN, reason="wrong_type")} == {"wrong_type"}
    assert len(await seen(TOKEN, most="1")) == 1
    assert (await ingest.ask("/v1/rejections", "nobody")).status_code == 401
    assert (await ingest.ask("/v1/rejections", TOKEN, reason="oddness")).status_code == 400


async def test_a_dry_run_leaves_no_trace(ingest: Ingest):
    """Neither on a topic nor in a count."""
    good, bad = started(), started(fte=7)
    before = await ingest.counted("stadga_ingest_events_total", channel="http")
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
        headers = {"authorization": f"Bearer {TOKEN}", "content-type": BATCH}
        url = f"{ingest.url}/v1/events?dry_run=true"
        answer = await client.post(url, content=make.batch([good, bad]), headers=headers)
    told = answer.json()
    assert (answer.status_code, told["dry_run"], told["accepted"], len(told["rejected"])) == (200, True, 1, 1)
    assert await ingest.counted("stadga_ingest_events_total", channel="http") == before
    after = started()
    await ingest.post(make.encoded(after))
    await ingest.published([after["id"]])
    ids = {envelope.decode(record.value).id for record in await everything(ingest.kafka, HR_EVENTS)}
    assert after["id"] in ids
    assert good["id"] not in ids


def raw(event: make.Event) -> tuple[bytes, Headers]:
    """A structured message without headers."""
    return make.encoded(event), ()


MESSAGES: list[tuple[bytes | None, Headers, str]] = [
    (b"not JSON either", (), "not_json"),
    (b'{"id": "\xe4"}', (), "not_utf8"),
    (None, (), "empty_message"),
    (b"\x00\x00\x00\x00\x07avro", [("content-type", b"application/avro")], "wrong_content_type"),
    (b'{"effective":', [("ce_id", b"1"), ("ce_type", b"hr.unit.closed.v1")], "missing_field"),
    (make.encoded(make.unit_defined("u2", level=8)), (), "wrong_type"),
    (make.encoded(make.unit_defined("u2", note="19811218-9876")), (), "personal_identity_number"),
    (b"z" * 1_010_000, (), "too_large"),
]


@pytest.mark.parametrize(("body", "headers", "reason"), MESSAGES, ids=lambda value: str(value)[:24])
async def test_bad_input_over_kafka(ingest: Ingest, body: bytes | None, headers: Headers, reason: str):
    """Recorded with the reason and the bytes; the messages before and after it in its partition go through."""
    before = await ingest.counted("stadga_ingest_rejected_total", reason=reason)
    first, last = started(), started()
    await produce(ingest.kafka, [raw(first), (body, headers), raw(last)])
    assert len(await ingest.published([first["id"], last["id"]])) == 2
    kept = await (ingest.rejected(body[:700_000]) if body else ingest.empty("kafka"))
    assert (kept.reason, kept.channel) == (reason, "kafka")
    assert await ingest.counted("stadga_ingest_rejected_total", reason=reason) == before + 1


async def test_binary_mode_over_kafka(ingest: Ingest):
    """Attributes in ce_ headers."""
    event = started()
    headers = [(f"ce_{name}", value.encode()) for name, value in event.items() if name != "data"]
    await produce(ingest.kafka, [(make.encoded(event["data"]), headers)])
    assert (await ingest.published([event["id"]]))[event["id"]].subject == PERSON


async def test_what_was_taken_is_committed(ingest: Ingest):
    """The lag of hr.raw returns to zero."""
    event = started()
    await produce(ingest.kafka, [raw(event)])
    await ingest.published([event["id"]])

    async def caught_up() -> bool:
        return await ingest.counted("stadga_consumer_lag_messages", topic="hr.raw") == 0

    await until(caught_up, "no lag")


async def test_events_of_a_subject_share_a_partition(ingest: Ingest):
    """However they came, and however the person was written."""
    over_http, over_kafka = started(), make.employment_started("811218-9876", "2024-01-01", id="event-kafka")
    await ingest.post(make.encoded(over_http))
    await produce(ingest.kafka, [raw(over_kafka)], partition=5)
    await ingest.published([over_http["id"], over_kafka["id"]])
    records = await everything(ingest.kafka, HR_EVENTS)
    assert len({record.partition for record in records if record.key == PERSON.encode()}) == 1


async def test_no_identity_number_passes_or_is_logged(ingest: Ingest, running: Stack):
    """Neither hr.events nor the log ever holds one."""
    await ingest.post(make.encoded(started(manager="811218-9876", unit="811218-9876")))
    await ingest.post(make.encoded(started(manager="811218-9876")))
    records = await everything(ingest.kafka, HR_EVENTS)
    log = running.log("ingest").read_bytes()
    texts = [log, *(record.key + record.value for record in records)]
    assert not [text for text in texts if b"8112189876" in text or b"811218-9876" in text]


async def test_requests_side_by_side_are_each_answered(ingest: Ingest):
    """Good and bad ones at once, each with its own answer."""
    events = [started(fte=2 if i % 3 == 0 else 1) for i in range(30)]
    answers = await asyncio.gather(*(ingest.post(make.encoded(event)) for event in events))
    assert [a.status_code for a in answers] == [422 if i % 3 == 0 else 202 for i in range(30)]


async def test_a_file_is_published_line_by_line(ingest: Ingest, tmp_path: Path):
    """`stadga publish` tells the faulty lines, publishes the others, and may be repeated."""
    file = tmp_path / "log.jsonl"
    good = [started(), started()]
    lines = [make.encoded(good[0]), b"nonsense", make.encoded(started(fte=2)), make.encoded(good[1])]
    file.write_bytes(b"\xef\xbb\xbf" + b"\n".join(lines))
    for _ in range(2):
        how = ("--url", ingest.url, "--token", TOKEN, "--language", "en")
        code, out, err = await stadga("publish", str(file), *how)
        assert (code, out) == (1, "accepted 2, rejected 2 (1 invalid_value, 1 not_json)\n")
        assert f"{file}:2: not_json at $: " in err
        assert f"{file}:3: invalid_value at $.data.fte: " in err
    assert len(await ingest.published(event["id"] for event in good)) == 2


async def test_a_wrong_token_stops_publishing(ingest: Ingest, tmp_path: Path):
    """Exit code 2 and what ingest said."""
    file = tmp_path / "log.jsonl"
    file.write_bytes(make.lines([started()]))
    code, _, err = await stadga("publish", str(file), "--url", ingest.url, "--token", "nobody", "--language", "en")
    assert code == 2
    assert "401 this token is not known; 0 events were published before" in err


async def test_an_import_is_published(ingest: Ingest, tmp_path: Path):
    """`stadga import` sends what it understood the way `stadga publish` does."""
    row = "1;anna;u1;Socialsekreterare;Tillsvidare;100;2024-01-01"
    file, mapping = tmp_path / "staff.csv", tmp_path / "mapping.yaml"
    header = "Anställningsnr;Personnr;Org.enhet;Befattning;Anställningsform;Sysselsättningsgrad;Från"
    file.write_text(f"{header}\n{row}\n", encoding="iso-8859-1")
    ready = (MAPPINGS / "anstallningar.yaml").read_text("utf-8")
    mapping.write_text(ready.replace("source: personalsystem", f"source: {make.SOURCE}"), "utf-8")
    to = ("--publish", "--url", ingest.url, "--token", TOKEN, "--language", "en")
    how = ("--mapping", str(mapping), "--as-of", "2024-02-01", *to)
    code, out, _ = await stadga("import", "employments", str(file), *how)
    assert (code, out) == (0, "accepted 2, rejected 0\n")
