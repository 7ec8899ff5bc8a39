"""What the API shows: the present views and the steps that led there."""

from datetime import datetime
from typing import NamedTuple

import asyncpg
import msgspec

from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.alert.telling import View
from shared.contracts.alerts import CHANGED, AlertChanged

_VIEWS = """
select view::text from standings
where watched and ($1::text is null or plan = $1) and ($2::text[] is null or unit = any($2))
order by plan, target, unit
"""
_VIEW = "select view::text from standings where watched and (plan, target, unit) = ($1, $2, $3)"
_OF_ALERT = """
select body::text from transitions where (plan, target, unit, type) = ($1, $2, $3, $4) order by seq desc limit $5
"""
_STANDING = """
select plan, target, unit, watched, view::text, evaluated, round from standings
where (round, plan, target, unit) > ($1, $2, $3, $4) order by round, plan, target, unit limit $5
"""
_TRANSITIONS = """
select body::text from transitions
where type = $4 and ($1::text is null or plan = $1) and ($2::text[] is null or unit = any($2))
order by seq desc limit $3
"""


class Shown(NamedTuple):
    """An alert as it was last judged; ``view`` is None once no plan asks for it. ``place`` is where a reader was."""

    alert: Alert
    view: View | None
    evaluated: datetime
    place: tuple[int, str, str, str]


START = (-1, "", "", "")
"""The place before the first."""


def over(place: tuple[int, str, str, str]) -> tuple[int, str, str, str]:
    """The place after all of its round, which is there as a whole or not at all: none of it is looked at again."""
    return place[0] + 1, "", "", ""


async def judged(connection: asyncpg.Connection, after: tuple[int, str, str, str], most: int) -> list[Shown]:
    """The next alerts in the order they were judged, after a place."""
    return [
        Shown(
            Alert(plan, target, unit),
            _view(view) if watched else None,
            evaluated,
            (number, plan, target, unit),
        )
        for plan, target, unit, watched, view, evaluated, number in await connection.fetch(_STANDING, *after, most)
    ]


def _view(stored: str) -> View | None:
    try:
        return msgspec.json.decode(stored, type=View)
    except msgspec.DecodeError:  # the next judgement writes it anew
        return None


async def views(connection: asyncpg.Connection, plan: str | None, units: list[str] | None) -> list[View]:
    """Every alert that is being judged; None leaves a filter out."""
    found = [_view(row[0]) for row in await connection.fetch(_VIEWS, plan, units)]
    return [view for view in found if view]


async def view(connection: asyncpg.Connection, alert: Alert) -> View | None:
    """How an alert stands; None of one that no plan asks for."""
    stored = await connection.fetchval(_VIEW, alert.plan, alert.target, alert.unit)
    return _view(stored) if stored else None


async def of_alert(connection: asyncpg.Connection, alert: Alert, most: int) -> list[AlertChanged]:
    """The latest steps of an alert, newest first."""
    found = await connection.fetch(_OF_ALERT, alert.plan, alert.target, alert.unit, CHANGED, most)
    return [msgspec.json.decode(row[0], type=AlertChanged) for row in found]


async def transitions(
    connection: asyncpg.Connection, plan: str | None, units: list[str] | None, most: int
) -> list[AlertChanged]:
    """The latest steps, newest first."""
    found = await connection.fetch(_TRANSITIONS, plan, units, most, CHANGED)
    return [msgspec.json.decode(row[0], type=AlertChanged) for row in found]
