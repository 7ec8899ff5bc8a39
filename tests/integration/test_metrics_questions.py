"""Questions that nobody should ask, or too many at once: each is answered in words, and none with 500."""

import asyncio
import sys
from collections.abc import Iterator
from random import Random

import pytest

from tests import builders as make
from tests.integration.asking import Asking, asking

STAFF = [make.employment_started(f"p{n}", "2020-01-01", f"u{n % 20}", f"o{n % 3}") for n in range(300)]
BAD = make.employment_started("x", "2020-01-01", "u1", "*")
SEED = 6
HOSTILE = (
    "",
    "%00",
    "u1%00",
    "*",
    "**",
    "%2A%00",
    "x" * 20_000,
    "%F0%9D%95%8F",
    "%ED%A0%80",
    "%FF%FE",
    "%C3%A5",
    "%E2%80%AE",
    "-1",
    "0",
    "1e309",
    "nan",
    "inf",
    "-inf",
    "1.5",
    "9" * 400,
    "99999999999",
    "9999-12-31",
    "0001-01-01",
    "2200-12-31",
    "1900-01-01",
    "2024-02-30",
    "2024-W01-1",
    "20240101",
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00%2B23:59",
    "2024-01-01T00:00:00Z",
    "2024-01-01T00:00:00",
    "headcount",
    "headcount,",
    ",",
    ",,,",
    "gender,age",
    "gender,gender",
    "occupation",
    "unit",
    "step",
    "day",
    "null",
    "true",
    "[]",
    "%7B%7D",
    "'%20or%201=1",
    "%0A",
    "%1B[31m",
    "%D9%A1%D9%A2",
    "+1",
    "u1|o1",
)
BASES = {
    "/v1/metrics": "as_of=2024-06-30",
    "/v1/series": "step=month",
    "/v1/revisions": "metric=headcount",
    "/v1/as-known": "metric=headcount",
    "/v1/units": "",
    "/v1/reports/sickness": "year=2023",
    "/v1/reports/pay-gap": "year=2023",
    "/v1/proposals/staffing": "posts=10",
    "/readyz": "",
    "/v1/ledger": "",
    "/v1/deliveries": "",
    "/v1/anomalies": "limit=3",
}


def parameters(asked: Asking) -> dict[str, list[str]]:
    """The parameters of every route, as the service describes them."""
    paths = asked.app.openapi_schema.paths or {}
    described = {path: (item.get.parameters or [] if item.get else []) for path, item in paths.items()}
    return {path: [p.name for p in some if hasattr(p, "name")] for path, some in described.items()}


def questions(of: dict[str, list[str]]) -> Iterator[str]:
    """Each parameter with each value, alone and twice; and a thousand times several of them, drawn from a seed."""
    for path, names in of.items():
        for name in names:
            for value in HOSTILE:
                yield f"{path}?{BASES[path]}&{name}={value}"
            yield f"{path}?{name}&{name}=&{name}=*"
    drawn = Random(SEED)  # noqa: S311  (for tests, to be drawn again)
    for _ in range(1_000):
        path = drawn.choice([path for path, names in of.items() if names])
        some = drawn.sample(of[path], drawn.randint(1, len(of[path])))
        yield f"{path}?{'&'.join(f'{name}={drawn.choice(HOSTILE)}' for name in some)}"


async def test_hostile_values(postgres: str):
    """Whatever a parameter says, the answer is one of words or of numbers, also beside a cell in no sum."""
    async with asking(postgres, [*STAFF, BAD]) as asked:
        of = parameters(asked)
        assert of.keys() == BASES.keys()
        everything = list(questions(of))
        failed = []
        for n in range(0, len(everything), 20):
            some = everything[n : n + 20]
            answers = await asyncio.gather(*(asked.client.get(question) for question in some))
            failed += [(q[:200], a.status_code) for q, a in zip(some, answers, strict=True) if a.status_code >= 500]
            assert all(answer.json() is not None for answer in answers)
    assert not failed
    assert len(everything) > 2_500


async def test_the_rest_is_answered_beside_a_cell_in_no_sum(postgres: str):
    """Health of everybody and the sickness report are told as they are without it."""
    async with asking(postgres, STAFF) as asked:
        before = [(await asked.ask(path, **question)).json() for path, question in OF_HEALTH]
        await asked.ledger.take(BAD, make.employment_started("y", "2020-01-01", "*"))
        after = [(await asked.ask(path, **question)).json() for path, question in OF_HEALTH]
    for answer in (*before, *after):
        answer.pop("revision", None)
    assert after == before


OF_HEALTH = (
    ("/v1/metrics", {"unit": "*", "metrics": "sick_rate,headcount"}),
    ("/v1/series", {"unit": "*", "metrics": "sick_rate", "window": "step"}),
    ("/v1/reports/sickness", {"year": "2023"}),
)


async def test_too_many_values_are_refused_before_any_work(postgres: str, monkeypatch: pytest.MonkeyPatch):
    """What would be refused for its size is refused before facts are read."""
    async with asking(postgres, STAFF) as asked:
        await asked.ask("/v1/metrics", unit="*", metrics="headcount")
        monkeypatch.setattr("services.metrics.ledger.reading.of_cells", None)
        answer = await asked.ask("/v1/series", by="occupation", step="day", **{"from": "2023-07-01"})
        assert answer.status_code == 400
        assert "more than 25000 values" in answer.json()["detail"]


async def test_cells_that_come_while_questions_are_answered(postgres: str):
    """Threads that go through the cells do so in peace, however often they are made to switch."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        async with asking(postgres, STAFF) as asked:

            async def write() -> None:
                for n in range(40):
                    await asked.ledger.take(make.employment_started(f"n{n}", "2021-01-01", f"new{n}", f"o{n % 7}"))

            async def read() -> set[int]:
                return {
                    (await asked.ask("/v1/metrics", by="occupation", metrics="headcount,sick_rate")).status_code
                    for _ in range(12)
                }

            _, *codes = await asyncio.gather(write(), *(read() for _ in range(6)))
            last = await asked.ask("/v1/metrics", unit="*", metrics="headcount")
    finally:
        sys.setswitchinterval(usual)
    assert set[int]().union(*codes) == {200}
    assert last.json()["groups"][0]["metrics"]["headcount"]["value"] == 340
