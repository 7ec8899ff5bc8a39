"""Whether the actions of a ready-made plan helped, in Swedish as their recipients read it, as a run tells it."""

from functools import cache
from zoneinfo import ZoneInfo

from cli.offline.computing.log import Computed, Counts, RecordedSpan
from cli.offline.evaluating.from_files import evaluations
from cli.offline.rehearsal.ready_made import Rehearsal, rehearsal
from services.alerts.domain.evaluation.telling import brief
from services.alerts.domain.neglect.finding import asked_on
from services.alerts.domain.plan.plan import EVERYONE, Action, Plan
from services.alerts.domain.plan.progress import BEGUN
from services.metrics.domain.coverage.coverage import Coverage
from shared.contracts.catalogue.monthly import UNFIT
from shared.contracts.evaluations import Evaluation
from shared.language.numbers import day

NOT_BEGUN = "Inte påbörjad, ingen effekt att berätta om än."
AGAIN = "Frågas igen den {day}."
NEVER = "*Not evaluated by month: {why}.*"


def effect(scenario: str, plan: Plan, measure: Action) -> str:
    """The cell of a measure; raises KeyError where it is not evaluated, and nothing says why it cannot be."""
    run = rehearsal(scenario)
    if measure.evaluate is None:
        followed = (one for one in plan.targets.values() if measure.id in one.measures and one.part == EVERYONE)
        (metric,) = {target.metric for target in followed}
        return NEVER.format(why=UNFIT[metric].en)
    begun = run.progress[plan.id, measure.id].status in BEGUN
    again = AGAIN.format(day=day(asked_on(measure.evaluate), "sv"))
    return "<br>".join(_answer(one, again, begun=begun) for one in evaluated(scenario, plan.id, measure.id))


@cache
def evaluated(scenario: str, plan: str, measure: str) -> list[Evaluation]:
    """The answers on the last day of a scenario; raises EvaluationError for a measure that is not evaluated.

    The plan is taken to have said the same before the start.
    """
    run = rehearsal(scenario)
    (said,) = (one for one in run.plans if one.id == plan)
    return evaluations(_computed(run), said, measure, "unchanged", ZoneInfo(said.time_zone))


def _answer(found: Evaluation, again: str, *, begun: bool) -> str:
    verdict, *rest = brief(found, "sv")
    said = [f"**{verdict if begun else NOT_BEGUN}**", *rest]
    return " ".join([*said, again] if "not_over" in found.because else said)


def _computed(run: Rehearsal) -> Computed:
    log = run.log
    return Computed(
        log.tally, log.memory, Counts(), [], RecordedSpan(log.last, log.last), Coverage(log.told), log.measures
    )
