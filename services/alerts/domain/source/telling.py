"""Which mails a report of a source leads to, from what its contact was told before. Pure.

Reports come whenever something changes and on every new day, so that no timer is needed: a source that is registered no
more is reported no more, and nobody is reminded of it.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType

import msgspec

from services.alerts.domain.source.notice import SourceNotice, SourceReason
from shared.contracts.sources import KindReported, SourceReported

REMINDER = timedelta(days=7)


class SourceTold(msgspec.Struct, frozen=True, kw_only=True):
    """What the contact was told: the kinds that are late, since when, and when last; units; kinds that dropped.

    ``today`` is the day of the last report.
    """

    today: date = date.min
    late: frozenset[str] = frozenset()
    since: date = date.min
    mailed: date = date.min
    units: frozenset[str] = frozenset()
    dropped: Mapping[str, date] = MappingProxyType({})


def tell(
    before: SourceTold, report: SourceReported, decided: datetime, link: str
) -> tuple[SourceTold, tuple[SourceNotice, ...]]:
    """What the contact is told of now, and what it will have been told; a report of an earlier day changes nothing."""
    if report.today < before.today:
        return before, ()
    late = {kind.kind: kind for kind in report.late}
    dropped = {kind.kind: kind for kind in report.kinds if kind.drop}
    told = SourceTold(
        today=report.today,
        late=frozenset(late),
        since=before.since if before.late else report.today,
        mailed=before.mailed,
        units=frozenset(report.unknown_units) | before.units,
        dropped={name: kind.drop.day for name, kind in dropped.items() if kind.drop},
    )
    found: list[SourceNotice] = []

    def say(
        reason: SourceReason, since: date, kinds: Mapping[str, KindReported], units: frozenset[str], known: int
    ) -> None:
        found.append(
            SourceNotice(
                reason=reason,
                source=report.source,
                contact=report.contact.name,
                since=since,
                today=report.today,
                decided=decided,
                link=link,
                kinds=tuple(kinds.values()),
                units=tuple(sorted(units)),
                before=known,
            )
        )

    if reason := _silence(before, told):
        say(reason, before.since if before.late else told.since, late, frozenset(), len(before.late))
        told = msgspec.structs.replace(told, mailed=report.today)
    if units := told.units - before.units:
        say("source_units", report.today, {}, units, len(before.units))
    if fresh := {name: kind for name, kind in dropped.items() if name not in before.dropped}:
        say("source_volume", report.today, fresh, frozenset(), len(before.dropped))
    return told, tuple(found)


def _silence(before: SourceTold, now: SourceTold) -> SourceReason | None:
    if now.late - before.late:
        return "source_late"
    if before.late and not now.late:
        return "source_back"
    return "source_still_late" if now.late and now.today - before.mailed >= REMINDER else None
