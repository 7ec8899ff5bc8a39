"""``POST /v1/alerts/{plan}/{target}/{unit}/…``: what a person does about an alert. Only an order does: a look never."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import Request, post
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException, NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, HeaderParameter, JSONBody

from services.alerts.api.door import Pool, connected
from services.alerts.api.own import within
from services.alerts.carrying_out import MisdatedError, RefusedOrderError, UnknownAlertError, carry_out
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.handling.handled import Handled
from services.alerts.domain.handling.handling import Order
from shared.access.needs import HANDLE, NEED
from shared.contracts.problems import Fault
from shared.kit.access.guard import seen, who
from shared.kit.clock import Clock
from shared.kit.problems import refuse

Note = Annotated[str, msgspec.Meta(min_length=1, max_length=1000, pattern=r"\S")]
Who = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"\S")]
Key = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="a text of your own, the same when the order is sent again: it is carried out once",
    ),
]
Carried = Callable[[Order], Awaitable[Handled]]
Handler = Callable[..., Awaitable[Handled]]
CONFLICT = 409
ALERT = "/v1/alerts/{plan:str}/{target:str}/{unit:str}"
OPTIONS = {NEED: HANDLE}


class Acknowledge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """You have taken the alert on; it ends with the alert, on the day ``until`` at the latest."""

    until: date | None = None
    note: Note | None = None


class Assign(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is to see to it: a recipient of the plan, or any name."""

    to: Who
    note: Note | None = None


class Comment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something to know about the alert. Others read it: nothing about a person's health."""

    note: Note


class Snooze(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Nobody is mailed of the alert before the day ``until``, and why. What has happened by then is told then."""

    until: date
    note: Note


class TakeBack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """You have not taken the alert on any more, or it is not to be snoozed any more."""

    note: Note | None = None


def routes(pool: Pool, clock: Clock) -> list[HTTPRouteHandler]:
    """The orders. Each answers how the alert is handled then; the same key again answers the same and does nothing."""

    async def carried(
        request: Request[Any, Any, Any], plan: FromPath[str], target: FromPath[str], unit: FromPath[str], key: Key
    ) -> Carried:
        """What carries out an order of the caller about the alert that the path names."""
        alert = Alert(plan, target, unit)
        return lambda asked: _carried_out(pool, clock, request, alert, key, asked)

    def order(name: str, summary: str) -> Callable[[Handler], HTTPRouteHandler]:
        done = {"done": Provide(carried)}
        return post(f"{ALERT}/{name}", opt=OPTIONS, summary=summary, status_code=200, dependencies=done)

    @order("acknowledge", "Take an alert on")
    async def acknowledge(data: JSONBody[Acknowledge], done: NamedDependency[Carried]) -> Handled:
        """Nobody is turned to as long as it holds. Reminders go on, and an end is told."""
        return await done(Order("acknowledged", data.until, data.note))

    @order("unacknowledge", "Take it on no more")
    async def unacknowledge(data: JSONBody[TakeBack], done: NamedDependency[Carried]) -> Handled:
        """From now on it is nobody's, and working days are counted anew."""
        return await done(Order("unacknowledged", note=data.note))

    @order("assign", "Say who is to see to it")
    async def assign(data: JSONBody[Assign], done: NamedDependency[Carried]) -> Handled:
        """It ends with the alert. To be assigned is not to have acknowledged."""
        return await done(Order("assigned", None, data.note, (data.to,)))

    @order("comment", "Comment on an alert")
    async def comment(data: JSONBody[Comment], done: NamedDependency[Carried]) -> Handled:
        """Also when it does not fire."""
        return await done(Order("commented", note=data.note))

    @order("snooze", "Have no mail until a day")
    async def snooze(data: JSONBody[Snooze], done: NamedDependency[Carried]) -> Handled:
        """Also when it does not fire: a beginning, too, is told when the snooze ends."""
        return await done(Order("snoozed", data.until, data.note))

    @order("unsnooze", "Have mail again")
    async def unsnooze(data: JSONBody[TakeBack], done: NamedDependency[Carried]) -> Handled:
        """What waited is mailed now."""
        return await done(Order("awakened", note=data.note))

    return [acknowledge, unacknowledge, assign, comment, snooze, unsnooze]


async def _carried_out(
    pool: Pool, clock: Clock, request: Request[Any, Any, Any], alert: Alert, key: str, asked: Order
) -> Handled:
    try:
        async with connected(pool) as connection:
            await within(connection, seen(request), alert.unit)
            return await carry_out(connection, clock, alert, key, asked, who(request).name)
    except UnknownAlertError:
        raise NotFoundException("no running plan asks for this alert") from None
    except MisdatedError as error:
        refuse(Fault(reason="invalid_value", path="$.until", detail=f"until {error}"))
    except RefusedOrderError as error:
        raise HTTPException(str(error), status_code=CONFLICT) from None
