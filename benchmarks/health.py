"""(k) How long a question about health takes: of months whose sums are at hand, and of older ones, from facts.

Of the demo's municipality over three years, by one who asks one question after another.
"""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import chain, product
from time import perf_counter
from typing import NamedTuple

import httpx

from benchmarks.rig import put, rig
from benchmarks.timing import Spread, spread
from cli.simulation.log import simulate

LAST = date(2025, 12, 31)
FIRST = LAST - timedelta(days=3 * 365)
PEOPLE, UNITS = 1_200, 40

Question = dict[str, str]


class Asked(NamedTuple):
    """Of as many questions, in turn with one another."""

    questions: int
    from_sums: Spread
    from_facts: Spread


def questions(year: int, months: range) -> list[Question]:
    """About the twelve months that ended before the middle of each month."""
    about = product(
        months,
        ("sick_rate", "overtime_share"),
        ("occupation", "gender", "age"),
        ("*", "ifo", "alf", "ifo-bou", "ifo-vux"),
    )
    return [
        {"as_of": f"{year}-{month:02}-15", "metrics": metric, "by": by, "unit": unit}
        for month, metric, by, unit in about
    ]


AT_HAND, OLDER = questions(2025, range(3, 13)), questions(2024, range(1, 11))
"""Twelve months of the last 25 that have passed, and twelve of which the first is older."""


async def measure() -> Asked:
    """Each question once, after one of its kind that decides the months."""
    async with rig(STADGA_TODAY=LAST.isoformat(), STADGA_HEALTH_SETTLE_SECONDS="2") as stack:
        await put(stack, simulate(1, PEOPLE, UNITS, first=FIRST, last=LAST, hostility=0.1, troubled="auto"))
        await stack.start(("metrics",))
        async with httpx.AsyncClient(base_url=stack.address("metrics"), timeout=60) as client:
            while (await _ask(client, AT_HAND[0]))[1] != "final":
                await asyncio.sleep(1)
            in_turn = list(zip(AT_HAND, OLDER, strict=True))
            for question in chain(*in_turn):
                await _ask(client, {**question, "metrics": "short_spell_rate"})
            sums, facts = zip(*[await _both(client, pair) for pair in in_turn], strict=True)
    return Asked(len(in_turn), spread(list(sums)), spread(list(facts)))


async def _both(client: httpx.AsyncClient, pair: Sequence[Question]) -> list[float]:
    return [(await _ask(client, question))[0] for question in pair]


async def _ask(client: httpx.AsyncClient, question: Question) -> tuple[float, str]:
    """How long an answer takes, and the status of its first value."""
    began = perf_counter()
    answer = await client.get("/v1/metrics", params=question)
    seconds = perf_counter() - began
    answer.raise_for_status()
    groups = answer.json()["groups"]
    return seconds, groups[0]["metrics"][question["metrics"]]["status"] if groups else ""
