"""An alert's page: where it stands, its values day by day, what happened, and who was told."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec.structs import astuple, replace

from services.alerts.board import drawing
from services.alerts.board.answer import Asked, page
from services.alerts.board.board import Board, Missing
from services.alerts.board.by_months import ByMonths, charted_of
from services.alerts.board.drawing import Drawing, Label, Mark, Rule
from services.alerts.board.links import alert_path
from services.alerts.board.orders import UnwrittenError, forms, order, refusal
from services.alerts.board.promise import actions, ends, has_number, numbers_of, promise_line, recipient_name
from services.alerts.board.sent import NOTHING_SENT, form, key, new_key, who
from services.alerts.board.writing import Writing
from services.alerts.carrying_out import MisdatedError, RefusedOrderError, UnknownAlertError, carry_out
from services.alerts.domain.alert.observation import SeriesKey
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.alert.telling import View
from services.alerts.domain.handling.handled import handled
from services.alerts.domain.handling.handling import Handling
from services.alerts.domain.letter.facts import title
from services.alerts.domain.letter.people import BEHIND
from services.alerts.domain.plan.plan import Version, limit
from services.alerts.domain.plan.progress import standings
from services.alerts.repository import groups, handlings, history, mails, parts
from services.alerts.repository.kept_days import Stored
from services.alerts.repository.mails import MailOfAlert
from shared.access.needs import HANDLE, NEED
from shared.contracts.alerts import AlertChanged

MOST_STEPS, MOST_MAILS = 200, 200
EVERY_DAYS = 7
"""So many days lie between the days that are written below the chart."""


class DayRow(NamedTuple):
    """A day in the table beside the chart."""

    day: str
    value: str
    interval: str
    says: str


class StepRow(NamedTuple):
    """Something that happened: the day it is of, what, and when it was noticed, with the value at that time."""

    day: str
    state: str
    says: str
    noticed: str


class MailRow(NamedTuple):
    """Who was told what, and what became of it."""

    recipient: str
    about: str
    state: str
    when: str


class DoneRow(NamedTuple):
    """Something that was done about the alert: when, by whom, what, and the rest of it."""

    when: str
    by: str
    what: str
    note: str


def routes(board: Board) -> list[HTTPRouteHandler]:
    """The handlers: the page, and what its forms send."""

    @get("/alerts/{plan:str}/{target:str}/{unit:path}")
    async def alert_page(
        request: Asked, plan: FromPath[str], target: FromPath[str], unit: FromPath[str]
    ) -> Response[str]:
        return await _shown(board, request, Alert(plan, target, unit.removeprefix("/")))

    @post("/alerts/{plan:str}/{target:str}/{unit:path}", opt={NEED: HANDLE}, status_code=303)
    async def ordered(
        request: Asked, plan: FromPath[str], target: FromPath[str], unit: FromPath[str]
    ) -> Response[str] | Redirect:
        """What a person does about the alert; once, however often the form is sent."""
        alert = Alert(plan, target, unit.removeprefix("/"))
        sent = await form(request, board.address)
        try:
            asked = order(sent)
            async with board.connected() as connection:
                board.inside(request, await board.unit(connection, alert.unit))
                await carry_out(connection, board.clock, alert, key(sent), asked, who(request))
        except UnknownAlertError:
            raise Missing("no_promise", alert.target) from None
        except (UnwrittenError, MisdatedError, RefusedOrderError) as error:
            return await _shown(board, request, alert, error, sent)
        return Redirect(f"{alert_path(*astuple(alert))}#handling", status_code=303)

    return [alert_page, ordered]


async def _shown(
    board: Board, request: Asked, alert: Alert, error: Exception | None = None, sent: Mapping[str, str] = NOTHING_SENT
) -> Response[str]:
    """The page; after a form that was refused it says why, and still holds what was written."""
    to = board.writing(request)
    async with board.connected() as connection:
        place = await board.unit(connection, alert.unit)
        board.inside(request, place)
        view = await history.view(connection, alert)
        if view is None:
            raise Missing("no_promise", alert.target)
        key = SeriesKey(view.unit, view.occupation, view.metric, view.gender, view.age)
        stored = await parts.values(connection, key)
        windows = await groups.windows(connection, [(view.unit, view.occupation)])
        steps = await history.of_alert(connection, alert, MOST_STEPS)
        told = await mails.of_alert(connection, alert, MOST_MAILS)
        done = (await handlings.load(connection, [alert])).get(alert, ())
        plans = await board.plans(connection)
        today = await board.today(connection)
        updates = await board.updates(connection, list(plans.values()))
        progress = standings(updates, today)
    view = replace(view, handling=handled(done, view.episode, board.clock.today()))
    version, plan, target = plans.get(alert.plan), alert.plan, alert.target
    held = version.plan.target(target, place.path) if version and target in version.plan.targets else None
    days = [] if view.ruled else sorted((one for one in stored if not one.horizon), key=lambda one: one.as_of)
    by_months = ByMonths(board.metrics(request), plans, updates, today, to)
    line = await by_months.judged(promise_line(view, to, plans), charted_of(view, place))
    return page(
        request,
        to,
        "alert.html",
        to.say(to.words.alert_of, metric=line.metric, unit=line.unit_name),
        view=view,
        line=line,
        plan_title=title(version.plan.title, to.language, version.plan.language) if version else plan,
        meaning=to.words.meaning[line.state],
        behind=behind(view, _window(view, windows.get((view.unit, view.occupation), 0)), to),
        ends=ends(view, to, numbers_of(view, to)),
        drawing=_drawing(days, view, to),
        days=[_day(one, view, to) for one in reversed(days)],
        steps=[_step(one, view, to) for one in steps],
        mails=[_mail(one, version, to) for one in told],
        actions=actions(version.plan, held, progress, today, to) if version and held else (),
        done=[_done(one, version, to) for one in reversed(done)],
        forms=forms(view, version, new_key()) if board.may(request, HANDLE, [place]) else None,
        sent=sent,
        refused=refusal(error, to) if error else "",
        link_over=not board.link_holds(request, alert),
        today=today,
        status=422 if error else 200,
    )


def _window(view: View, days: int) -> int:
    """Over how many days the value is counted: those of its month, where a rule judges months."""
    return view.value_on.day if view.ruled and view.value_on else days


def behind(view: View, window: int, to: Writing) -> str:
    """What the number is made of, as people would say it; nothing where it is hidden."""
    pattern = BEHIND[to.language].get(view.metric)
    if pattern is None or not has_number(view) or view.numerator is None or view.denominator is None:
        return ""
    words = to.mail_words
    span = words.months.format(until=to.day(view.until)) if view.until else to.say(words.window, window=window)
    return to.say(pattern, n=view.numerator, d=view.denominator, span=span)


def _drawing(days: Sequence[Stored], view: View, to: Writing) -> Drawing | None:
    """The values of the days with their intervals and the limit; none of what is hidden now."""
    known = [one for one in days if one.value is not None]
    breach = limit(view.side, view.threshold)
    if len(known) < 2 or not has_number(view) or breach is None:
        return None
    number = numbers_of(view, to)
    first, last = days[0].as_of, days[-1].as_of
    places = {first + timedelta(n): x for n, x in enumerate(drawing.across((last - first).days + 1))}
    several = [one for each in known for one in (each.value, each.low, each.high) if one is not None]
    on = drawing.scale([*several, breach.value])
    xs, values = [places[one.as_of] for one in days], [one.value for one in days]
    marks = [
        Mark(
            x,
            on.y(value),
            "diamond" if breach.passed(value) else "dot",
            "concern" if breach.passed(value) else "ordinary",
        )
        for x, value in zip(xs, values, strict=True)
        if value is not None
    ]
    name = to.say(
        to.words.values_by_day_label,
        metric=to.metric(view.metric),
        first=to.day(first),
        last=to.day(last),
        limit=number(breach.value),
    )
    bands = drawing.band(xs, [one.low for one in days], [one.high for one in days], on)
    rules = [Rule(on.y(breach.value), "plan", number(breach.value))]
    beside = [Label(on.y(value), number(value)) for value in drawing.ticks(on)]
    below = [Label(x, f"{day.day}/{day.month}") for day, x in places.items() if day.weekday() == 0 and 8 <= x <= 80]
    return Drawing(name, drawing.lines(xs, values, on), bands, rules, marks, below, beside)


def _day(one: Stored, view: View, to: Writing) -> DayRow:
    number = numbers_of(view, to)
    if one.value is None or not has_number(view):
        return DayRow(to.day(one.as_of), "–", "–", to.words.no_number.get(one.status, ""))
    breach = limit(view.side, view.threshold)
    beyond = breach is not None and breach.passed(one.value)
    return DayRow(
        to.day(one.as_of), number(one.value), number.between(one.low, one.high), to.words.beyond if beyond else ""
    )


def _step(one: AlertChanged, view: View, to: Writing) -> StepRow:
    """The value is that of the day on which it was noticed, not of the day that the step is of."""
    value = numbers_of(view, to)(one.value) if one.value is not None and has_number(view) else ""
    noticed = to.words.noticed_value if value else to.words.noticed
    return StepRow(
        to.day(one.on), one.new, to.words.reasons[one.reason], noticed.format(when=to.moment(one.decided), value=value)
    )


def _mail(one: MailOfAlert, version: Version | None, to: Writing) -> MailRow:
    words = to.words
    known = version.plan.recipients.get(one.recipient) if version else None
    about = words.mail_reasons.get(one.reason, one.reason)
    became = _became(one, by_webhook=bool(known and known.webhook), to=to)
    return MailRow(recipient_name(one.recipient, version), about, became, to.moment(one.sent or one.created))


def _done(one: Handling, version: Version | None, to: Writing) -> DoneRow:
    words, whom = to.words, ", ".join(recipient_name(name, version) for name in one.to)
    until = to.day(one.until) if one.until else ""
    rest = " · ".join(
        part for part in (whom, f"{words.to_day.lower()} {until}" if until else "", one.note or "") if part
    )
    return DoneRow(to.moment(one.at), to.person(one.by), words.kinds[one.kind], rest)


def _became(one: MailOfAlert, to: Writing, *, by_webhook: bool) -> str:
    if by_webhook and one.state == "sent":
        return to.words.webhook_taken
    return to.words.mail_states.get(one.state, one.state)
