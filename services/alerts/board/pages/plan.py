"""The plans that run, and one of them: its actions, its promises, and what its versions changed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, NamedTuple

import asyncpg
from litestar import Response, get, post
from litestar.exceptions import PermissionDeniedException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from services.alerts.board.answer import Asked, page
from services.alerts.board.board import Board, Missing
from services.alerts.board.links import backtest_path, evaluation_path, plan_path
from services.alerts.board.sent import NOTHING_SENT, form, new_key, who
from services.alerts.board.statement import SOURCE, statement
from services.alerts.board.writing import Writing
from services.alerts.domain.alert.observation import SeriesKey
from services.alerts.domain.letter.facts import title
from services.alerts.domain.letter.ruling import Judged
from services.alerts.domain.neglect.finding import neglected
from services.alerts.domain.plan.plan import EVERYONE, Action, Plan, Target, Unit
from services.alerts.domain.plan.progress import Progress, Update, standings
from services.alerts.domain.trend.finding import unheard
from services.alerts.repository import board as shown
from services.alerts.repository import measures
from services.alerts.repository.board import PlanVersion
from shared.access.needs import NEED, PLAN

Number = Annotated[int | None, QueryParameter(ge=1, le=1_000_000, description="a version of the plan")]


class ActionRow(NamedTuple):
    """An action of the plan."""

    id: str
    title: str
    owner: str
    due: str
    neglects: tuple[str, ...]
    """What nobody has seen to in time."""
    budget: str
    status: str
    since: str
    note: str
    cost: str
    should_move: tuple[str, ...]
    evaluation: str = ""
    """Where it is told whether it helped."""


class TargetRow(NamedTuple):
    """A promise of the plan."""

    metric: str
    name: str
    promise: str
    ends: str
    notify: tuple[str, ...]
    backtest: str
    """Where another limit is tried; empty without one."""


class ToldRow(NamedTuple):
    """Something that was said of an action: when, by whom, of which, what, and why."""

    when: str
    by: str
    action: str
    says: str
    note: str


class Difference(NamedTuple):
    """Something that two versions say differently; nothing where one of them does not have it."""

    what: str
    old: str
    new: str


def routes(board: Board) -> list[HTTPRouteHandler]:
    """The handlers."""

    @get("/plans")
    async def plans_page(request: Asked) -> Response[str]:
        to = board.writing(request)
        async with board.connected() as connection:
            plans = await board.plans(connection)
            today = await board.today(connection)
        rows = [
            (plan_path(name), title(one.plan.title, to.language, one.plan.language), one.version, to.moment(one.loaded))
            for name, one in plans.items()
        ]
        return page(request, to, "plans.html", to.words.plans, rows=rows, today=today)

    @get("/plans/{plan:str}")
    async def plan_page(request: Asked, plan: FromPath[str], old: Number = None, new: Number = None) -> Response[str]:
        return await _shown(board, request, plan, (old, new))

    @post("/plans/{plan:str}", opt={NEED: PLAN}, status_code=303)
    async def stated(request: Asked, plan: FromPath[str]) -> Response[str] | Redirect:
        """Where an action stands, as a person says; once, however often the form is sent."""
        sent = await form(request, board.address)
        async with board.connected() as connection:
            running = (await board.plans(connection)).get(plan)
            if running is None:
                raise Missing("no_plan", plan)
            if not board.may(request, PLAN, await _scope(connection, running.plan)):
                raise PermissionDeniedException("this plan is of more than your own units")
            said = statement(sent, running.plan, who(request), board.clock)
            if said:
                await measures.save(connection, [said])
        if said is None:
            return await _shown(board, request, plan, (None, None), sent)
        return Redirect(f"{plan_path(plan)}#status", status_code=303)

    return [plans_page, plan_page, stated]


async def _shown(
    board: Board,
    request: Asked,
    plan: str,
    compare: tuple[int | None, int | None],
    refused: Mapping[str, str] = NOTHING_SENT,
) -> Response[str]:
    """The page; after a form that was refused it says so, and still holds what was written."""
    to = board.writing(request)
    async with board.connected() as connection:
        plans = await board.plans(connection)
        if plan not in plans:
            raise Missing("no_plan", plan)
        running = plans[plan]
        today = await board.today(connection)
        updates = await board.updates(connection, [running])
        versions = await shown.versions(connection, plan)
        may_say = board.may(request, PLAN, await _scope(connection, running.plan))
    progress, compared = standings(updates, today), _compared(versions, *compare)
    missed: dict[str, tuple[str, ...]] = {}
    for one in neglected(running.plan, progress, today):
        missed[one.measure] = (*missed.get(one.measure, ()), to.words.neglects[one.neglect])
    return page(
        request,
        to,
        "plan.html",
        title(running.plan.title, to.language, running.plan.language),
        running=running,
        actions=[
            _action(one, running.plan, progress.get((plan, one.id)), missed.get(one.id, ()), to)
            for one in running.plan.measures.values()
        ],
        told=_told(updates, running.plan, to),
        statuses=to.words.progress.items(),
        may_say=may_say,
        key=new_key(),
        sent=refused,
        targets=[_target(one, running.plan, to) for one in running.plan.targets.values()],
        versions=versions,
        compared=compared,
        differences=list(_differences(compared, to)) if compared else [],
        today=today,
        status=422 if refused else 200,
    )


async def _scope(connection: asyncpg.Connection, plan: Plan) -> list[Unit]:
    """The units that a plan is of; one that no value has come for is nobody's own."""
    return [await shown.unit(connection, name) or Unit(name, name, (name,)) for name in plan.units]


