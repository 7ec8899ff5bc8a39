"""``GET /v1/alerts/{plan}/{target}/{unit}``: the whole story of one alert, as far back as it is kept."""

from collections.abc import Sequence
from datetime import date

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from services.alerts.api.door import Pool, connected
from services.alerts.api.own import within
from services.alerts.domain.alert.observation import SeriesKey
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.alert.telling import View
from services.alerts.domain.handling.handled import handled
from services.alerts.domain.handling.handling import Handling
from services.alerts.repository import handlings, history, mails, parts
from services.alerts.repository.kept_days import Stored
from services.alerts.repository.mails import MailOfAlert
from shared.access.needs import NEED, READ_ALERTS
from shared.access.rights import Sight
from shared.contracts.alerts import AlertChanged, HandlingKind
from shared.kit.clock import Clock

MOST = 1_000
"""Steps, and mails, that are told of: the latest."""


class HandlingShown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was done about the alert: by whom, when, until when, why, and to whom it went."""

    kind: HandlingKind
    by: str
    at: str
    day: date
    episode: str | None = None
    until: date | None = None
    note: str | None = None
    to: tuple[str, ...] = ()


class DayValue(msgspec.Struct, frozen=True, omit_defaults=True):
    """The value of a day, or (``ahead`` days) as it was known so long before; without a number ``status`` says why."""

    on: date
    status: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    ahead: int = 0


class Story(msgspec.Struct):
    """An alert as it stands, its steps (newest first), who was told, what was done, and its values by day."""

    alert: View
    steps: list[AlertChanged]
    mails: list[MailOfAlert]
    handlings: list[HandlingShown]
    values: list[DayValue]


def routes(pool: Pool, clock: Clock) -> list[HTTPRouteHandler]:
    """The story; asking for it changes nothing."""

    @get(
        "/v1/alerts/{plan:str}/{target:str}/{unit:str}", opt={NEED: READ_ALERTS}, summary="The whole story of an alert"
    )
    async def story(
        plan: FromPath[str], target: FromPath[str], unit: FromPath[str], sight: NamedDependency[Sight]
    ) -> Story:
        """Of an alert that a running plan asks for."""
        alert = Alert(plan, target, unit)
        async with connected(pool) as connection:
            await within(connection, sight, unit)
            view = await history.view(connection, alert)
            if view is None:
                raise NotFoundException("no running plan asks for this alert")
            rows = (await handlings.load(connection, [alert])).get(alert, ())
            series = SeriesKey(unit, view.occupation, view.metric, view.gender, view.age)
            return Story(
                msgspec.structs.replace(view, handling=handled(rows, view.episode, clock.today())),
                await history.of_alert(connection, alert, MOST),
                await mails.of_alert(connection, alert, MOST),
                [_shown(one) for one in rows],
                _by_day(await parts.values(connection, series)),
            )

    return [story]


def _shown(one: Handling) -> HandlingShown:
    return HandlingShown(
        kind=one.kind,
        by=one.by,
        at=one.at.isoformat(),
        day=one.day,
        episode=one.episode,
        until=one.until,
        note=one.note,
        to=one.to,
    )


def _by_day(stored: Sequence[Stored]) -> list[DayValue]:
    ordered = sorted(stored, key=lambda one: (one.as_of, one.horizon))
    return [DayValue(one.as_of, one.status, one.value, one.low, one.high, one.horizon) for one in ordered]
