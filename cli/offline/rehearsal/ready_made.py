"""The ready-made plans, each rehearsed on the scenario that breaks its targets."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cli.offline.rehearsal.judging import Rehearsed, firing, judged
from cli.offline.rehearsal.values import Folded, RehearsedValues, folded, published
from cli.simulation.log import simulate_scenario
from cli.simulation.scenarios.scenario import LASTS
from services.alerts.domain.alert.judged import Judgement
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.plan.plan import Plan
from services.alerts.domain.plan.progress import Name, Progress, Update, standings, update
from services.alerts.domain.plan.reading import read
from shared.contracts.envelope import CloudEvent
from shared.contracts.event_types import MEASURE_UPDATED

PLANS = Path(__file__).parents[3] / "deploy" / "plans"
SEED = 1


class Promises(NamedTuple):
    """What a municipality promised: its plans, which run side by side, and the last day of the scenario."""

    municipality: str
    plans: tuple[str, ...]
    today: date = date(2025, 12, 31)


READY_MADE: Mapping[str, Promises] = {
    "vasteras": Promises("Västerås", ("vasteras",)),
    "boras": Promises("Borås", ("boras", "boras-halsa")),
    "stockholm": Promises("Stockholm", ("stockholm",)),
    "goteborg": Promises("Göteborg", ("goteborg",)),
    "varmdo": Promises("Värmdö", ("varmdo",), date(2024, 12, 31)),
}
"""By the name of the scenario."""


class Rehearsal(NamedTuple):
    """What came of it: every alert the plans ask for, and those that fire, with their mails in Swedish.

    ``progress`` is how far the measures have come, by plan and measure; ``log`` is what all of it was computed from.
    """

    plans: tuple[Plan, ...]
    outcomes: Mapping[Alert, Judgement]
    told: tuple[Rehearsed, ...]
    values: RehearsedValues
    progress: Mapping[Name, Progress]
    log: Folded


@cache
def rehearsal(scenario: str) -> Rehearsal:
    """Simulate, compute and judge; the same each time. Raises KeyError for another name than those above."""
    promised = READY_MADE[scenario]
    events = list(simulate_scenario(SEED, scenario, first=promised.today - LASTS, last=promised.today))
    log = folded(events)
    values = published(log, promised.today)
    plans = tuple(read((PLANS / f"{name}.yaml").read_text("utf-8"), values.units) for name in promised.plans)
    outcomes = judged(plans, values, promised.today)
    return Rehearsal(plans, outcomes, tuple(firing(outcomes, "sv")), values, _progress(events, promised.today), log)


def _progress(events: Iterable[CloudEvent], today: date) -> dict[Name, Progress]:
    told = defaultdict[Name, list[Update]](list)
    for one in (update(event) for event in events if event.type == MEASURE_UPDATED):
        told[one.plan, one.measure].append(one)
    return standings(told, today)
