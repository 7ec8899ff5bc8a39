"""(e) A full midnight evaluation: a new board from all facts, and every value published."""

import asyncio
import contextlib
from time import time
from typing import NamedTuple

from benchmarks.rig import figure, peak_memory
from cli.stack import Stack, StackError

LOOKED = "stadga_metrics_last_evaluation_timestamp_seconds"
STARTED = "process_start_time_seconds"
EVALUATING = "stadga_metrics_evaluation_seconds_sum"
PUBLISHED = "stadga_metrics_published_total"
POLL_SECONDS = 2.0
PATIENCE_SECONDS = 3_600


class Midnight(NamedTuple):
    """Seconds from the start of the process to the last value published, of them those of valuing and publishing;
    groups published, on every day; peak memory in MiB."""

    seconds: float
    publishing: float
    published: int
    memory: float


async def evaluate(stack: Stack) -> Midnight:
    """Start the metrics process on a full ledger: it does what it does when the day changes, and no more."""
    with contextlib.suppress(StackError):  # it answers once it has evaluated, perhaps later than a part is waited for
        await stack.start(["metrics"])
    deadline = time() + PATIENCE_SECONDS
    while not (looked := await figure(stack, LOOKED)):
        if time() > deadline:
            raise TimeoutError(f"no evaluation within {PATIENCE_SECONDS} s")
        await asyncio.sleep(POLL_SECONDS)
    seconds = looked - await figure(stack, STARTED)
    publishing, published = await figure(stack, EVALUATING), await figure(stack, PUBLISHED)
    return Midnight(seconds, publishing, round(published), peak_memory(stack, "metrics"))
