"""Which measures of a plan are neglected on a day, and which of that is to be told. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

import msgspec

from services.alerts.domain.evaluation.given import Given, turned
from services.alerts.domain.evaluation.windows import windows
from services.alerts.domain.plan.plan import Action, Evaluate, Plan
from services.alerts.domain.plan.progress import OVER, Progress
from shared.calendar.working_days import is_working_day
from shared.contracts.events import MeasureStatus
from shared.contracts.metrics import RESTATED_DAYS

Neglect = Literal["overdue", "trial_over", "undecided", "moves_nothing", "evaluable", "answered_otherwise"]
"""Past its due day; on trial until a day that has passed; waiting for a decision on its budget although its due day is
near; without a target that it should move or an evaluation, so that nothing shows whether it helps; with all the
months known that the plan says to evaluate it by, while nobody has reported it as evaluated; and answered otherwise
than it was before late events came."""
EVALUATED: frozenset[MeasureStatus] = frozenset({"evaluated", "cancelled"})
"""Whether such a measure helped is asked no more."""
NEAR = timedelta(30)
"""Before its due day a measure has to have its budget."""
SETTLED = timedelta(RESTATED_DAYS + 1)
"""After its last month a measure can be evaluated: until then late events are restated."""

PATIENCE = timedelta(3)
"""So long metrics may be away before it is said without the answer that there is one."""


class Neglected(msgspec.Struct, frozen=True):
    """A measure and what is neglected about it; ``since`` is the first day on which it is, None where it always was."""

    measure: str
    neglect: Neglect
    since: date | None = None

    @property
    def key(self) -> str:
        """What a repeat is known by: a measure with another due day is told of anew."""
        return f"{self.neglect}/{self.measure}/{self.since or 'always'}"


def neglected(plan: Plan, progress: Mapping[tuple[str, str], Progress], today: date) -> list[Neglected]:
    """All that is neglected about the measures of a plan, in their order; ``progress`` is by plan and measure."""
    moved = {target.metric for target in plan.targets.values()}
    held = [*plan.targets.values(), *(one for targets in plan.local.values() for one in targets.values())]
    asked = {name for target in held for name in target.measures}
    open_ = [one for one in plan.measures.values() if not _over(progress.get((plan.id, one.id)))]
    found: list[Neglected] = []
    for one in open_:
        found += _by_day(one, today)
        if one.evaluate is None and one.id not in asked and moved.isdisjoint(one.should_move):
            found.append(Neglected(one.id, "moves_nothing"))
    for one in plan.measures.values():
        stands = progress.get((plan.id, one.id))
        if stands is None or stands.status not in EVALUATED:
            since = evaluable(one, today)
            found += [Neglected(one.id, "evaluable", since)] if since else []
    return found


def _over(progress: Progress | None) -> bool:
    return progress is not None and progress.status in OVER


def _by_day(one: Action, today: date) -> Iterator[Neglected]:
    day = timedelta(1)
    if one.due and one.due < today:
        yield Neglected(one.id, "overdue", one.due + day)
    if one.trial and one.trial.last < today:
        yield Neglected(one.id, "trial_over", one.trial.last + day)
    if one.due and one.decision == "pending" and one.due - NEAR <= today:
        yield Neglected(one.id, "undecided", one.due - NEAR)


def evaluable(one: Action, today: date) -> date | None:
    """Since when it can be evaluated, if it can: late events of the last month are waited for."""
    since = asked_on(one.evaluate) if one.evaluate else None
    return since if since and since <= today else None


def answered(
    found: Sequence[Neglected], given: Mapping[str, Sequence[Sequence[Given]]], today: date
) -> list[Neglected]:
    """What was found, less what nobody has the answer to yet: it is waited for some days. ``given`` is by measure."""
    return [
        one
        for one in found
        if one.neglect != "evaluable" or given.get(one.measure) or (one.since and one.since + PATIENCE <= today)
    ]


def otherwise(given: Mapping[str, Sequence[Sequence[Given]]]) -> list[Neglected]:
    """Measures whose latest answer by some metric has another verdict than the one before it."""
    days = {name: [one[-1].day for one in some if turned(one)] for name, some in given.items()}
    return [Neglected(name, "answered_otherwise", max(some)) for name, some in days.items() if some]


def asked_on(evaluate: Evaluate) -> date:
    """The day on which the months after are known, and the answer is asked for."""
    return windows(evaluate).after[-1] + SETTLED


def overdue_days(plan: Plan, progress: Mapping[tuple[str, str], Progress], today: date) -> dict[str, int]:
    """How many days each measure with a due day is past it; 0 of one that is over, or has time left."""
    return {
        one.id: 0 if _over(progress.get((plan.id, one.id))) else max(0, (today - one.due).days)
        for one in plan.measures.values()
        if one.due
    }


def to_tell(found: list[Neglected], told: Mapping[str, date], remind: int | None, today: date) -> list[Neglected]:
    """What nobody was told of, and what was ``told`` (by key, when last) so long ago that it is reminded of.

    Nobody is told on a day off.
    """
    if not is_working_day(today):
        return []
    return [
        one for one in found if one.key not in told or (remind is not None and (today - told[one.key]).days >= remind)
    ]


def readers(plan: Plan, one: Neglected) -> tuple[str, ...]:
    """Who is told: its owner, where that is a recipient of the plan, and the plan's responsible, if there is one.

    What a webhook takes is about alerts: it is not told.
    """
    named = dict.fromkeys((plan.measures[one.measure].owner, plan.responsible or ""))
    return tuple(who for who in named if who in plan.recipients and not plan.recipients[who].webhook)
