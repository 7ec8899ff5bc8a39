"""Requests that take too much: one sender cannot keep the others out."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest

from services.ingest import pace
from services.ingest.api import body
from services.ingest.api.answers import LISTED, Answer, Receipt
from services.ingest.api.batch import EVENTS
from services.ingest.api.body import IncompleteError, limited
from services.ingest.api.receiver import Receiver
from services.ingest.api.turns import BATCHES, BATCHES_OF_A_TOKEN
from services.ingest.domain.outcome import Refused
from shared.contracts.envelope import BATCH, STRUCTURED
from tests import builders as make
from tests.polling import until
from tests.unit.ingest.asking import Kept, client, receiver

HEADERS = {"authorization": "Bearer local", "content-type": BATCH}


async def whole(content: bytes) -> AsyncIterator[bytes]:
    """A body that comes at once."""
    yield content


class Half:
    """A body of which the rest does not come."""

    def __init__(self) -> None:
        """Nobody has read of it yet."""
        self.read = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The first byte, and nothing more."""
        self.read = True
        yield b"["
        await asyncio.Event().wait()


def half_sent(to: Receiver, count: int, token: str) -> tuple[list[Half], list[asyncio.Task[Answer]]]:
    """Requests that do not end."""
    bodies = [Half() for _ in range(count)]
    headers = HEADERS | {"authorization": f"Bearer {token}"}
    return bodies, [asyncio.create_task(to.answer(headers, aiter(half))) for half in bodies]


async def test_half_sent_batches_take_nobodys_turn():
    """Many times as many as are judged at once, of one token: another token's batch is answered."""
    answering = receiver(Kept())
    bodies, tasks = half_sent(answering, BATCHES * 4, "another")
    await until(lambda: sum(half.read for half in bodies) == BATCHES_OF_A_TOKEN, "some of them are read")
    events = [make.unit_defined("u1")]
    async with asyncio.timeout(60):
        answer = await answering.answer(HEADERS, whole(make.batch(events)))
    assert answer.status_code == 202
    assert sum(half.read for half in bodies) == BATCHES_OF_A_TOKEN
    for task in tasks:
        task.cancel()


async def test_a_body_that_does_not_come_is_answered(monkeypatch: pytest.MonkeyPatch):
    """408 once its time is over, and its place is free for the next of the same token."""
    monkeypatch.setattr(body.limited, "__defaults__", (0.01,))
    answering = receiver(Kept())
    _, tasks = half_sent(answering, BATCHES_OF_A_TOKEN * 2, "local")
    assert [answer.status_code for answer in await asyncio.gather(*tasks)] == [408] * len(tasks)


async def test_a_body_has_a_time():
    """However slowly it trickles."""

    async def trickling() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0)

    with pytest.raises(IncompleteError):
        await limited(trickling(), 1 << 20, 0.01)


async def test_a_million_ones():
    """Refused whole, with one record."""
    kept = Kept()
    answer = await receiver(kept).answer(HEADERS, whole(b"[" + b",".join([b"1"] * 1_000_000) + b"]"))
    assert (answer.status_code, len(kept.outcomes)) == (413, 1)


async def test_the_largest_batch():
    """Ten thousand events are accepted."""
    events = [make.unit_defined(f"u{i}") for i in range(EVENTS)]
    answer = await receiver(Kept()).answer(HEADERS, whole(make.batch(events)))
    assert (answer.status_code, answer.content) == (
        202,
        Receipt(accepted=EVENTS, rejected=[], duplicates=[], warnings=[]),
    )


async def test_an_answer_lists_no_more_than_its_bound():
    """The rest are counted; each is recorded."""
    kept = Kept()
    answer = await receiver(kept).answer(HEADERS, whole(b"[" + b",".join([b"1"] * EVENTS) + b"]"))
    assert isinstance(answer.content, Receipt)
    assert (len(answer.content.rejected), answer.content.unlisted) == (LISTED, EVENTS - LISTED)
    assert len(kept.outcomes) == EVENTS


@pytest.mark.parametrize("encoding", ["gzip", "br", "x-unknown", "identity, gzip", "GZIP"])
async def test_what_is_packed_is_not_unpacked(encoding: str):
    """415 before a byte is read."""
    half = Half()
    answer = await receiver(Kept()).answer(HEADERS | {"content-encoding": encoding}, aiter(half))
    assert (answer.status_code, half.read) == (415, False)


@pytest.mark.parametrize("id_", ["19811218-9876", "x" * 501])
async def test_an_id_that_may_name_a_person_is_not_sent_back(id_: str):
    """The index tells which event it was."""
    kept = Kept()
    async with client(kept) as http:
        event = make.encoded(make.unit_defined("u1", id=id_, level="x"))
        answer = await http.post("/v1/events", content=event, headers=HEADERS | {"content-type": STRUCTURED})
    assert answer.status_code == 422
    assert "id" not in answer.json()
    assert isinstance(kept.outcomes[0], Refused)


async def test_single_events_let_others_in(monkeypatch: pytest.MonkeyPatch):
    """However many come at once: between any two that take a turn, whoever else is ready goes on."""
    monkeypatch.setattr(pace, "TURN", 0)
    judged: list[str] = []
    seen: list[int] = []

    async def other() -> None:
        while True:
            seen.append(len(judged))
            await asyncio.sleep(0)

    def told(ref: str, _year: int) -> str:
        judged.append(ref)
        return "p_x"

    answering = receiver(Kept(), told)
    single = HEADERS | {"content-type": STRUCTURED}
    bodies = [make.encoded(make.absence_ended(f"a{i}", "1", "2024-01-01")) for i in range(50)]
    task = asyncio.create_task(other())
    answers = await asyncio.gather(*(answering.answer(single, whole(body)) for body in bodies))
    task.cancel()
    assert {answer.status_code for answer in answers} == {202}
    assert max(after - before for before, after in pairwise(seen)) == 1
