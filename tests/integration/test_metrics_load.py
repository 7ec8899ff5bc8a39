"""Fifty clients ask the dearest question of each route at once: nobody else waits for them, and evaluation goes on."""

import asyncio
import contextlib
from collections import Counter

import httpx
import pytest

from tests import builders as make
from tests.integration.asking import Asking, asking
from tests.integration.evaluating import Day, evaluating
from tests.polling import until

STAFF = [
    make.employment_started(f"p{n}", "2020-01-01", f"u{n % 40}", f"o{n % 3}", gender="fmx"[n % 3], born=1950 + n % 50)
    for n in range(3_000)
] + [make.caseload_reported("p0", "2024-06-01", 12, points=150)]
DEAREST = (
    (
        "/v1/series",
        {
            "by": "gender",
            "step": "month",
            "from": "1995-06-01",
            "metrics": "sick_rate",
        },
    ),
    ("/v1/metrics", {"by": "occupation", "known_at": "2100-01-01T00:00:00Z"}),
    ("/v1/revisions", {"metric": "headcount", "from": "2024-04-01"}),
    ("/v1/reports/sickness", {"year": "2023"}),
    ("/v1/proposals/staffing", {"posts": "1000"}),
)
CLIENTS = 50


async def crowd(asked: Asking) -> Counter[int]:
    """Fifty clients ask each of the dearest questions; the answers by their code."""
    answers = await asyncio.gather(*(asked.ask(path, **question) for path, question in DEAREST for _ in range(CLIENTS)))
    for answer in answers:
        if answer.status_code != httpx.codes.OK:
            assert answer.json()["detail"]
    return Counter(answer.status_code for answer in answers)


async def test_each_of_the_dearest_is_answered(postgres: str):
    """Alone, none of the questions of the crowd is refused."""
    async with asking(postgres, STAFF) as asked:
        answers = {path: (await asked.ask(path, **question)).status_code for path, question in DEAREST}
    assert answers == dict.fromkeys(answers, 200)


async def test_a_crowd(kafka_with_topics: str, postgres: str, monkeypatch: pytest.MonkeyPatch):
    """Meanwhile cheap questions and health are answered, and who joins is published; afterwards all is as before."""
    async with (
        evaluating(kafka_with_topics, postgres, Day(), STAFF) as running,
        asking(postgres) as asked,
    ):
        everybody = 'stadga_headcount_people{unit="*",occupation="*"}'
        await until(lambda: running.shows(everybody, "3000.0"), "all people")
        await asked.ask("/v1/metrics", unit="u1")
        monkeypatch.setattr("services.metrics.answers.api.desk.CHEAP", 1_000)
        crowded = asyncio.ensure_future(crowd(asked))
        for n in range(10):
            await running.ledger.take(make.employment_started(f"late{n}", "2021-01-01", "u1", "o1"))
            answers = [await asked.ask("/healthz"), await asked.ask("/v1/metrics", unit="u1", metrics="headcount")]
            assert [answer.status_code for answer in answers] == [200, 200]
            assert n or not crowded.done()
            await until(lambda n=n: running.shows(everybody, f"{3_001.0 + n}"), "who joined")
        crowded.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            codes = await crowded
            assert codes.keys() <= {200, 503, 504}, codes
        assert (await asked.ask("/v1/metrics", unit="*", metrics="sick_rate")).status_code == 200


async def test_a_question_that_is_given_up(postgres: str):
    """Whoever goes away leaves no statement behind, and the next one gets the turn."""
    path, question = DEAREST[0]
    async with asking(postgres, STAFF) as asked:
        for _ in range(3):
            gone = asyncio.ensure_future(asked.ask(path, **question))
            await asyncio.sleep(0.3)
            gone.cancel()
        answer = await asked.ask("/v1/metrics", unit="*", by="gender", known_at="2100-01-01T00:00:00Z")
    assert answer.status_code == 200


async def test_what_costs_too_much(postgres: str, monkeypatch: pytest.MonkeyPatch):
    """A question that would take minutes is refused in words before facts are read."""
    async with asking(postgres, STAFF) as asked:
        await asked.ask("/v1/metrics", unit="u1")
        asked.register.cells = dict(enumerate(list(asked.register.cells.values()) * 400))
        monkeypatch.setattr("services.metrics.ledger.reading.of_cells", None)
        answer = await asked.ask("/v1/series", by="gender", **{"from": "1995-07-01"}, metrics="sick_rate")
    assert answer.status_code == 400
    assert "ask for fewer days" in answer.json()["detail"]
