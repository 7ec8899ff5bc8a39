"""One alert over the days: judged by the alerts service's own code, on the days on which anything can come of it.

On any other day a judgement would say what the last one said: its values mean to the target what they meant, and what
waits for a number of days waits on. Which days that are is found from what the values mean, and errs towards judging.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from services.alerts.domain.alert.episode import SETTLED_DAYS
from services.alerts.domain.alert.observation import Observation
from services.alerts.domain.alert.promises import Promise
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.backtest.history import AlertHistory, corrects
from services.alerts.domain.backtest.known import PLACE, Known, Table
from services.alerts.domain.backtest.verdicts import BACK, BREACH, CLEAR, UNKNOWN, restated, verdicts
from shared.contracts.metrics import RESTATED_DAYS, MetricValue

WINDOW = 365
ASLEEP = SETTLED_DAYS + RESTATED_DAYS
"""Days after which nothing that is restated concerns what an alert was."""


class Seen:
    """The values of one alert's series, as they stood in the alerts service on each day."""

    def __init__(self, table: Table, row: int, first: int, since: int) -> None:
        """``first`` is the first day of the table, ``since`` the first on which the group was told of."""
        self._table, self._row, self.first, self._since = table, row, first, since
        self._still: dict[Known, MetricValue] = {}

    def observations(self, after: date | None, day: int, ahead: Sequence[int]) -> list[Observation]:
        """Those of days ``after`` one that is settled, as known on a day by number."""
        begin = max(self._since, after.toordinal() + 1 if after else 0)
        back = max(self._since - RESTATED_DAYS, after.toordinal() + 1 if after else 0)
        past = {
            Known(self._row, min(day, on + RESTATED_DAYS), max(on - day, -RESTATED_DAYS)): 0
            for on in range(back, day + 1)
        }
        wanted = {**past, **{Known(self._row, on, h): h for on in range(begin, day + 1) for h in ahead}}
        values = self._values([*wanted], day)
        return [
            Observation(date.fromordinal(one.day + one.offset), horizon, values[one]) for one, horizon in wanted.items()
        ]

    def _values(self, asked: Sequence[Known], day: int) -> Mapping[Known, MetricValue]:
        """What was asked for before and is settled is not made again."""
        fresh = [one for one in asked if one not in self._still]
        found = dict(zip(fresh, self._table.values(fresh), strict=True))
        known = {one: self._still[one] if one in self._still else found[one] for one in asked}
        self._still = {one: value for one, value in known.items() if one.day < day}
        return known


class Replay:
    """One alert, from the day its group is first told of."""

    def __init__(self, alert: Alert, seen: Seen) -> None:
        """Not judged yet."""
        self.history = AlertHistory(alert)
        self._seen = seen
        self._awake = 0

    def go(self, promise: Promise, codes: "Codes", days: range) -> None:
        """Judge it on those days, on which the plan asks the same of it, on which anything can come of it."""
        self.history.had_number |= any(codes.known[days[0] - self._seen.first : days.stop - self._seen.first])
        self._judge(promise, days[0])
        day = days[0] + 1
        while day < days.stop:
            if self._is_quiet(day):
                day = self._seen.first + codes.next_stir(day - self._seen.first)
                if day >= days.stop:
                    return
            if self._matters(promise, codes, day):
                self._judge(promise, day)
            day += 1

    def withdraw(self, day: int) -> None:
        """The plan asks for it no more from a day on."""
        self.history.withdraw(date.fromordinal(day))

    def _judge(self, promise: Promise, day: int) -> None:
        before = self.history.standing
        after = before.memory.through if before else None
        observations = self._seen.observations(after, day, promise.target.look_ahead)
        now = self.history.judge(promise, observations, date.fromordinal(day), WINDOW)
        if before is None or now.steps != before.steps or self._is_awake:
            self._awake = day

    def _is_quiet(self, day: int) -> bool:
        """Whether nothing goes on, nor did so lately: then nothing can come of a day on which nothing stirs."""
        lately = day - self._awake <= ASLEEP or corrects(self.history, date.fromordinal(day))
        return not (lately or self._is_awake or self.history.open)

    @property
    def _is_awake(self) -> bool:
        standing = self.history.standing
        return (standing is not None and standing.state != "ok") or self.history.expects

    def _matters(self, promise: Promise, codes: "Codes", day: int) -> bool:
        """Whether anything can come of judging it on a day after one on which nothing more could."""
        on, place = date.fromordinal(day), day - self._seen.first
        awake = codes.breaches[place] or self._is_awake or day - self._awake <= ASLEEP
        return (
            self._is_step(promise, codes.now[place], day)
            or (codes.restated[place] and awake)
            or self._looks(codes, place)
            or (codes.moved[place] and corrects(self.history, on))
            or on == promise.target.watch_from
            or self.history.follows(promise, on)
        )

    def _is_step(self, promise: Promise, code: int, day: int) -> bool:
        """Whether the value of a day may change the state."""
        standing = self.history.standing
        state = standing.state if standing else "ok"
        if state == "ok":
            return code == BREACH
        if state == "pending" and standing and standing.since:
            held = day - standing.since.toordinal() >= promise.target.hold
            return held if code == BREACH else code != UNKNOWN
        return code == CLEAR if state == "firing" else code != UNKNOWN

    def _looks(self, codes: "Codes", place: int) -> bool:
        """Whether what is known ahead may begin or end a warning."""
        if self.history.expects:
            return codes.ahead[place] != codes.ahead[place - 1]
        standing = self.history.standing
        return BREACH in codes.ahead[place] and standing is not None and standing.state == "ok"


class Codes:
    """What the values of one series mean to a target, by day (by place from the first)."""

    def __init__(self, table: Table, row: int, first: int, promise: Promise) -> None:
        """From the values."""
        codes = verdicts(table, row, first, promise.target, promise.version.plan.known_from, WINDOW)
        self._look_ahead = promise.target.look_ahead
        self.now: list[int] = codes[PLACE[0]].tolist()
        self.ahead = list(zip(*(codes[PLACE[h]].tolist() for h in promise.target.look_ahead), strict=True)) or [
            ()
        ] * len(self.now)
        self.restated = restated([codes])
        self.known: list[bool] = (codes[: BACK + 1] != UNKNOWN).any(axis=0).tolist()
        self.breaches: list[bool] = (codes[: BACK + 1] == BREACH).any(axis=0).tolist()
        self.moved = restated([table.ratios[row], table.numbered[row]])
        self._stirs = self._stirring(codes, first, promise.target.watch_from)

    def _stirring(self, codes: np.ndarray, first: int, watch_from: date | None) -> list[int]:
        """The days, by place, on which something may come of an alert that is at rest."""
        ahead = [codes[PLACE[h]] == BREACH for h in (0, *self._look_ahead)]
        stirs = np.logical_or.reduce([*ahead, np.array(self.restated) & np.array(self.breaches)])
        places = set(np.flatnonzero(stirs).tolist())
        return sorted(places | ({watch_from.toordinal() - first} if watch_from else set()))

    def next_stir(self, place: int) -> int:
        """The first such day that is not before one, by place; one after all days if there is none."""
        at = bisect_left(self._stirs, place)
        return self._stirs[at] if at < len(self._stirs) else len(self.now)
