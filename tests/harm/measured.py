"""All that was measured of a load."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from tests.harm.probes import STAGES, Seen, Stage
from tests.harm.sender import Answered, Sender
from tests.harm.town import Sample
from tests.harm.verdict import Point, Span


class Outage(NamedTuple):
    """A part that was taken away: when, when it was there again, and when all that waited was taken in."""

    part: str
    began: float
    back: float
    over: float


class Measured(NamedTuple):
    """Seconds of the run and when it began (``time.monotonic``); what was sent; how everything looked meanwhile.

    ``faults`` are things that may not be; ``lost``, messages without an outcome; ``sizes``, MiB of topics and tables;
    ``differ``, units with wrong facts.
    """

    seconds: float
    began: float
    sender: Sender
    samples: Sequence[Sample]
    outages: Sequence[Outage]
    questions: Mapping[str, Sequence[Answered]]
    otherwise: Counter[str]
    probes: Mapping[str, Seen]
    mails: Mapping[str, int]
    faults: Sequence[str]
    lost: Sequence[str]
    sizes: Mapping[str, float]
    differ: Sequence[str]

    @property
    def away(self) -> list[Span]:
        """When something was away, or what had waited for it was not taken in yet."""
        return [(outage.began, outage.over) for outage in self.outages]

    def points(self, answers: Sequence[Answered]) -> list[Point]:
        """Answers by when they were asked for, in seconds from the start."""
        return [(one.at - one.seconds - self.began, one.seconds) for one in answers]

    def lags(self, stage: Stage) -> list[Point]:
        """How long after its event was accepted a stage was reached, of each probe by when that was."""
        return [(seen.at - self.began, seen.after[stage]) for seen in self.probes.values() if stage in seen.after]

    def missing(self) -> dict[Stage, int]:
        """Probes of which a stage was never seen."""
        return {stage: sum(stage not in seen.after for seen in self.probes.values()) for stage in STAGES}

    def memory(self, part: str) -> list[Point]:
        """MiB of a part; nothing while it was away."""
        return [(one.at, one.use[part].memory) for one in self.samples if one.use[part].memory]

    def waiting(self, service: str) -> list[Point]:
        """Messages that a service has not dealt with, where it said how many."""
        return [(one.at, one.waiting[service]) for one in self.samples if one.waiting[service] >= 0]

    def cores(self, part: str) -> float:
        """Processors that a part kept busy on average; one that is started anew counts from nothing."""
        seconds = [one.use[part].processor for one in self.samples]
        spent = sum(max(0.0, after - before) for before, after in pairwise(seconds))
        return spent / (self.samples[-1].at - self.samples[0].at)
