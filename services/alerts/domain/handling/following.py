"""What the service does about an alert that goes on: escalate, remind, end a snooze. Decided anew on each day. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from services.alerts.domain.handling.handled import handled, last
from services.alerts.domain.handling.handling import SERVICE, Handling
from services.alerts.domain.plan.plan import Target
from shared.calendar.working_days import is_working_day, working_day_after
from shared.contracts.alerts import HandlingKind


class Going(NamedTuple):
    """An episode that goes on: the day its readers were first told that it fires (None: they were not), and who."""

    episode: str
    told: date | None
    readers: tuple[str, ...] = ()


class Today(NamedTuple):
    """The day of the service's calendar, and the moment of the decision."""

    day: date
    at: datetime


def follow(target: Target, going: Going | None, rows: Sequence[Handling], now: Today) -> list[Handling]:
    """What is done now; ``rows`` are those of the alert, the earliest first. Done twice on a day, it is done once."""
    if handled(rows, None, now.day).snoozed:
        return []
    over = list(_snooze_over(going, rows, now))
    if going is None or going.told is None:
        return over
    since = [*rows, *over]
    return [*over, *_escalated(target, going, going.told, since, now), *_reminded(target, going, since, now)]


def _snooze_over(going: Going | None, rows: Sequence[Handling], now: Today) -> Iterator[Handling]:
    """A snooze whose day has come; whoever was told that the alert fires is told that it still does."""
    one = last(rows, "snoozed", "awakened", "snooze_ended")
    if one and one.kind == "snoozed":
        readers = going.readers if going and going.told else ()
        yield _done("snooze_ended", f"snooze_ended/{one.key}", going, now, readers)


def _escalated(target: Target, going: Going, told: date, rows: Sequence[Handling], now: Today) -> Iterator[Handling]:
    """The steps whose working days have passed since the alert was last nobody's."""
    free = free_since(rows, going.episode, told, now.day)
    if free is None:
        return
    mine = [one for one in rows if one.episode == going.episode and one.kind == "escalated"]
    done = sum(one.day > free for one in mine)
    for number, step in enumerate(target.escalate[done:], done + 1):
        if working_day_after(free, step.after) <= now.day:
            yield _done("escalated", f"escalated/{going.episode}/{free}/{number}", going, now, step.to)


def free_since(rows: Sequence[Handling], episode: str, told: date, day: date) -> date | None:
    """Since when nobody has an alert that was ``told``: working days are counted from there. None while somebody has.

    It is anew when an acknowledgement or a snooze ends.
    """
    if handled(rows, episode, day).acknowledged:
        return None
    ends = [told]
    for one in rows:
        mine = one.episode == episode
        ends += [one.day] if one.kind in {"awakened", "snooze_ended"} or (mine and one.kind == "unacknowledged") else []
    taken = last([one for one in rows if one.episode == episode], "acknowledged", "unacknowledged")
    ends += [taken.until] if taken and taken.kind == "acknowledged" and taken.until else []
    return max(ends)


def _reminded(target: Target, going: Going, rows: Sequence[Handling], now: Today) -> Iterator[Handling]:
    """Nobody is reminded on a day off; the next working day is soon enough."""
    if target.remind is None or going.told is None or not is_working_day(now.day):
        return
    mine = [one for one in rows if one.episode == going.episode]
    before = last(mine, "reminded", "snooze_ended")
    if (now.day - (before.day if before else going.told)).days >= target.remind:
        yield _done("reminded", f"reminded/{going.episode}/{now.day}", going, now, going.readers)


def _done(kind: HandlingKind, key: str, going: Going | None, now: Today, to: tuple[str, ...]) -> Handling:
    episode = going.episode if going else None
    return Handling(key=key, kind=kind, episode=episode, by=SERVICE, at=now.at, day=now.day, to=to)
