"""The plans that run, and one of them: its actions, its promises, and what its versions changed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, NamedTuple

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, QueryParameter

from services.alerts.board.answer import Asked, page
from services.alerts.board.board import Board, Missing
from services.alerts.board.links import plan_path
from services.alerts.board.writing import Writing
from services.alerts.domain.letter.facts import title
from services.alerts.domain.letter.task import OVER
from services.alerts.domain.plan.plan import Action, Plan, Target
from services.alerts.domain.plan.progress import Progress
from services.alerts.repository import board as shown
from services.alerts.repository.board import PlanVersion

Number = Annotated[int | None, QueryParameter(ge=1, le=1_000_000, description="a version of the plan")]


class ActionRow(NamedTuple):
    """An action of the plan."""

    id: str
    title: str
    owner: str
    due: str
    overdue: bool
    budget: str
    status: str
    since: str
    note: str
    cost: str
    should_move: tuple[str, ...]


class TargetRow(NamedTuple):
    """A promise of the plan."""

    metric: str
    name: str
    promise: str
    ends: str
    notify: tuple[str, ...]


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
        to = board.writing(request)
        async with board.connected() as connection:
            plans = await board.plans(connection)
            if plan not in plans:
                raise Missing("no_plan", plan)
            running = plans[plan]
            today = await board.today(connection)
            progress = await board.progress(connection, [running], today)
            versions = await shown.versions(connection, plan)
        compared = _compared(versions, old, new)
        return page(
            request,
            to,
            "plan.html",
            title(running.plan.title, to.language, running.plan.language),
            running=running,
            actions=[
                _action(one, running.plan, progress.get((plan, one.id)), today, to)
                for one in running.plan.measures.values()
            ],
            targets=[_target(one, running.plan, to) for one in running.plan.targets.values()],
            versions=versions,
            compared=compared,
            differences=list(_differences(compared, to)) if compared else [],
            today=today,
        )

    return [plans_page, plan_page]


def _action(one: Action, plan: Plan, progress: Progress | None, today: date, to: Writing) -> ActionRow:
    words, owner = to.words, plan.recipients.get(one.owner)
    over = progress is not None and progress.status in OVER
    return ActionRow(
        one.id,
        title(one.title, to.language, plan.language),
        owner.name if owner else one.owner,
        to.day(one.due),
        one.due is not None and one.due < today and not over,
        words.budgets[one.decision],
        words.progress[progress.status] if progress else words.no_progress,
        to.day(progress.since) if progress else "",
        (progress.note or "") if progress else "",
        f"{to.plain(one.cost)} kr" if one.cost is not None else words.none,
        tuple(map(to.metric, one.should_move)),
    )


def _target(one: Target, plan: Plan, to: Writing) -> TargetRow:
    names = tuple(plan.recipients[name].name for name in one.notify if name in plan.recipients)
    occupation = to.occupation(plan.occupation_of(one))
    return TargetRow(one.metric, to.metric(one.metric) + occupation, _promise(one, to), _ends(one, to), names)


def _promise(one: Target, to: Writing) -> str:
    number = to.numbers(one.metric, [one.breach.value])
    return to.mail_words.promise[one.breach.side].format(limit=number(one.breach.value))


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
        shown_as = _action(action, plan, None, date.min, to)
        details = (shown_as.title, shown_as.owner, shown_as.due, shown_as.budget, shown_as.cost)
        said[f"{words.action}: {action.id}"] = " · ".join(detail for detail in details if detail != words.none)
    return said
