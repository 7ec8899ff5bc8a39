"""``docs/plans.md``: each promise of the ready-made plans, how it is measured, an alert, and whether it helped."""

from collections.abc import Iterator, Mapping

from cli.offline.rehearsal.judging import Rehearsed
from cli.offline.rehearsal.ready_made import READY_MADE, Rehearsal, rehearsal
from cli.reference.effects import effect
from services.alerts.domain.alert.telling import action_notice as planned
from services.alerts.domain.letter.en import EN
from services.alerts.domain.letter.sv import SV
from services.alerts.domain.letter.task import details
from services.alerts.domain.letter.whom import in_words
from services.alerts.domain.plan.plan import EVERYONE, Action, Plan, Target
from shared.language.numbers import day

INTRODUCTION = """\
# Plans

What five municipalities promise their social workers, how Stadga measures each promise, and what the alert says when
it is broken. The plans are ready to be copied; their limits, costs and dates are examples, to be replaced by your own.

`stadga plan check FILE` finds a plan's faults. What a plan may say is told by
[alerts](../services/alerts/README.md#the-plan), what a metric means by [metrics](metrics.md). Of what a promise says
and no honest number tells, a sentence in italics says why. Where something is wrong already when a plan is new, let it
begin with `watch_from` and the day: each recipient then gets one mail of what breaches by that day, and no alarm for
each.

Every alert below was given by a run: `stadga simulate --scenario NAME` makes the events of a small municipality where
every target is broken somewhere; the values of its last day are computed from them and judged by the plan. How far a
promise is carried out is told by the same events (`plan.measure.updated.v1`). Alerts are in Swedish, as the recipients
read them. Written by `make docs`; a test fails when a run says something else.

The effect is what `stadga evaluate` answers on that day, in short ([what it means](evaluation.md)). The plans say of
each action how it shall be judged, and are taken to have said so before it began. In these municipalities one action
alone is made to help: Borås' administrative relief, in two units, takes four points off the share of time that goes to
documentation, and gives none of it to clients. Where things become worse with an action, they do because the scenario
has to break the promise. An action that begins in some units is compared with others; of one that begins everywhere at
once only before and after are known. Most groups are too small for an answer, as they are in a municipality of that
size.
"""
HEADINGS = ("| promise | carried out | measured by | alert | effect |", "|---|---|---|---|---|")
UNNUMBERED: Mapping[tuple[str, str], str] = {
    ("vasteras", "pay-strategy"): "Pay by competence: no event tells of competence, only what the pay came to.",
    ("boras", "new-technology"): "The technology: no HR event tells of systems, only of the time they should free.",
    ("boras", "paid-studies"): "With pay: no event tells whether leave is paid.",
    ("goteborg", "longer-introduction"): (
        "Competence development: no HR event tells of courses, and how many there were says nothing of what was learnt."
    ),
    ("goteborg", "manager-support"): (
        "The support: an administrator is placed in a unit, and nothing tells whom they relieve; how many each manager"
        " leads is what is left to them."
    ),
    ("goteborg", "platforms"): "The platforms: no HR event tells how work is organised, only of the load it leaves.",
    ("stockholm", "equality"): (
        "Men have the same target, and no value: one person here is of another gender, whose leaving would be what"
        " women and men leave over. Every other metric is told by gender to whoever asks (`by=gender`); a limit of its"
        " own for the few men of a unit would point at them."
    ),
    ("varmdo", "three-day-weekend"): "Three days off: hours are told month by month, and never which weekday was free.",
}
"""Plan and measure → what of the promise has no number, and why none is honest."""


def page() -> str:
    """The whole page; runs every scenario, which takes some seconds each."""
    return "\n".join([INTRODUCTION, *(line for name in READY_MADE for line in _municipality(name))])


def _municipality(scenario: str) -> Iterator[str]:
    promised, run = READY_MADE[scenario], rehearsal(scenario)
    yield f"## {promised.municipality}"
    yield ""
    yield f"Scenario `{scenario}`, {promised.today:%-d %B %Y}."
    for plan in run.plans:
        yield from _plan(scenario, plan, run)
    yield ""


def _plan(scenario: str, plan: Plan, run: Rehearsal) -> Iterator[str]:
    yield ""
    yield f"**{plan.title['en']}**: [{plan.id}.yaml](../deploy/plans/{plan.id}.yaml), {_scope(plan)}."
    yield ""
    yield from HEADINGS
    seen: set[str] = set()
    for measure in plan.measures.values():
        promise, done = _promise(plan, measure), _carried_out(run, plan, measure)
        helped = effect(scenario, plan, measure)
        targets = [one for one in plan.targets.values() if measure.id in one.measures and _is_told(run, plan, one)]
        for target in targets:
            alert = "as above" if target.id in seen else _alert(run, plan, target)
            yield _row(promise, done, _measured(plan, target), alert, helped)
            seen.add(target.id)
            promise = done = helped = ""
        if why := UNNUMBERED.get((plan.id, measure.id)):
            yield _row(promise, done, f"*{why}*", "", helped)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', '∣') for cell in cells)} |"


def _scope(plan: Plan) -> str:
    units = ", ".join(f"`{unit}`" for unit in plan.units) or "every unit"
    return f"{units}, {plan.occupation.replace('*', 'every occupation')}"


def _promise(plan: Plan, measure: Action) -> str:
    return f"**{measure.title['en']}**<br>{', '.join(details(planned(plan, measure.id), EN, 'en'))}"


def _is_told(run: Rehearsal, plan: Plan, target: Target) -> bool:
    """A target of a part has a row where it is broken: of too few nothing is told."""
    broken = {(told.alert.plan, told.alert.target) for told in run.told}
    return target.part == EVERYONE or (plan.id, target.id) in broken


def _carried_out(run: Rehearsal, plan: Plan, measure: Action) -> str:
    """How far it has come; raises KeyError where no event tells."""
    progress = run.progress[plan.id, measure.id]
    return EN.progress[progress.status].format(since=day(progress.since, "en"))


def _measured(plan: Plan, target: Target) -> str:
    narrowed = [*([target.occupation] if target.occupation else []), *in_words(target.part, EN)]
    whom = "".join(f", {said}" for said in narrowed)
    where = "in all" if target.by == "total" else "by unit"
    limits = [target.shown]
    limits += [
        f"in `{unit}` {adapted[target.id].shown}" for unit, adapted in plan.local.items() if target.id in adapted
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
    rests = [] if told.outcome.view.ruled else [row.text for row in told.mail.rows if row.label == SV.people]
    return rests[0] if rests else f"{told.mail.lead.split('. ')[0]}."
