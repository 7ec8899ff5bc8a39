"""Lets plans run, or run no more. What follows for their alerts is marked, and judged apart from this."""

from services.alerts.domain.plan.choice import PlanChange
from services.alerts.domain.plan.reading import read
from services.alerts.repository import due, plans
from services.alerts.rounds.rounds import Rounds
from shared.kit.clock import Clock


async def change(rounds: Rounds, clock: Clock, one: PlanChange) -> bool:
    """Do it, unless another process has changed the plan meanwhile; raises PlanRefused."""
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
