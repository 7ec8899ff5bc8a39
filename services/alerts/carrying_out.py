"""Carrying out what a person orders about an alert: once, however often it is sent, and only what can be done."""

import asyncpg

from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.handling.handled import Handled, handled, misdated, objection
from services.alerts.domain.handling.handling import Handling, Order, same
from services.alerts.repository import handlings
from shared.kit.clock import Clock


class UnknownAlertError(Exception):
    """No running plan asks for the alert."""


class MisdatedError(Exception):
    """The day on which something is to end cannot be; the message says which can."""


class RefusedOrderError(Exception):
    """It cannot be done about the alert as it is, or its key was used for something else; the message says why."""


async def carry_out(
    connection: asyncpg.Connection, clock: Clock, alert: Alert, key: str, asked: Order, by: str
) -> Handled:
    """How the alert is handled once it is done, in a transaction of its own.

    The same ``key`` with the same order of the same person does nothing more. Raises UnknownAlertError, MisdatedError
    and RefusedOrderError.
    """
    today = clock.today()
    async with connection.transaction():
        stands = await handlings.stands(connection, alert)
        if stands is None:
            raise UnknownAlertError
        one = _row(f"order/{key}", asked, stands.episode, by, clock)
        rows = list((await handlings.load(connection, [alert])).get(alert, ()))
        if not _repeated(await handlings.find(connection, one.key), alert, asked, by):
            _check(asked, rows, stands.episode, clock)
            if not await handlings.save(connection, alert, one):
                raise RefusedOrderError("this key is being used for another order right now")
            rows.append(one)
    return handled(rows, stands.episode, today)


def _check(asked: Order, rows: list[Handling], episode: str | None, clock: Clock) -> None:
    if wrong := misdated(asked.until, clock.today()):
        raise MisdatedError(wrong)
    if why := objection(asked, rows, episode, clock.today()):
        raise RefusedOrderError(why)


def _repeated(before: tuple[Alert, Handling] | None, alert: Alert, asked: Order, by: str) -> bool:
    """Whether the key was used for the same before."""
    if before is None:
        return False
    if before[0] != alert or not same(before[1], asked, by):
        raise RefusedOrderError("this key was used for another order before")
    return True


def _row(key: str, asked: Order, episode: str | None, by: str, clock: Clock) -> Handling:
    return Handling(
        key=key,
        kind=asked.kind,
        episode=episode,
        by=by,
        at=clock.now(),
        day=clock.today(),
        until=asked.until,
        note=asked.note,
        to=asked.to,
    )
