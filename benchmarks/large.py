"""What a large municipality asks for: (e) midnight, (f) changes in many units, (g) series, (h) scrapes."""

import asyncio
import contextlib
from datetime import date
from time import time
from typing import NamedTuple

from benchmarks import changes, midnight, scrape, series
from benchmarks.midnight import Midnight
from benchmarks.rig import figure, rig
from benchmarks.scrape import Scraped
from benchmarks.series import Asked
from benchmarks.town import Town, settle
from cli.local.stack import Stack, StackError

TOWN = Town(units=10_000, people=100_000, years=10, last=date(2025, 12, 30))
"""The day after is one of the same month: with another month the book is made anew."""
HALF = TOWN._replace(years=5)
CHANGED, TURNS = 1_000, 5
LOOKED = "stadga_metrics_last_evaluation_timestamp_seconds"
POLL_SECONDS, PATIENCE_SECONDS = 2.0, 3_600


class Large(NamedTuple):
    """All that is measured on one full ledger; ``changed`` is the slowest of some turns, in seconds."""

    midnight: Midnight
    changed: float
    asked: Asked
    scraped: Scraped


async def measure(town: Town) -> Large:
    """Midnight first, then what the day brings."""
    async with rig(STADGA_TODAY=town.last.isoformat()) as stack:
        await settle(stack, town)
        evaluated = await midnight.evaluate(stack, town.last)
        await evaluating(stack)
        units = min(CHANGED, town.units)
        changed = [await changes.spread(stack, units, town.last, turn) for turn in range(TURNS)]
        asked = await series.measure(stack, town.units, town.last)
        return Large(evaluated, max(changed), asked, await scrape.measure(stack, town.last))


async def midnight_of(town: Town) -> Midnight:
    """Midnight alone, on a stack of its own."""
    async with rig(STADGA_TODAY=town.last.isoformat()) as stack:
        await settle(stack, town)
        return await midnight.evaluate(stack, town.last)


async def evaluating(stack: Stack) -> None:
    """Start the metrics process and wait until it has evaluated: it answers from then on."""
    with contextlib.suppress(StackError):  # that may take longer than a part is waited for
        await stack.start(["metrics"])
    deadline = time() + PATIENCE_SECONDS
    while not await figure(stack, LOOKED):
        if time() > deadline:
            raise TimeoutError(f"no evaluation within {PATIENCE_SECONDS} s")
        await asyncio.sleep(POLL_SECONDS)
