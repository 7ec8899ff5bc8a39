"""(g) ``GET /v1/series`` for ten years of months of one unit, one metric; for five years of them, all metrics."""

from datetime import date
from time import perf_counter
from typing import NamedTuple

import httpx

from benchmarks.timing import Spread, spread
from benchmarks.town import unit
from cli.local.stack import Stack

MONTHS, FIVE_YEARS, REQUESTS = 120, 60, 100
"""Of 10,000 units an answer about all metrics of ten years is refused: it would weigh 1.6 times the most."""
METRIC = "leaver_rate_own_request"


class Asked(NamedTuple):
    """How long an answer takes about one metric, and about all of them."""

    one: Spread
    all: Spread


async def measure(stack: Stack, units: int, last: date) -> Asked:
    """Ask about one unit after another, each once."""
    asked = {"to": last.isoformat(), "step": "month"}
    async with httpx.AsyncClient(base_url=stack.address("metrics"), timeout=60) as client:
        return Asked(
            await _times(client, units, {**asked, **_since(last, MONTHS), "metrics": METRIC}, MONTHS),
            await _times(client, units, {**asked, **_since(last, FIVE_YEARS)}, FIVE_YEARS),
        )


def _since(last: date, months: int) -> dict[str, str]:
    return {"from": date(last.year - months // 12, last.month, last.day).isoformat()}


async def _times(client: httpx.AsyncClient, units: int, asked: dict[str, str], months: int) -> Spread:
    times = []
    for n in range(REQUESTS):
        began = perf_counter()
        answer = await client.get("/v1/series", params={**asked, "unit": unit(n * 97 % units)})
        times.append(perf_counter() - began)
        answer.raise_for_status()
        if len(answer.json()["points"]) < months:
            raise ValueError(f"{len(answer.json()['points'])} points, not {months}")
    return spread(times)
