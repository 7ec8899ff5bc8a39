"""The registry as a log suggests it: of each source and kind the tightest cadence that it kept, with head room."""

import json
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from services.metrics.domain.coverage.kinds import Kind
from services.metrics.domain.sources.cadence import MONTHLY, NAMED, Cadence
from services.metrics.domain.sources.recorded import SourceDay, kinds_of

ENOUGH = 4
"""Days with events that a cadence can be told from."""
FORGIVEN = 0.02
"""The share of gaps in which a source may have been late by a cadence that fits it all the same."""
HEAD_ROOM = 1.5
GUESS = MONTHLY
"""What is proposed where there are too few days to tell from, as after a first import: the loosest that has a name."""


class Habit(NamedTuple):
    """How often a source has delivered a kind: days with events, the usual gap and the longest one between them.

    ``cadence`` is None where there are too few days to tell it from.
    """

    days: int
    usual: int
    longest: int
    cadence: str | None


Habits = Mapping[str, Mapping[Kind, Habit]]


def habits(found: Iterable[SourceDay]) -> Habits:
    """How often each source delivers each kind."""
    days: defaultdict[str, defaultdict[Kind, set[int]]] = defaultdict(lambda: defaultdict(set))
    for source, type_, day in found:
        for kind in kinds_of(type_):
            days[source][kind].add(day)
    return {s: {kind: habit(kinds[kind]) for kind in Kind if kind in kinds} for s, kinds in sorted(days.items())}


def habit(days: Collection[int]) -> Habit:
    """What the days with events of one kind say."""
    ordered = sorted(days)
    gaps = sorted(after - before for before, after in pairwise(ordered))
    if not gaps:
        return Habit(len(ordered), 0, 0, None)
    told = _fitting(ordered, gaps) if len(ordered) >= ENOUGH else None
    return Habit(len(ordered), gaps[len(gaps) // 2], gaps[-1], told)


def _fitting(days: list[int], gaps: list[int]) -> str:
    dates = [date.fromordinal(day) for day in days]
    for name in NAMED:
        late = sum(after > Cadence(name).due(before) for before, after in pairwise(dates))
        if late <= FORGIVEN * len(gaps):
            return name
    return f"{math.ceil(HEAD_ROOM * gaps[math.ceil((1 - FORGIVEN) * len(gaps)) - 1])}d"


def proposal(found: Habits) -> str:
    """The registry as YAML, with what each line rests on; whom to tell is left to be filled in."""
    lines = ["# Learned from what was recorded. Fill in the contacts, then: stadga sources check FILE", "sources:"]
    for source, kinds in found.items():
        lines += [f"  {json.dumps(source, ensure_ascii=False)}:", "    kinds:"]
        lines += [_line(kind, one) for kind, one in kinds.items()]
        lines += ["    contact:", "      name:", "      email:", "      language: sv"]
    return "\n".join(lines) + "\n"


def _line(kind: Kind, one: Habit) -> str:
    if one.cadence is None:
        return f"      {kind}: {GUESS}  # a guess, too few days to tell from: {one.days}; say how often it comes"
    return f"      {kind}: {one.cadence}  # on {one.days} days, usually {one.usual} d apart, {one.longest} d at most"
