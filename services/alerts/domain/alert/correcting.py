"""Whoever was told a value that turns out to be wrong is told what it is now, once for each such change.

A mail about a step that tells of the same day says so itself; an alert that is taken back needs no more said of it.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from services.alerts.domain.alert.judged import Mail
from services.alerts.domain.alert.occasion import Correction
from services.alerts.domain.alert.restated import Mailed, Restated, correction, takes_back, to_correct, wrong
from services.alerts.domain.alert.settling import Settling
from services.alerts.domain.alert.standing import Episode
from shared.contracts.metrics import MetricValue


class Told(NamedTuple):
    """What was mailed of an alert, what waits to be, how its episodes are by now, and the values of now."""

    mailed: Sequence[Mailed]
    settling: Sequence[Settling]
    episodes: Mapping[str, Episode]
    now: Restated


def corrected(steps: Sequence[Mail], told: Told, today: date, decided: datetime, settle: int) -> list[Mail]:
    """The mails about steps, saying what they correct, and those that are about a correction alone."""
    found = {_day(one): (one, now) for one, now in _wrong(told, today)}
    back = {mail.episode for mail in steps if takes_back(mail.occasion)}
    said = {_day(mail) for mail in steps}
    return [
        *(_noting(mail, found) for mail in steps),
        *(
            _mail(one, now, told.episodes[one.episode], decided, settle)
            for day, (one, now) in found.items()
            if day not in said and one.episode not in back
        ),
    ]


def _day(one: Mail | Mailed) -> tuple[str, str, date]:
    return one.episode, one.recipient, one.occasion.on


def _wrong(told: Told, today: date) -> Iterator[tuple[Mailed, MetricValue]]:
    """What people were told last of each day and is wrong, unless a mail that waits says so. With what it is now."""
    waiting = {mail.occasion.corrects.mail for mail in told.settling if mail.occasion.corrects}
    back = {mail.episode for mail in told.settling if takes_back(mail.occasion)}
    for one in to_correct(told.mailed, today):
        episode, now = told.episodes.get(one.episode), told.now(one.occasion)
        if episode is None or episode.spell.outcome == "reopened" or one.id in waiting or one.episode in back:
            continue
        if now is not None and wrong(one.occasion, now):
            yield one, now


def _noting(mail: Mail, found: Mapping[tuple[str, str, date], tuple[Mailed, MetricValue]]) -> Mail:
    """The mail, with what was told before of its day."""
    if _day(mail) not in found or takes_back(mail.occasion):
        return mail
    before = found[_day(mail)][0]
    note = Correction(mail=before.id, measured=before.occasion.measured)
    return mail._replace(occasion=msgspec.structs.replace(mail.occasion, corrects=note))


def _mail(told: Mailed, now: MetricValue, episode: Episode, decided: datetime, settle: int) -> Mail:
    """A mail is corrected once: after that it is the correction that may be wrong."""
    digest = hashlib.sha256(told.id.encode()).hexdigest()[:12]
    said = msgspec.structs.replace(correction(told.occasion, told.id, now, episode), decided=decided)
    who = (told.recipient, told.address, told.language)
    return Mail(f"{told.episode}-{digest}-{told.recipient}", told.episode, *who, said, decided, settle)
