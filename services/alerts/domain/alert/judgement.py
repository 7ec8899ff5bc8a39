"""One alert judged: its days told as a story, compared with what was told, put into words. Pure."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from services.alerts.domain.alert import limits, opening, telling
from services.alerts.domain.alert.correcting import Told, corrected
from services.alerts.domain.alert.decide import decide
from services.alerts.domain.alert.episode import Memory, Story, tell
from services.alerts.domain.alert.judged import Addressee, Announcement, Judgement, Mail
from services.alerts.domain.alert.life import Run, Watch
from services.alerts.domain.alert.observation import Observation, days, number
from services.alerts.domain.alert.occasion import MovedLimit, Occasion
from services.alerts.domain.alert.opening import Opened, OpeningStep, hushed
from services.alerts.domain.alert.promises import Promise
from services.alerts.domain.alert.pursuing import Pursued, pursue
from services.alerts.domain.alert.reach import within
from services.alerts.domain.alert.restated import Mailed, restated
from services.alerts.domain.alert.settling import Settled, Settling, settle
from services.alerts.domain.alert.standing import Alert, AlertDecision, Cause, Episode, Moment, Standing, Transition
from services.alerts.domain.alert.summarised import summarised
from services.alerts.domain.alert.telling import Subject, View
from services.alerts.domain.handling.handled import handled
from services.alerts.domain.handling.handling import Handling
from services.alerts.domain.plan.plan import Recipient
from services.alerts.domain.plan.progress import Progress
from shared.contracts.catalogue import BY_NAME
from shared.contracts.metrics import ALL

Link = Callable[[str, str, str, str], str]
Signed = Callable[[str, Alert, str], str]
"""Makes a link one for a recipient of the plan; for an empty name, one that is for nobody and has no signature."""


def unsigned(link: str, _alert: Alert, _to: str) -> str:
    """The link as it is."""
    return link


class AlertRecord(NamedTuple):
    """What is on record about one alert.

    ``told`` are the people told of each episode that fired, ``progress`` is where measures stand, by plan and measure,
    ``version`` the version of the plan it was last judged by; ``ended``: no plan has asked for it since.
    """

    standing: Standing | None
    episodes: Sequence[Episode]
    observations: Sequence[Observation]
    told: Callable[[str], Sequence[Addressee]]
    window_days: int
    progress: Mapping[tuple[str, str], Progress] = MappingProxyType({})
    version: int | None = None
    ended: bool = False
    settling: Sequence[Settling] = ()
    """Mails of its episodes that wait for their value to be still."""
    opened: Opened | None = None
    """Its notice in the opening summary."""
    last: View | None = None
    """How it was last seen, where that was under another version of the plan."""
    mailed: Sequence[Mailed] = ()
    """Mails of its episodes that were sent or are about to be, the earliest first."""
    handlings: Sequence[Handling] = ()
    """What was done about it, the earliest first."""
    first_told: Callable[[str], date | None] = lambda _: None
    """The day on which an episode was first told of as firing, if it was."""


class Setting(NamedTuple):
    """When the judgement is made, and how a mail links to the alert.

    ``today`` is the latest day told of; nothing is judged on a value of a day after ``latest``, the reader's tomorrow.
    """

    today: date
    latest: date
    decided: datetime
    link: Link
    day: date = date.min
    """Today by the calendar of the service: handling counts days of that."""
    signed: Signed = unsigned


def judge(alert: Alert, promise: Promise, known: AlertRecord, at: Setting) -> Judgement:
    """Where the alert stands now, and every step, episode and mail between then and now."""
    series = _series(promise)
    before = known.standing or Standing(Memory(series))
    from_here = promise.target.rule is None and _usable(before.memory, series, at)
    memory = before.memory if from_here else Memory(series)  # months are all told anew: one may change any later
    heard = [day for day in days(_observed(promise, known)) if day.on <= at.latest]
    story = tell(memory, promise.target, heard)
    day = heard[-1].on if heard and not promise.target.rule else at.today  # the last month may be over for weeks
    version = promise.version.version
    moment = Moment(day, version, _cause(known, promise), known.ended and known.version == version)
    decision = decide(alert, before, known.episodes, story, moment)
    subject = Subject(
        alert,
        promise.version.plan,
        promise.version.version,
        promise.target,
        promise.unit.name,
        known.window_days,
        known.progress,
    )
    now_so = {one.id: one for one in (*known.episodes, *decision.episodes)}
    summary = summarised(thread(alert), known.opened, subject, story, now_so.values())
    mailed, settling = known.mailed, known.settling
    if summary:
        now_so[summary.episode.id] = summary.episode
        mailed, settling = summary.mails(mailed), summary.waiting(settling)
    hush = {mail.id for mail in settling if _hushed_since(mail, now_so, promise.target.watch_from, known)}
    page = at.signed(at.link(alert.plan, alert.target, alert.unit, _name(alert)), alert, "")
    notice = opening.opening(subject, story, day, page)
    moved = limits.moved(subject, known.last)
    waiting = limits.waits(subject, before, decision.standing, story.seen, moved)
    now = restated(_of_days(promise, known), promise.series)
    told = Told(mailed, settling, now_so, now)
    steps = [
        mail
        for number, step in _numbered(before, decision)
        for mail in _mails(subject, story, step, number, known._replace(mailed=mailed), at)
    ]
    opened = _open(known.episodes, decision)
    going = now_so[opened] if opened else None
    rows, again = pursue(subject, story, _pursued(going, known._replace(mailed=mailed)), at.day, at.decided)
    mails = [*corrected(steps, told, day, at.decided, promise.target.settle), *_linked(again, alert, at)]
    return Judgement(
        alert,
        promise.version.version,
        msgspec.structs.replace(decision.standing, moved=waiting),
        telling.view(subject, story, opened),
        True,
        decision.episodes,
        tuple(
            Announcement(f"{_name(alert)}-{number}", telling.changed(subject, story, step, at.decided), at.decided)
            for number, step in _numbered(before, decision)
        ),
        tuple(_waiting(mail, known, at) for mail in mails),
        settle(
            [mail for mail in settling if mail.id not in hush],
            now_so,
            lambda step, episode: telling.mail(subject, story, step, episode, at.decided, ""),
            now,
        ).without(hush),
        opening.step(known.opened, notice, promise.target.settle, at.decided),
        rows,
    )


def _series(promise: Promise) -> str:
    """What an alert is judged on: the values of days, or months by a rule."""
    part = (word for word in promise.series.part if word != ALL)
    named = "|".join((promise.series.metric, promise.series.occupation, *part))
    rule = promise.target.rule
    return f"{named}|{rule.kind}|{'up' if rule.upwards else 'down'}|{rule.since}" if rule else named


def _observed(promise: Promise, known: AlertRecord) -> Iterable[Observation]:
    if promise.target.rule:
        return known.observations
    metric = BY_NAME[promise.target.metric]
    return within(known.observations, metric, promise.version.plan.known_from, known.window_days)


def _of_days(promise: Promise, known: AlertRecord) -> Sequence[Observation]:
    return () if promise.target.rule else known.observations


def _pursued(going: Episode | None, known: AlertRecord) -> Pursued:
    """The episode that goes on, with those who were told of it, by a mail of its own or by the opening summary."""
    if going is None:
        return Pursued(None, None, (), known.handlings, ())
    told, readers = known.first_told(going.id), _told(known, going)
    if told is None and readers and known.opened:
        told = max(known.opened.notice.on, known.opened.notice.watch_from)
    return Pursued(going, max(told, going.spell.began) if told else None, readers, known.handlings, known.mailed)


def _linked(mails: Iterable[Mail], alert: Alert, at: Setting) -> Iterable[Mail]:
    for mail in mails:
        link = at.signed(at.link(alert.plan, alert.target, alert.unit, mail.episode), alert, mail.recipient)
        yield mail._replace(occasion=msgspec.structs.replace(mail.occasion, link=link))


def _waiting(mail: Mail, known: AlertRecord, at: Setting) -> Mail:
    """A mail of an alert that is snoozed waits in any case."""
    snoozed = handled(known.handlings, None, at.day).snoozed
    return mail._replace(settle=max(mail.settle, 1)) if snoozed else mail


def _hushed_since(mail: Settling, episodes: Mapping[str, Episode], watch: date | None, known: AlertRecord) -> bool:
    """Whether the plan has come to say that nobody is alarmed of what a mail that waits is about."""
    episode = episodes.get(mail.episode)
    return episode is not None and hushed(mail.occasion.reason, episode.spell, "ok", watch, known.opened)


def _usable(memory: Memory, series: str, at: Setting) -> bool:
    """Whether days may be told on from here: they are of the same values, and none is settled that has not come."""
    return memory.series == series and (memory.through is None or memory.through <= at.latest)


def _cause(known: AlertRecord, promise: Promise) -> Cause:
    return "values" if known.version in (None, promise.version.version) else "plan"


def _open(stored: Sequence[Episode], decision: AlertDecision) -> str | None:
    """The id of the episode that goes on."""
    known = {one.id: one for one in stored} | {one.id: one for one in decision.episodes}
    going = [one.id for one in known.values() if one.spell.kind == "breach" and one.spell.ended is None]
    return going[0] if going else None


def _numbered(before: Standing, decision: AlertDecision) -> enumerate[Transition]:
    return enumerate(decision.transitions, before.steps + 1)


def _name(alert: Alert) -> str:
    return f"al_{hashlib.sha256(msgspec.json.encode(alert)).hexdigest()[:20]}"


def thread(alert: Alert) -> str:
    """What corrections of what the opening summary told of an alert are under: it may have no episode."""
    return f"{_name(alert)}-opening"


def _mails(
    subject: Subject, story: Story, step: Transition, number: int, known: AlertRecord, at: Setting
) -> Sequence[Mail]:
    step, before = _blamed(subject, story, step, known)
    if step.mail is None or step.episode is None:
        return ()
    if hushed(step.mail, step.episode.spell, step.old, subject.target.watch_from, known.opened):
        return ()
    alert, episode = subject.alert, step.episode
    link = at.link(alert.plan, alert.target, alert.unit, episode.id)
    said = telling.mail(subject, story, step, episode, at.decided, link, before)
    ends = step.mail not in opening.NEWS
    to = _told(known, episode) if ends else _notified(subject)
    settle = subject.target.settle
    return [
        Mail(f"{episode.id}-{number}-{who.recipient}", episode.id, *who, _to(who, said, known, at), at.decided, settle)
        for who in to
    ]


def _to(who: Addressee, said: Occasion, known: AlertRecord, at: Setting) -> Occasion:
    """What a mail says to one of its readers: where a limit has moved, with the value they were told last."""
    link = at.signed(said.link, Alert(said.plan, said.target, said.unit), who.recipient)
    said = msgspec.structs.replace(said, link=link)
    told = [number(one.occasion.measured) for one in known.mailed if one.recipient == who.recipient]
    if said.moved is None or not told:
        return said
    return msgspec.structs.replace(said, moved=msgspec.structs.replace(said.moved, told=told[-1]))


def _notified(subject: Subject) -> Sequence[Addressee]:
    return _addressed(subject.plan.recipients[name] for name in subject.target.notify)


def _blamed(
    subject: Subject, story: Story, step: Transition, known: AlertRecord
) -> tuple[Transition, MovedLimit | None]:
    """The step, with what it is mailed for and the limit of before where that has moved."""
    seen = telling.glimpse(subject.target, story, step)
    before = limits.moved(subject, known.last)
    if step.old == "pending" and known.standing:
        before = before or known.standing.moved
    reason = limits.blamed(subject, step, seen.measured, before) if seen else None
    return (msgspec.structs.replace(step, mail=reason), before) if reason else (step, None)


def _told(known: AlertRecord, episode: Episode) -> Sequence[Addressee]:
    """Who was told of an episode, by a mail of its own or by the opening summary."""
    return known.told(episode.id) or _addressed(opening.readers(known.opened, episode.spell))


def _addressed(people: Iterable[Recipient]) -> list[Addressee]:
    return [Addressee(person.id, person.address, person.language) for person in people]


def withdrawal(
    alert: Alert,
    last: View,
    standing: Standing,
    episodes: Sequence[Episode],
    at: Setting,
    settling: Sequence[Settling] = (),
    opened: Opened | None = None,
) -> Judgement:
    """The end of an alert that no running plan asks for any more: nobody is told of what nobody was told of yet."""
    blank = Memory(standing.memory.series)
    version = last.plan_version
    decision = decide(alert, standing, episodes, Story(blank, Run(), Watch()), Moment(at.today, version, "plan"))
    told = [
        Announcement(f"{_name(alert)}-{number}", telling.withdrawn(last, step, at.decided), at.decided)
        for number, step in _numbered(standing, decision)
    ]
    dropped = Settled(dropped=tuple(mail.id for mail in settling))
    closed = OpeningStep(None) if opened and not opened.told else None
    return Judgement(
        alert, version, decision.standing, last, False, decision.episodes, tuple(told), (), dropped, closed
    )
