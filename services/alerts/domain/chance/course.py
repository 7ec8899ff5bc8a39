"""How often an alert fires on a course of verdicts: the life of an alert, day by day, told only where it may step."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from services.alerts.domain.alert.evaluate import Verdict
from services.alerts.domain.alert.life import OK, Run, live
from services.alerts.domain.plan.plan import Target


class Stretch(NamedTuple):
    """Days with the same verdict, ``first`` to before ``end``, in days from the beginning of the course."""

    first: int
    end: int
    verdict: Verdict


def stretches(verdicts: Sequence[Verdict], step: int = 1) -> list[Stretch]:
    """The stretches of a course of verdicts, each of which holds for ``step`` days."""
    turns = [0, *(day for day in range(1, len(verdicts)) if verdicts[day] != verdicts[day - 1]), len(verdicts)]
    return [Stretch(first * step, end * step, verdicts[first]) for first, end in pairwise(turns)]


def fired(target: Target, course: Iterable[Stretch]) -> Iterator[int]:
    """The days on which an alert of the target fires.

    Its life, judged every day, steps only on the first day of a stretch, and when a hold ends within one.
    """
    run = OK
    for stretch in course:
        day: int | None = stretch.first
        while day is not None:
            run, reason = live(target, run, stretch.verdict, date.fromordinal(day + 1))
            if reason == "hold_met":
                yield day
            due = _due(target, run, stretch.verdict)
            day = due if due is not None and day < due < stretch.end else None


def _due(target: Target, run: Run, verdict: Verdict) -> int | None:
    """The day on which a hold that has begun ends, if the verdict lasts so long."""
    match run.state, verdict:
        case "pending", "breach":
            began, hold = run.since, target.hold
        case "recovering", "clear":
            began, hold = run.clear, target.clear_hold
        case _:
            return None
    return began.toordinal() - 1 + hold if began else None
