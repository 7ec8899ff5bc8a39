"""A value that was mailed and has another number by now: whether that is materially another, and what is said of it.

It is where the day it told of has a value now that lies on the other side of the limit, or outside the interval told.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from services.alerts.domain.alert.evaluate import confirmed
from services.alerts.domain.alert.observation import Observation, SeriesKey, number
from services.alerts.domain.alert.occasion import Correction, Occasion
from services.alerts.domain.alert.standing import Episode
from services.alerts.domain.plan.plan import limit
from shared.contracts.metrics import RESTATED_DAYS, MetricValue

Restated = Callable[[Occasion], MetricValue | None]
"""What the value is now that an occasion told of."""


class Mailed(NamedTuple):
    """A mail that someone has got, or that is on its way to them."""

    id: str
    episode: str
    recipient: str
    address: str
    language: str
    occasion: Occasion


def restated(observations: Iterable[Observation], series: SeriesKey) -> Restated:
    """What is known now of the days that were told of; of a day ahead, as it was known on the day it was told.

    The observations are of that series, and nothing is known of another.
    """
    values = {(one.as_of, one.horizon): one.measured for one in observations}

    def now(told: Occasion) -> MetricValue | None:
        same = (told.occupation, told.metric, told.gender, told.age) == series[1:]
        return values.get((told.on, max(0, (told.on - told.today).days))) if same else None

    return now


def wrong(told: Occasion, now: MetricValue | None) -> bool:
    """Whether a value that was told is materially another now. On a limit is not past it; an interval has its ends.

    A month that a rule judges is not: what its control chart tells by now is what counts.
    """
    before, after = number(told.measured), number(now)
    if before is None or after is None or before == after:
        return False
    breach = limit(told.breach, told.threshold)
    return breach is not None and (breach.passed(before) != breach.passed(after) or outside(told.measured, after))


def outside(told: MetricValue, value: float) -> bool:
    """Whether a value lies outside the interval that was told, if one was."""
    return told.low is not None and told.high is not None and not told.low <= value <= told.high


def to_correct(mailed: Sequence[Mailed], today: date) -> Iterator[Mailed]:
    """The latest mail to each person about each of the last 28 days, unless the alert was taken back."""
    latest = {(one.episode, one.recipient, one.occasion.on): one for one in mailed}
    back = {one.episode for one in mailed if takes_back(one.occasion)}
    for one in latest.values():
        known = min(one.occasion.on, one.occasion.today)
        if (today - known).days <= RESTATED_DAYS and one.episode not in back:
            yield one


def takes_back(said: Occasion) -> bool:
    """Whether a mail says that there was no reason for the alert."""
    return said.reason == "data_corrected" and said.corrects is None


def correction(said: Occasion, mail: str, now: MetricValue, episode: Episode) -> Occasion:
    """What is said of a value that a mail told and that is wrong, in the terms in which it was told."""
    return msgspec.structs.replace(
        said,
        reason="data_corrected",
        measured=now,
        confirmed=confirmed(limit(said.breach, said.threshold), now),
        ended=episode.spell.ended,
        measures=(),
        present=None,
        follow=None,
        corrects=Correction(mail=mail, measured=said.measured),
    )


def again(said: Occasion, now: MetricValue | None, episode: Episode) -> Occasion | None:
    """What a correction that waits says by now; None once what was told is not wrong any more."""
    if said.corrects is None:
        return None
    told = msgspec.structs.replace(said, measured=said.corrects.measured, corrects=None)
    if now is None or not wrong(told, now):
        return None
    return correction(told, said.corrects.mail, now, episode)
