"""Move a limit, see the last three years: what a target would have raised as it is, and as somebody tries it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from http import HTTPStatus
from typing import Annotated, NamedTuple

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, QueryParameter

from services.alerts import backtests
from services.alerts.backtests import MOST_UNITS, Tried
from services.alerts.board.answer import Asked, page
from services.alerts.board.board import Board, Missing
from services.alerts.board.words import BoardWords
from services.alerts.board.writing import Writing
from services.alerts.domain.backtest.document import FLAP_DAYS, RaisedAlert, TestedPlan
from services.alerts.domain.backtest.trying import (
    PointlessError,
    UnreadableError,
    alone,
    can_be_confirmed,
    days_of,
    limit_of,
    moved,
)
from services.alerts.domain.backtest.words import WORDS
from services.alerts.domain.plan.plan import EVERYONE, Limit, Plan, Target, Unit
from services.alerts.metrics_service import MetricsAwayError
from shared.contracts.catalogue import BY_NAME
from shared.language.numbers import often

YEARS = timedelta(3 * 365)
OWN, OTHER = "own", "other"

Written = Annotated[str, QueryParameter(description="the limit to try, a share in per cent", max_length=40)]
Hold = Annotated[str, QueryParameter(description="days beyond it before there is an alert", max_length=40)]
Sure = Annotated[bool, QueryParameter(description="only where chance is ruled out")]
Below = Annotated[str, QueryParameter(name="unit", description="a unit, with all below it; empty: all", max_length=200)]


class Sent(NamedTuple):
    """What somebody asks for; without a limit nothing is tried."""

    limit: str
    hold: str
    sure: bool
    unit: str


class Form(NamedTuple):
    """What the form holds: what was written, or what the plan says."""

    limit: str
    hold: str
    sure: bool | None
    """None where chance cannot be told."""
    unit: str


class Spell(NamedTuple):
    """An alert on a strip: where it begins and how long it is, in hundredths."""

    at: float
    width: float


class UnitRow(NamedTuple):
    """When a unit would have alerted, with the plan's limit and with the other one."""

    name: str
    label: str
    strips: tuple[list[Spell], list[Spell]]
    said: tuple[list[str], list[str]]


class Row(NamedTuple):
    """Something counted, by the plan's limit and by the other one; a dash where that was not tried."""

    name: str
    own: str
    other: str


def route(board: Board) -> HTTPRouteHandler:
    """The handler."""

    @get("/plans/{plan:str}/backtests/{target:str}")
    async def backtest_page(
        request: Asked,
        plan: FromPath[str],
        target: FromPath[str],
        limit: Written = "",
        hold: Hold = "",
        sure: Sure = False,
        unit: Below = "",
    ) -> Response[str]:
        to = board.writing(request)
        async with board.connected() as connection:
            version = (await board.plans(connection)).get(plan)
            if version is None:
                raise Missing("no_plan", plan)
            today = await board.today(connection)
        held = version.plan.targets.get(target)
        if held is None or held.breach is None or held.part != EVERYONE:
            raise Missing("no_target", target)
        form = _form(held, held.breach, to, Sent(limit, hold, sure, unit))
        plans, refused = _plans(version.plan, held, held.breach, Sent(limit, hold, sure, unit), to.words)

        def sees(place: Unit) -> bool:
            return board.sees(request, place) and (not unit or unit in place.path)

        last = today - timedelta(1)
        try:
            tried: Tried | None = await backtests.tried(
                plans, last - YEARS, last, sees, board.metrics(request).patiently(), board.backtest_turn
            )
        except MetricsAwayError:
            tried = None
        return page(
            request,
            to,
            "backtest.html",
            to.say(to.words.try_limit_title, metric=to.metric(held.metric)),
            status=HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK,
            plan=version.plan,
            promise=to.promise(held.metric, held.breach),
            ends=held.clear is not None,
            adapted=any(target in adapted for adapted in version.plan.local.values()),
            form=form,
            refused=refused,
            tried=tried,
            most=MOST_UNITS,
            flap_days=FLAP_DAYS,
            said=WORDS[to.language],
            by_month=to.metric(held.metric) if BY_NAME[held.metric].by_month else "",
            today=today,
            **_shown(tried, version.plan, to),
        )

    return backtest_page


def _form(held: Target, at: Limit, to: Writing, sent: Sent) -> Form:
    own = f"{round(at.value * 100 if BY_NAME[held.metric].unit == 'ratio' else at.value, 6):g}"
    own = own.replace(".", ",") if to.language == "sv" else own
    sure = sent.sure if sent.limit else held.require_confirmation
    return Form(sent.limit or own, sent.hold or str(held.hold), sure if can_be_confirmed(held) else None, sent.unit)


