"""What is on record about some alerts, read for all of them at once and understood one by one."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

import asyncpg

from services.alerts.domain.alert.judged import Addressee, Judgement
from services.alerts.domain.alert.judgement import AlertRecord, Setting, judge, thread, withdrawal
from services.alerts.domain.alert.months import Month
from services.alerts.domain.alert.months import observations as of_months
from services.alerts.domain.alert.observation import Observation, SeriesKey
from services.alerts.domain.alert.opening import Opened
from services.alerts.domain.alert.promises import Promise
from services.alerts.domain.alert.settling import Settling
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.alert.trust import OLDEST
from services.alerts.domain.handling.handling import Handling
from services.alerts.domain.plan import progress
from services.alerts.domain.plan.plan import EVERYONE
from services.alerts.domain.plan.progress import Progress
from services.alerts.repository import alerts, groups, handlings, kept_days, measures, months, openings, parts
from services.alerts.repository.alerts import KeptEpisode, KeptMail, StoredStanding
from services.alerts.repository.kept_days import NONE, KeptSeries
from services.alerts.repository.openings import KeptOpening
from shared.contracts.catalogue import BY_NAME

GOING = frozenset({None, "plan_changed"})
"""Outcomes of episodes whose end may still be told: those that have none, and those that may go on with their plan."""

WINDOW_DAYS = 365
"""The window of a group that no value of today has come for."""


class Records:
    """Rows as they are stored; ``known`` raises for one alert what is wrong with its rows."""

    def __init__(
        self,
        standings: Mapping[Alert, StoredStanding],
        episodes: Mapping[Alert, Sequence[KeptEpisode]],
        days: Mapping[SeriesKey, KeptSeries],
        months: Mapping[SeriesKey, Sequence[Month]],
        windows: Mapping[tuple[str, str], int],
        told: Mapping[str, Sequence[Addressee]],
        settling: Mapping[str, Sequence[Settling]],
        opened: Mapping[Alert, KeptOpening],
        mailed: Mapping[str, Sequence[KeptMail]],
        handlings: Mapping[Alert, Sequence[Handling]],
        first_told: Mapping[str, date],
    ) -> None:
        """Where measures stand is read once it is known that it will be told."""
        self.standings = standings
        self.episodes = episodes
        self._days = days
        self._months = months
        self._windows = windows
        self._told = told
        self._settling = settling
        self._opened = opened
        self._mailed = mailed
        self._handlings = handlings
        self._first_told = first_told
        self._progress: Mapping[tuple[str, str], Progress] = {}

    def known(self, alert: Alert, promise: Promise) -> AlertRecord:
        """What an alert is judged on by a promise of its plan."""
        series, version = promise.series, promise.version.version
        if series.metric not in BY_NAME:
            raise LookupError(f'metric "{series.metric}" is not in the catalogue')
        kept = self.standings.get(alert)
        return AlertRecord(
            kept.standing() if kept else None,
            [one.episode() for one in self.episodes.get(alert, ())],
            self._observations(promise),
            lambda episode: self._told.get(episode, ()),
            self._windows.get(series[:2], WINDOW_DAYS),
            self._progress,
            kept.version if kept else None,
            kept is not None and not kept.watched,
            self.settling(alert),
            self.opened(alert),
            kept.last_seen() if kept and kept.version != version else None,
            [one.mailed() for name in self._threads(alert) for one in self._mailed.get(name, ())],
            self._handlings.get(alert, ()),
            self._first_told.get,
        )

    def exists(self, alert: Alert, promise: Promise) -> bool:
        """Whether there is anybody whom an alert is about, as far as is known: of a unit there always is."""
        of = self._months if promise.target.rule else self._days
        return promise.target.part == EVERYONE or alert in self.standings or bool(of.get(promise.series))

    def settling(self, alert: Alert) -> list[Settling]:
        """Mails of an alert that nobody has got yet."""
        return [mail for name in self._threads(alert) for mail in self._settling.get(name, ())]

    def _threads(self, alert: Alert) -> list[str]:
        """What mails of an alert are under, that about its opening summary first."""
        return [thread(alert), *(episode.id for episode in self.episodes.get(alert, ()))]

    def opened(self, alert: Alert) -> Opened | None:
        """Its notice in the opening summary; raises msgspec.DecodeError."""
        kept = self._opened.get(alert)
        return kept.opened() if kept else None

    def _observations(self, promise: Promise) -> list[Observation]:
        series = promise.series
        if rule := promise.target.rule:
            return of_months(rule, self._months.get(series, ()), promise.version.plan.known_from)
        definition = BY_NAME[series.metric].definition
        return [row.observation(definition) for row in self._days.get(series, NONE).read()]

    async def read_progress(self, connection: asyncpg.Connection, writing: Collection[Promise], today: date) -> None:
        """Where the measures stand that mails about these alerts will speak of."""
        named = {(one.version.plan.id, measure) for one in writing for measure in one.target.measures}
        self._progress = progress.standings(await measures.load(connection, named), today)


async def read(
    connection: asyncpg.Connection, taken: Collection[Alert], wanted: Collection[Promise], latest: date
) -> Records:
    """Everything on record about these alerts, and the values they are judged on, of days until ``latest``."""
    series = {one.series for one in wanted if not one.target.rule}
    of_parts = {one for one in series if one.part != EVERYONE}
    episodes = await alerts.episodes(connection, taken)
    opened = await openings.load(connection, taken)
    every = [one.id for found in episodes.values() for one in found]
    every += [thread(alert) for alert, one in opened.items() if one.told]
    still = [one.id for found in episodes.values() for one in found if one.spell.ended is None]
    going = [one.id for found in episodes.values() for one in found if one.spell.outcome in GOING]
    return Records(
        await alerts.standings(connection, taken),
        episodes,
        await kept_days.load(connection, series - of_parts) | await parts.load(connection, of_parts),
        await months.load(connection, {one.series for one in wanted if one.target.rule}),
        await groups.windows(connection, {one[:2] for one in series}),
        await alerts.addressees(connection, going),
        await alerts.settling(connection, every),
        opened,
        await alerts.mailed(connection, every, latest - timedelta(OLDEST), still),
        await handlings.load(connection, taken),
        await handlings.first_told(connection, still),
    )


def outcome(alert: Alert, promise: Promise | None, records: Records, at: Setting) -> Judgement | None:
    """The judgement of an alert; a withdrawal if no plan asks for it any more, None if there is nothing to withdraw.

    Of a part that nobody was ever in there is no alert.
    """
    if promise and records.exists(alert, promise):
        return judge(alert, promise, records.known(alert, promise), at)
    kept = records.standings.get(alert)
    if promise or kept is None or not kept.watched:
        return None
    episodes = [one.episode() for one in records.episodes.get(alert, ())]
    return withdrawal(alert, kept.seen(), kept.standing(), episodes, at, records.settling(alert), records.opened(alert))
