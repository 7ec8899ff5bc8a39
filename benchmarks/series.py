"""(g) ``GET /v1/series`` for ten years of months of one unit."""

from datetime import date
from time import perf_counter
from typing import NamedTuple

import httpx

from benchmarks.timing import Spread, spread
from benchmarks.town import unit
from cli.local.stack import Stack

MONTHS, REQUESTS = 120, 100
METRIC = "leaver_rate_own_request"


class Asked(NamedTuple):
    """How long an answer takes about one metric, and about all of them."""

    one: Spread
    all: Spread


async def measure(stack: Stack, units: int, last: date) -> Asked:
    """Ask about one unit after another, each once."""
    span = {"from": date(last.year - MONTHS // 12, last.month, last.day).isoformat(), "to": last.isoformat()}
    async with httpx.AsyncClient(base_url=stack.address("metrics"), timeout=60) as client:
        return Asked(
            await _times(client, units, {**span, "step": "month", "metrics": METRIC}),
            await _times(client, units, {**span, "step": "month"}),
        )


async def _times(client: httpx.AsyncClient, units: int, asked: dict[str, str]) -> Spread:
    times = []
    for n in range(REQUESTS):
        began = perf_counter()
        answer = await client.get("/v1/series", params={**asked, "unit": unit(n * 97 % units)})
        times.append(perf_counter() - began)
        answer.raise_for_status()
        if len(answer.json()["points"]) < MONTHS:
            raise ValueError(f"{len(answer.json()['points'])} points, not {MONTHS}")
    return spread(times)
