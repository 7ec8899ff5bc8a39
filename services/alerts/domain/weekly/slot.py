"""When weekly summaries are written: at an hour of the plan's own time zone, once for each week that was not missed."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from services.alerts.domain.plan.digest import WEEKDAYS
from services.alerts.domain.plan.plan import Rhythm

WEEK = timedelta(7)


class Kept(NamedTuple):
    """How far a recipient's summaries have come: told of everything until ``told``.

    ``slot`` is the last hour at which one was to be written by the ``rhythm`` of then, whether or not one was.
    """

    rhythm: str
    slot: datetime
    told: datetime


class Step(NamedTuple):
    """What is kept from now on, and, where a summary is to be written, since when it tells (None: none is)."""

    kept: Kept
    since: datetime | None


def latest(rhythm: Rhythm, zone: ZoneInfo, now: datetime) -> datetime:
    """The last instant, not after ``now``, at which a summary was to be written.

    An hour that the clocks skip is as much later as they skip; of one that comes twice it is the first.
    """
    today = now.astimezone(zone).date()
    day = today - timedelta((today.weekday() - WEEKDAYS.index(rhythm.on)) % 7)
    found = _instant(rhythm, zone, day)
    return found if found <= now else _instant(rhythm, zone, day - WEEK)


def _instant(rhythm: Rhythm, zone: ZoneInfo, day: date) -> datetime:
    return datetime.combine(day, rhythm.at, zone).astimezone(UTC)


def step(kept: Kept | None, rhythm: Rhythm, zone: ZoneInfo, now: datetime) -> Step:
    """What to do now. Of several weeks that were missed, one summary tells.

    A new rhythm begins with the next of its hours: nobody is written to because a plan has changed.
    """
    named, slot = f"{rhythm.on} {rhythm.at:%H:%M} {zone.key}", latest(rhythm, zone, now)
    if kept is None:
        return Step(Kept(named, slot, now), None)
    if kept.rhythm != named:
        return Step(Kept(named, slot, kept.told), None)
    if slot <= kept.slot:
        return Step(kept, None)
    return Step(Kept(named, slot, now), kept.told)
