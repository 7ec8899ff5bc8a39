"""What the figures stand on: sources, deliveries, what was put aside, what contradicts itself, what is hidden.

How each source stands is told everybody: their own numbers stand on it. What is counted over all units, or names units
that nobody knows, is told whoever may see all of them, audit or operate.
"""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler

from services.alerts.board.answer import Asked, page
from services.alerts.board.board import Board
from services.alerts.board.links import promises_path
from services.alerts.board.writing import Writing
from services.alerts.metrics_service import MetricsAwayError
from services.alerts.repository import board as shown
from services.alerts.repository.board import Filter, PutAside
from shared.contracts.anomalies import Anomalies
from shared.contracts.dead_letters import Letters
from shared.contracts.deliveries import OpenDelivery
from shared.contracts.metrics import ALL
from shared.contracts.sources import SourceReported
from shared.contracts.topics import HR_EVENTS


class KindRow(NamedTuple):
    """One kind of data of a source."""

    source: str
    kind: str
    cadence: str
    until: str
    late: bool
    drop: str
    contact: str


def route(board: Board) -> HTTPRouteHandler:
    """The handler."""

    @get("/data")
    async def data_page(request: Asked) -> Response[str]:
        to, whole = board.writing(request), board.whole(request)
        async with board.connected() as connection:
            sources = await shown.sources(connection)
            aside = await shown.put_aside(connection) if whole else []
            hidden = await shown.hidden(connection, Filter(own=board.own(request)))
            mails = await shown.mails(connection) if whole else {}
            today = await board.today(connection)
        metrics = board.metrics(request)
        try:
            deliveries, anomalies, letters = await asyncio.gather(
                metrics.deliveries(), metrics.anomalies(ALL), metrics.put_aside()
            )
            away = False
        except MetricsAwayError:
            deliveries, anomalies, letters, away = None, None, None, True
        words = to.words
        return page(
            request,
            to,
            "data.html",
            words.data,
            sources=[row for source in sources for row in _kinds(source, to)],
            unknown=sorted({unit for source in sources for unit in source.unknown_units}) if whole else [],
            deliveries=[_delivery(one, to) for one in deliveries.deliveries] if deliveries else None,
            aside=_aside(aside, letters, to) if whole else None,
            anomalies=_anomalies(anomalies, to) if anomalies else None,
            hidden=[
                (
                    to.metric(name),
                    words.no_number.get(status or "none", words.no_number["none"]),
                    count,
                    promises_path({"metric": name}),
                )
                for name, status, count in hidden
            ],
            mails=[(words.mail_states.get(state, state), count) for state, count in sorted(mails.items())],
            away=away,
            today=today,
        )

    return data_page


def _kinds(source: SourceReported, to: Writing) -> list[KindRow]:
    return [
        KindRow(
            source.source,
            kind.kind,
            kind.cadence,
            to.day(kind.fresh_until),
            kind.late,
            to.say(to.words.dropped, events=kind.drop.events, day=to.day(kind.drop.day), usual=kind.drop.usual)
            if kind.drop
            else "",
            source.contact.name,
        )
        for kind in source.kinds
    ]


def _aside(own: Sequence[PutAside], letters: Letters | None, to: Writing) -> list[tuple[str, str, int, str]]:
    """Where messages that were put aside came from, why, how many they are, and since when."""
    why = to.words.put_aside
    theirs = sorted(letters.waiting.items()) if letters else []
    return [
        *((HR_EVENTS.name, why.get(reason, reason), count, to.words.none) for reason, count in theirs),
        *((one.topic, why.get(one.reason, one.reason), one.messages, to.moment(one.last)) for one in own),
    ]


def _delivery(one: OpenDelivery, to: Writing) -> tuple[str, str, str, str, str]:
    words = to.words
    arrived = words.arrived_of.format(arrived=one.arrived, of=one.of) if one.of is not None else f"{one.arrived}"
    until = words.given_up if one.given_up else to.moment(one.held_until)
    units = words.everywhere if ALL in one.units else ", ".join(one.units)
    return one.source, one.id, arrived, until, units


def _anomalies(found: Anomalies, to: Writing) -> list[tuple[str, int]]:
    return [(getattr(kind.why, to.language), kind.count) for kind in found.kinds if kind.count]
