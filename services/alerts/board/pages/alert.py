"""An alert's page: where it stands, its values day by day, what happened, and who was told."""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from services.alerts.board import drawing
from services.alerts.board.answer import Asked, page
from services.alerts.board.board import Board, Missing
from services.alerts.board.drawing import Drawing, Label, Mark, Rule
from services.alerts.board.promise import actions, has_number, numbers_of, promise_line
from services.alerts.board.writing import Writing
from services.alerts.domain.alert.observation import SeriesKey
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.alert.telling import View
from services.alerts.domain.letter.facts import title
from services.alerts.domain.letter.people import BEHIND
from services.alerts.domain.plan.plan import Limit, Version
from services.alerts.repository import board as shown
from services.alerts.repository import groups, observations
from services.alerts.repository.board import MailTold
from services.alerts.repository.observations import Stored
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
    """Something that happened: the day it is of, what, the value then, and when it was noticed."""

    day: str
    state: str
    says: str
    value: str
    noticed: str


class MailRow(NamedTuple):
    """Who was told what, and what became of it."""

    recipient: str
    about: str
    state: str
    when: str


def route(board: Board) -> HTTPRouteHandler:
    """The handler."""

    @get("/alerts/{plan:str}/{target:str}/{unit:path}")
    async def alert_page(
        request: Asked, plan: FromPath[str], target: FromPath[str], unit: FromPath[str]
    ) -> Response[str]:
        to, alert = board.writing(request), Alert(plan, target, unit.removeprefix("/"))
        async with board.connected() as connection:
            place = await board.unit(connection, alert.unit)
            board.inside(request, place)
            view = await shown.view(connection, alert)
            if view is None:
                raise Missing("no_promise", alert.target)
            key = SeriesKey(view.unit, view.occupation, view.metric)
            stored = (await observations.load(connection, [key])).get(key, [])
            windows = await groups.windows(connection, [(view.unit, view.occupation)])
            steps = await shown.steps(connection, alert, MOST_STEPS)
            mails = await shown.told(connection, alert, MOST_MAILS)
            plans = await board.plans(connection)
            today = await board.today(connection)
            progress = await board.progress(connection, list(plans.values()), today)
        version = plans.get(plan)
        held = version.plan.target(target, place.path) if version and target in version.plan.targets else None
        days = sorted((one for one in stored if not one.horizon), key=lambda one: one.as_of)
        line = promise_line(view, to)
        return page(
            request,
            to,
            "alert.html",
            to.say(to.words.alert_of, metric=line.metric, unit=line.unit_name),
            view=view,
            line=line,
            plan_title=title(version.plan.title, to.language, version.plan.language) if version else plan,
            meaning=to.words.meaning[line.state],
            behind=behind(view, windows.get((view.unit, view.occupation), 0), to),
            ends=_ends(view, to),
            drawing=_drawing(days, view, to),
            days=[_day(one, view, to) for one in reversed(days)],
            steps=[_step(one, view, to) for one in steps],
            mails=[_mail(one, version, to) for one in mails],
            actions=actions(version.plan, held, progress, today, to) if version and held else (),
            today=today,
        )

    return alert_page


def behind(view: View, window: int, to: Writing) -> str:
    """What the number is made of, as people would say it; nothing where it is hidden."""
    pattern = BEHIND[to.language].get(view.metric)
    if pattern is None or not has_number(view) or view.numerator is None or view.denominator is None:
        return ""
    words = to.mail_words
    span = words.months.format(until=to.day(view.until)) if view.until else to.say(words.window, window=window)
    return to.say(pattern, n=view.numerator, d=view.denominator, span=span)


def _ends(view: View, to: Writing) -> str:
    if view.clear is None:
        return ""
    other = to.mail_words.side["below" if view.side == "above" else "above"]
    return f"{other} {numbers_of(view, to)(view.clear)}"


def _drawing(days: Sequence[Stored], view: View, to: Writing) -> Drawing | None:
    """The values of the days with their intervals and the limit; none of what is hidden now."""
    known = [one for one in days if one.value is not None]
    if len(known) < 2 or not has_number(view):
        return None
    number, limit = numbers_of(view, to), Limit(view.side, view.threshold)
    first, last = days[0].as_of, days[-1].as_of
    places = {first + timedelta(n): x for n, x in enumerate(drawing.across((last - first).days + 1))}
    several = [one for each in known for one in (each.value, each.low, each.high) if one is not None]
    on = drawing.scale([*several, view.threshold])
    xs, values = [places[one.as_of] for one in days], [one.value for one in days]
    marks = [
        Mark(
            x,
            on.y(value),
            "diamond" if limit.passed(value) else "dot",
            "concern" if limit.passed(value) else "ordinary",
        )
        for x, value in zip(xs, values, strict=True)
        if value is not None
    ]
    name = to.say(
        to.words.values_by_day_label,
        metric=to.metric(view.metric),
        first=to.day(first),
        last=to.day(last),
        limit=number(view.threshold),
    )
    bands = drawing.band(xs, [one.low for one in days], [one.high for one in days], on)
    rules = [Rule(on.y(view.threshold), "plan", number(view.threshold))]
    beside = [Label(on.y(value), number(value)) for value in drawing.ticks(on)]
    below = [Label(x, f"{day.day}/{day.month}") for day, x in places.items() if day.weekday() == 0 and 4 <= x <= 84]
    return Drawing(name, drawing.lines(xs, values, on), bands, rules, marks, below, beside)


def _day(one: Stored, view: View, to: Writing) -> DayRow:
    number = numbers_of(view, to)
    if one.value is None or not has_number(view):
        return DayRow(to.day(one.as_of), "–", "–", to.words.no_number.get(one.status, ""))
    beyond = Limit(view.side, view.threshold).passed(one.value)
    return DayRow(
        to.day(one.as_of), number(one.value), number.between(one.low, one.high), to.words.beyond if beyond else ""
    )


def _step(one: AlertChanged, view: View, to: Writing) -> StepRow:
    value = numbers_of(view, to)(one.value) if has_number(view) else "–"
    return StepRow(to.day(one.on), one.new, to.words.reasons[one.reason], value, to.moment(one.decided))


def _mail(one: MailTold, version: Version | None, to: Writing) -> MailRow:
    words = to.words
    known = version.plan.recipients.get(one.recipient) if version else None
    who = known.name if known else one.recipient
    about = words.mail_reasons.get(one.reason, one.reason)
    return MailRow(who, about, _became(one, to), to.moment(one.sent or one.created))


def _became(one: MailTold, to: Writing) -> str:
    if one.by_webhook and one.state == "sent":
        return to.words.webhook_taken
    return to.words.mail_states.get(one.state, one.state)