def _told(updates: Mapping[tuple[str, str], Sequence[Update]], plan: Plan, to: Writing) -> list[ToldRow]:
    """All that was said of actions, the latest first."""
    said = [(one, one.progress) for several in updates.values() for one in several if one.progress]
    return [
        ToldRow(
            to.moment(one.recorded),
            to.person(one.key[0].removeprefix(SOURCE)),
            title(plan.measures[one.measure].title, to.language, plan.language),
            f"{to.words.progress[progress.status]} {to.day(progress.since)}",
            progress.note or "",
        )
        for one, progress in sorted(said, key=lambda pair: pair[0].recorded, reverse=True)
    ]


def _action(one: Action, plan: Plan, progress: Progress | None, missed: tuple[str, ...], to: Writing) -> ActionRow:
    words, owner = to.words, plan.recipients.get(one.owner)
    return ActionRow(
        one.id,
        title(one.title, to.language, plan.language),
        owner.name if owner else one.owner,
        to.day(one.due),
        missed,
        words.budgets[one.decision],
        words.progress[progress.status] if progress else words.no_progress,
        to.day(progress.since) if progress else "",
        (progress.note or "") if progress else "",
        f"{to.plain(one.cost)} kr" if one.cost is not None else words.none,
        tuple(map(to.metric, one.should_move)),
        evaluation_path(plan.id, one.id) if one.evaluate else "",
    )


def _target(one: Target, plan: Plan, to: Writing) -> TargetRow:
    names = tuple(plan.recipients[name].name for name in one.notify if name in plan.recipients)
    whom = SeriesKey("", plan.occupation_of(one), one.metric, *one.part)
    tried = backtest_path(plan.id, one.id) if one.breach and one.part == EVERYONE else ""
    name = to.metric(one.metric) + to.only(whom)
    return TargetRow(one.metric, name, _promise(one, to), _ends(one, to), names, tried)


def _promise(one: Target, to: Writing) -> str:
    if one.rule:
        return Judged(unheard(one.rule), one.metric, to.numbers(one.metric)).condition()
    return to.promise(one.metric, one.breach) if one.breach else ""


def _ends(one: Target, to: Writing) -> str:
    if one.clear is None:
        return ""
    return f"{to.mail_words.side[one.clear.side]} {to.numbers(one.metric, [one.clear.value])(one.clear.value)}"


def _compared(
    versions: Sequence[PlanVersion], old: int | None, new: int | None
) -> tuple[PlanVersion, PlanVersion] | None:
    """The two versions to show side by side: those asked for, else the last two."""
    if len(versions) < 2:
        return None
    by_number = {one.version: one for one in versions}
    later = by_number.get(new or versions[0].version)
    earlier = by_number.get(old or versions[1].version)
    if later is None or earlier is None:
        raise Missing("no_page", "")
    return earlier, later


def _differences(compared: tuple[PlanVersion, PlanVersion], to: Writing) -> Iterator[Difference]:
    old, new = compared[0].plan, compared[1].plan
    if old is None or new is None:
        return
    yield from _changed(_said(old, to), _said(new, to))


def _changed(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Difference]:
    for what in dict.fromkeys((*old, *new)):
        if old.get(what) != new.get(what):
            yield Difference(what, old.get(what, ""), new.get(what, ""))


def _said(plan: Plan, to: Writing) -> dict[str, str]:
    """What a version promises and says should be done, by what it is about."""
    words = to.words
    said = {words.plan: title(plan.title, to.language, plan.language), words.units: ", ".join(plan.units) or words.all}
    for one in plan.targets.values():
        row = _target(one, plan, to)
        ends = f"; {words.ends_when.lower()} {row.ends}" if row.ends else ""
        said[f"{words.promise}: {row.name} [{one.id}]"] = f"{row.promise}{ends}"
        said[f"{words.notify}: {row.name} [{one.id}]"] = ", ".join(row.notify)
    for action in plan.measures.values():
        shown_as = _action(action, plan, None, (), to)
        details = (shown_as.title, shown_as.owner, shown_as.due, shown_as.budget, shown_as.cost)
        said[f"{words.action}: {action.id}"] = " · ".join(detail for detail in details if detail != words.none)
    return said
