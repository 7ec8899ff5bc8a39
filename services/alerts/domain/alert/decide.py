"""What to save and to tell when the values of an alert, or its plan, have changed: the same in gives the same out."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec

from services.alerts.domain.alert.episode import Spell, Story
from services.alerts.domain.alert.standing import (
    Alert,
    AlertDecision,
    Episode,
    Moment,
    Standing,
    Transition,
    episode_id,
)
from services.alerts.domain.alert.steps import episode_steps, grew, hold_began, hold_ended, resumed_steps, withdrawn
from shared.contracts.alerts import State

WITHDRAWN = frozenset({"data_corrected", "plan_changed", "reopened"})
"""Outcomes of episodes that are told of no more, and that no spell can be."""

Pair = tuple[Episode | None, Spell]


def decide(alert: Alert, before: Standing, stored: Sequence[Episode], story: Story, now: Moment) -> AlertDecision:
    """The steps from ``before``, and the episodes ``stored`` of the alert, to what ``story`` tells."""
    same = before.memory.series == story.memory.series
    kept = [one for one in stored if same and (one.spell.outcome not in WITHDRAWN or _resumed(one, now))]
    pairs = match(kept, story.spells)
    used = {old.id for old, _ in pairs if old}
    gone = [one for one in stored if one.id not in used and _missed(one, before, now)]
    raised = list(_raised(alert, pairs, stored, story, now))
    grown = any(old is None and grew(new.spell, before) for old, new in raised)
    steps = [
        *(withdrawn(one, now) for one in gone),
        *(() if grown else hold_ended(before, story, now)),
        *(step for old, new in raised for step in _steps(old, new, before, story, now)),
        *(hold_began(story) if grown or before.state != "pending" else ()),
    ]
    changed = [one for old, new in raised for one in _changed(old, new)]
    standing = Standing(story.memory, story.run.state, story.run.since, before.steps + len(steps))
    return AlertDecision(standing, (*(_ended(one, now) for one in gone), *changed), tuple(steps))


def match(stored: Iterable[Episode], spells: Iterable[Spell]) -> list[Pair]:
    """Each spell with the episode it is: one of its kind whose days it shares, so that restated dates keep the id."""
    free = list(stored)
    pairs: list[Pair] = []
    for spell in spells:
        shared = [one for one in free if _overlap(one.spell, spell)]
        found = max(shared, key=lambda one: (one.spell.ended is None, one.version, one.spell.began), default=None)
        if found:
            free.remove(found)
        pairs.append((found, spell))
    return pairs


def _overlap(one: Spell, other: Spell) -> bool:
    starts = one.since <= (other.ended or date.max) and other.since <= (one.ended or date.max)
    return one.kind == other.kind and starts


def _resumed(episode: Episode, now: Moment) -> bool:
    """Whether an episode ended only because its plan was away, which has come back as it was."""
    return now.resumed and episode.spell.outcome == "plan_changed"


def _steps(old: Episode | None, new: Episode, before: Standing, story: Story, now: Moment) -> Iterator[Transition]:
    if old and _resumed(old, now):
        return resumed_steps(new, before, story, now)
    return episode_steps(_phase(old), new, before, story, now)


def _phase(told: Episode | None) -> State | None:
    return told.spell.phase if told else None


def _missed(episode: Episode, before: Standing, now: Moment) -> bool:
    """Whether the values ought to tell of an episode: while it is open, or if it ended on a day not settled yet.

    What an earlier version of the plan raised and saw end is not judged again by the rules of another.
    """
    spell, through = episode.spell, before.memory.through
    if spell.ended is None:
        return True
    unsettled = through is None or spell.ended > through
    current = now.cause == "values" and episode.version == now.version
    return current and unsettled and spell.outcome not in WITHDRAWN


def _raised(
    alert: Alert, pairs: Iterable[Pair], stored: Sequence[Episode], story: Story, now: Moment
) -> Iterator[tuple[Episode | None, Episode]]:
    """What was told of each spell, if anything, and what is told now.

    One that was told to be over and is not is told anew, under an id of its own: its mails are a new thread.
    """
    taken = {one.id for one in stored}
    for old, spell in pairs:
        if old and (_resumed(old, now) or not _reopened(old, spell)):
            yield old, msgspec.structs.replace(old, spell=spell)
            continue
        name = episode_id(alert, spell.kind, spell.began, frozenset(taken))
        taken.add(name)
        yield old, Episode(name, now.version, spell, story.raised_with.get((spell.kind, spell.began)))


def _reopened(old: Episode, spell: Spell) -> bool:
    return old.spell.ended is not None and spell.ended is None


def _changed(old: Episode | None, new: Episode) -> Iterator[Episode]:
    if old and old.id != new.id:
        yield msgspec.structs.replace(old, spell=msgspec.structs.replace(old.spell, outcome="reopened"))
    if new != old:
        yield new


def _ended(episode: Episode, now: Moment) -> Episode:
    outcome = "data_corrected" if now.cause == "values" else "plan_changed"
    spell = msgspec.structs.replace(episode.spell, phase="ok", ended=episode.spell.ended or now.today, outcome=outcome)
    return msgspec.structs.replace(episode, spell=spell)
