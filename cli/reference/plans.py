"""``docs/plans.md``: each promise of the ready-made plans, how it is measured, and an alert that a run gave."""

from collections.abc import Iterator

from cli.offline.rehearsal.judging import Rehearsed
from cli.offline.rehearsal.ready_made import READY_MADE, Rehearsal, rehearsal
from services.alerts.domain.alert.telling import action_notice as planned
from services.alerts.domain.letter.en import EN
from services.alerts.domain.letter.sv import SV
from services.alerts.domain.letter.task import details
from services.alerts.domain.plan.plan import Action, Plan, Target

INTRODUCTION = """\
# Plans

What five municipalities promise their social workers, how Stadga measures each promise, and what the alert says when
it is broken. The plans are ready to be copied; their limits, costs and dates are examples, to be replaced by your own.

`stadga plan check FILE` finds a plan's faults. What a plan may say is told by
[alerts](../services/alerts/README.md#the-plan), what a metric means by [metrics](metrics.md). A promise without a
target is followed by the metrics it should move. Where something is wrong already when a plan is new, let it begin with
`watch_from` and the day: each recipient then gets one mail of what breaches by that day, and no alarm for each.

Every alert below was given by a run: `stadga simulate --scenario NAME` makes the events of a small municipality where
every target is broken somewhere; the values of its last day are computed from them and judged by the plan. Alerts are
in Swedish, as the recipients read them. Written by `make docs`; a test fails when a run says something else.
"""
HEADINGS = ("| promise | measured by | alert |", "|---|---|---|")


def page() -> str:
    """The whole page; runs every scenario, which takes some seconds each."""
    return "\n".join([INTRODUCTION, *(line for name in READY_MADE for line in _municipality(name))])


def _municipality(scenario: str) -> Iterator[str]:
    promised, run = READY_MADE[scenario], rehearsal(scenario)
    yield f"## {promised.municipality}"
    yield ""
    yield f"Scenario `{scenario}`, {promised.today:%-d %B %Y}."
    for plan in run.plans:
        yield from _plan(plan, run)
    yield ""


def _plan(plan: Plan, run: Rehearsal) -> Iterator[str]:
    yield ""
    yield f"**{plan.title['en']}**: [{plan.id}.yaml](../deploy/plans/{plan.id}.yaml), {_scope(plan)}."
    yield ""
    yield from HEADINGS
    seen: set[str] = set()
    for measure in plan.measures.values():
        promise = _promise(plan, measure)
        targets = [target for target in plan.targets.values() if measure.id in target.measures]
        for target in targets:
            yield _row(promise, _measured(plan, target), "as above" if target.id in seen else _alert(run, plan, target))
            seen.add(target.id)
            promise = ""
        if not targets:
            yield _row(promise, ", ".join(f"`{metric}`" for metric in measure.should_move), "")


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', '∣') for cell in cells)} |"


def _scope(plan: Plan) -> str:
    units = ", ".join(f"`{unit}`" for unit in plan.units) or "every unit"
    return f"{units}, {plan.occupation.replace('*', 'every occupation')}"


def _promise(plan: Plan, measure: Action) -> str:
    return f"**{measure.title['en']}**<br>{', '.join(details(planned(plan, measure.id), EN, 'en'))}"


def _measured(plan: Plan, target: Target) -> str:
    whom = f", {target.occupation}" if target.occupation else ""
    where = "in all" if target.by == "total" else "by unit"
    limits = [f"{target.breach.side} {target.breach.value:g}"]
    limits += [
        f"in `{unit}` {adapted[target.id].breach.side} {adapted[target.id].breach.value:g}"
        for unit, adapted in plan.local.items()
        if target.id in adapted
    ]
    return f"`{target.metric}` {', '.join(limits)}<br>{where}{whom}"


def _alert(run: Rehearsal, plan: Plan, target: Target) -> str:
    """The mail about a lowest unit where the target is broken, the one with most behind its number.

    Raises ValueError when it is broken nowhere.
    """
    about = [told for told in run.told if (told.alert.plan, told.alert.target) == (plan.id, target.id)]
    told = max(
        about, key=lambda told: (len(run.values.units[told.alert.unit].path), told.outcome.view.denominator or 0)
    )
    return f"**{told.mail.subject}**<br>{_key_sentence(told)}"


def _key_sentence(told: Rehearsed) -> str:
    """What the number rests on; of a number that is its own count, how it stands against the limit."""
    rests = [row.text for row in told.mail.rows if row.label == SV.people]
    return rests[0] if rests else f"{told.mail.lead.split('. ')[0]}."
