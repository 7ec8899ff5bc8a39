"""What source systems hand over, and when: single events, small batches, nightly files, and a peak at a month's end."""

import math
import random
from collections.abc import Iterator
from itertools import islice
from typing import Literal, NamedTuple

import numpy as np

from services.ingest.api.batch import EVENTS as MOST
from shared.contracts.envelope import CloudEvent

Way = Literal["single", "batch", "file", "topic"]

SHARES: dict[Way, float] = {"single": 0.095, "batch": 0.285, "file": 0.57, "topic": 0.05}
"""Of the events. All but those of the topic come over HTTP."""
SMALL = (5, 50)
"""Events of a small batch, at least and at most."""
FILE = 110
"""Events of the median file: a municipality of a thousand hands over 114 a night."""
SPREAD = 1.3
"""Of the logarithm of the size of a file: the mean is 260 events, one file of a hundred has more than 2,300."""
MEANS: dict[Way, float] = {"single": 1, "batch": sum(SMALL) / 2, "file": 260, "topic": sum(SMALL) / 2}
PEAK = (0.6, 0.7)
"""From where to where of the run the month ends: twice as much is handed over as before and after."""


class Request(NamedTuple):
    """When it is due, in seconds from the start; how it is sent; and what."""

    due: float
    way: Way
    events: tuple[CloudEvent, ...]


def handed_over(log: Iterator[CloudEvent], count: int, seconds: float, seed: int) -> Iterator[Request]:
    """The next ``count`` events of a log, over so many seconds; holds no more than one request."""
    chance, sent = random.Random(seed), 0  # noqa: S311  (a seed makes the same load each time)
    odds = [SHARES[way] / MEANS[way] for way in SHARES]
    while sent < count:
        way = chance.choices(tuple(SHARES), odds)[0]
        events = tuple(islice(log, min(_size(way, chance), count - sent)))
        if not events:
            return
        yield Request(moment(sent / count) * seconds, way, events)
        sent += len(events)


def moment(share: float) -> float:
    """At what share of the time so much of all has been handed over."""
    first, last = PEAK
    pace = 1 / (1 + last - first)
    return float(np.interp(share, [0, first * pace, (2 * last - first) * pace, 1], [0, first, last, 1]))


def _size(way: Way, chance: random.Random) -> int:
    if way == "single":
        return 1
    if way == "file":
        return min(MOST, max(SMALL[1] + 1, int(chance.lognormvariate(math.log(FILE), SPREAD))))
    return chance.randint(*SMALL)
