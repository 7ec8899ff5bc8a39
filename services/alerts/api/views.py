"""``GET /v1/alerts`` and ``GET /v1/plans``: what is so now, what happened, and what runs."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from services.alerts.api.door import Pool, connected, known
from services.alerts.api.own import own
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.alert.telling import View, ViewState
from services.alerts.domain.handling.handled import handled
from services.alerts.domain.handling.handling import Handling
from services.alerts.domain.neglect.finding import Neglected, neglected
from services.alerts.domain.plan.plan import Action, Target, Version
from services.alerts.domain.plan.progress import Progress, standings
from services.alerts.repository import groups, handlings, history, measures, unjudged
from services.alerts.repository.plans import Running
from services.alerts.repository.unjudged import Unjudged
from shared.access.needs import NEED, READ_ALERTS
from shared.access.rights import Sight
from shared.contracts.alerts import AlertChanged
from shared.kit.clock import Clock

MOST_STEPS = 1000


class Alerts(msgspec.Struct, omit_defaults=True):
    """Where each alert stands, and, when asked for, the latest steps of their lives, newest first.

    ``unjudged`` are alerts that could not be judged when they were due, and why: they stand as they last stood.
    """

    alerts: list[View]
    unjudged: list[Unjudged] = []
    transitions: list[AlertChanged] | None = None


class RunningPlan(msgspec.Struct):
    """A plan that runs, as a board shows it. ``waiting_for`` are units it names that no value has come for yet.

    ``units`` and ``occupation`` are its scope: without units it is about all of them, ``*`` is every occupation.
    ``recipients`` are their names, never their addresses; ``progress`` is where measures stand, by id, ``neglected``
    what is overdue, over or undecided of them; ``responsible`` is who answers for the plan; ``local`` is
    what units made of targets, by unit and target. A value that reaches back before ``known_from`` is not judged.
    """

    plan: str
    title: dict[str, str]
    version: int
    file: str
    loaded: datetime
    units: list[str]
    occupation: str
    recipients: dict[str, str]
    targets: list[Target]
    measures: list[Action]
    progress: dict[str, Progress]
    neglected: list[Neglected]
    local: dict[str, dict[str, Target]]
    waiting_for: list[str]
    known_from: date | None = None
    responsible: str | None = None


class Refused(msgspec.Struct):
    """Why a file can't run as it is; lines and columns count from 1."""

    file: str
    line: int
    column: int
    message: str


class Plans(msgspec.Struct):
    """What runs, and the files that were refused at the last look."""

    running: list[RunningPlan]
    refused: list[Refused]


Refusals = Callable[[], Sequence[tuple[str, int, int, str]]]


def routes(pool: Pool, refusals: Refusals, clock: Clock) -> list[HTTPRouteHandler]:
    """The service's API; answers 503 while the database is away."""
    parsed = Running()

    @get("/v1/alerts", opt={NEED: READ_ALERTS}, summary="Alerts as they stand")
    async def alerts(
        sight: NamedDependency[Sight],
        wanted: Annotated[
            ViewState | None, QueryParameter(name="state", description="only alerts in this state")
        ] = None,
        plan: Annotated[str | None, QueryParameter(description="only alerts of this plan")] = None,
        unit: Annotated[str | None, QueryParameter(description="only alerts of this unit")] = None,
        steps: Annotated[bool, QueryParameter(name="history", description="also the steps that led here")] = False,
    ) -> Alerts:
        """Every alert of the caller's units that a running plan asks for; ``state=expected`` has a breach ahead."""
        async with connected(pool) as connection:
            units = await own(connection, sight, unit)
            views = await history.views(connection, plan, units)
            told = await history.transitions(connection, plan, units, MOST_STEPS) if steps else None
            faults = await unjudged.load(connection, plan, units, MOST_STEPS)
            await known(connection, unit)
            rows = await handlings.matching(connection, plan, units)
        shown = [_handled(view, rows, clock.today()) for view in views if wanted is None or _is(view, wanted)]
        return Alerts(shown, faults, told)

    @get("/v1/plans", opt={NEED: READ_ALERTS}, summary="The plans that run")
    async def plans() -> Plans:
        """The running version of each plan, and what keeps a file from running."""
        async with connected(pool) as connection:
            running = await parsed.load(connection)
            units = await groups.among(connection, {name for one in running.values() for name in one.plan.named})
            today = await groups.today(connection)
            named = {(plan, measure) for plan, one in running.items() for measure in one.plan.measures}
            updates = await measures.load(connection, named)
        progress = standings(updates, today or date.max)
        day = clock.today()
        return Plans(
            [_running(one, units, progress, day) for one in running.values()], [Refused(*one) for one in refusals()]
        )

    return [alerts, plans]


def _handled(view: View, rows: Mapping[Alert, Sequence[Handling]], day: date) -> View:
    """The view, with what holds of what people have done about the alert."""
    done = rows.get(Alert(view.plan, view.target, view.unit), ())
    return msgspec.structs.replace(view, handling=handled(done, view.episode, day))


def _is(view: View, state: ViewState) -> bool:
    return view.expected is not None if state == "expected" else view.state == state


def _running(
    one: Version, units: Collection[str], progress: Mapping[tuple[str, str], Progress], day: date
) -> RunningPlan:
    return RunningPlan(
        plan=one.plan.id,
        title=one.plan.title,
        version=one.version,
        file=one.source,
        loaded=one.loaded,
        units=list(one.plan.units),
        occupation=one.plan.occupation,
        recipients={person.id: person.name for person in one.plan.recipients.values()},
        targets=list(one.plan.targets.values()),
        measures=list(one.plan.measures.values()),
        progress={measure: progress[plan, measure] for plan, measure in progress if plan == one.plan.id},
        neglected=neglected(one.plan, progress, day),
        local=one.plan.local,
        waiting_for=sorted(one.plan.named.difference(units)),
        known_from=one.plan.known_from,
        responsible=one.plan.responsible,
    )