def _plans(plan: Plan, held: Target, at: Limit, sent: Sent, words: BoardWords) -> tuple[dict[str, Plan], str]:
    """The plan of the target alone, and that with another limit if one was written; why that cannot be tried, if so."""
    own = {OWN: alone(plan, held)}
    if not sent.limit:
        return own, ""
    try:
        other = moved(held, at, limit_of(sent.limit, held, at), days_of(sent.hold), confirmation=sent.sure)
    except UnreadableError:
        return own, words.try_limit_unreadable
    except PointlessError:
        return own, words.try_limit_pointless
    return own | {OTHER: alone(plan, other)}, ""


def _shown(tried: Tried | None, plan: Plan, to: Writing) -> Mapping[str, object]:
    """What the page tells of what was found."""
    if tried is None or tried.found is None:
        return {"span": None, "sums": [], "mails": [], "rows": [], "quiet": 0, "unjudged": 0, "years": []}
    first, last = tried.found.first, tried.found.last
    plans = {one.name: one for one in tried.found.plans}
    own, other = plans[OWN], plans.get(OTHER)
    rows = list(_units(own, other, first, last, to))
    unjudged = len(own.unjudged)
    return {
        "span": (to.day(first), to.day(last)),
        "sums": list(_sums(own, other, to)),
        "mails": list(_mails(own, other, plan, (last - first).days + 1, to)),
        "rows": rows,
        "quiet": own.units - unjudged - len(rows),
        "unjudged": unjudged,
        "years": [_place(date(year, 1, 1), first, last) for year in range(first.year + 1, last.year + 1)],
    }


def _sums(own: TestedPlan, other: TestedPlan | None, to: Writing) -> Iterator[Row]:
    words, [mine] = WORDS[to.language], own.targets
    theirs = other.targets[0] if other else None
    for name, word in (
        ("alerts", words.alerts),
        ("open", words.open),
        ("days", words.days),
        ("flaps", words.flaps),
        ("warnings", words.warnings),
    ):
        yield Row(word, to.plain(getattr(mine, name)), to.plain(getattr(theirs, name)) if theirs else to.words.none)


def _mails(own: TestedPlan, other: TestedPlan | None, plan: Plan, days: int, to: Writing) -> Iterator[Row]:
    """By recipient."""
    told = [one.recipient for one in (*own.weeks, *(other.weeks if other else ()))]
    for recipient in dict.fromkeys(told):
        name = plan.recipients[recipient].name if recipient in plan.recipients else recipient
        yield Row(
            name, _weeks(own, recipient, days, to), _weeks(other, recipient, days, to) if other else to.words.none
        )


def _weeks(of: TestedPlan, recipient: str, days: int, to: Writing) -> str:
    """All mails; those of a week on average, and at most."""
    mails = [one.mails for one in of.weeks if one.recipient == recipient]
    mean = often(sum(mails) * 7 / days, to.language)
    return to.say(to.words.try_limit_mails, n=sum(mails), mean=mean, most=str(max(mails, default=0)))


def _units(own: TestedPlan, other: TestedPlan | None, first: date, last: date, to: Writing) -> Iterator[UnitRow]:
    """The units that would have alerted, those that would most first."""
    alerts = [_by_unit(one) for one in (own, other) if one]
    mine, theirs = alerts[0], alerts[1] if other else {}
    for unit in sorted({*mine, *theirs}, key=lambda unit: (-len(mine.get(unit, ())), -len(theirs.get(unit, ())), unit)):
        some = mine.get(unit, []), theirs.get(unit, [])
        name = to.place((some[0] or some[1])[0].unit_name, unit)
        label = to.say(to.words.try_limit_strip, unit=name, own=len(some[0]), other=len(some[1]))
        strips = [_spell(one, first, last) for one in some[0]], [_spell(one, first, last) for one in some[1]]
        yield UnitRow(name, label, strips, ([_said(one, to) for one in some[0]], [_said(one, to) for one in some[1]]))


def _by_unit(of: TestedPlan) -> Mapping[str, Sequence[RaisedAlert]]:
    found: dict[str, list[RaisedAlert]] = {}
    for one in of.alerts:
        if one.kind == "breach":
            found.setdefault(one.unit, []).append(one)
    return found


def _spell(one: RaisedAlert, first: date, last: date) -> Spell:
    begins, ends = (_place(day, first, last) for day in (one.raised, one.closed or last))
    return Spell(begins, max(0.4, round(ends - begins, 2)))


def _place(day: date, first: date, last: date) -> float:
    """How far along the days one lies, in hundredths."""
    return round(100 * (day - first).days / max(1, (last - first).days), 2)


def _said(one: RaisedAlert, to: Writing) -> str:
    if one.closed is None:
        return to.say(to.words.try_limit_open, first=to.day(one.raised))
    return to.say(to.words.try_limit_spell, first=to.day(one.raised), last=to.day(one.closed))
