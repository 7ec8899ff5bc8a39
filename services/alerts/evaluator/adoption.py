"""Lets plans run, or run no more. What follows for their alerts is marked, and judged apart from this."""

from datetime import datetime
from typing import NamedTuple

from services.alerts.domain.plan_reading import read
from services.alerts.evaluator.rounds import Rounds
from services.alerts.repository import due, plans
from shared.kit.clock import Clock


class Change(NamedTuple):
    """A text to run from now on, or (``text`` None) a plan to run no more.

    ``changed`` is when the text was last changed. It is done only while version ``replaces`` runs (None: none does).
    """

    plan: str
    text: str | None
    source: str
    changed: datetime
    replaces: int | None


async def change(rounds: Rounds, clock: Clock, one: Change) -> bool:
    """Do it, unless another process has changed the plan meanwhile; raises Refused."""
    parsed = None if one.text is None else read(one.text)
    async with rounds.round() as now:
        runs = now.versions.get(one.plan)
        if (runs.version if runs else None) != one.replaces:
            return False
        if parsed is None or one.text is None:
            await plans.withdraw(now.connection, one.plan, clock.now())
        elif runs is not None or not await plans.resume(now.connection, one.plan, one.text):
            await plans.adopt(now.connection, parsed, one.text, one.source, min(one.changed, clock.now()), clock.now())
        await due.mark_plan(now.connection, one.plan, parsed.targets if parsed else (), clock.now())
    rounds.due.set()
    return True
