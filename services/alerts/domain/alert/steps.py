"""The steps between what was told of an alert and what its values tell now, each with its reason."""

from collections.abc import Iterator
from datetime import date

from services.alerts.domain.alert.episode import Kind, Spell, Story
from services.alerts.domain.alert.occasion import MailReason
from services.alerts.domain.alert.standing import Episode, Moment, Standing, Transition
from shared.contracts.alerts import Reason, State

BETWEEN: dict[tuple[Kind, State | None, State], tuple[Reason | None, ...]] = {
    ("breach", None, "firing"): ("hold_met",),
    ("breach", None, "recovering"): ("hold_met", "clear_started"),
    ("breach", None, "ok"): ("hold_met", "resolved"),
    ("breach", "firing", "recovering"): ("clear_started",),
    ("breach", "firing", "ok"): ("resolved",),
    ("breach", "recovering", "firing"): (None,),
    ("breach", "recovering", "ok"): ("resolved",),
    ("breach", "ok", "firing"): ("reopened",),
    ("breach", "ok", "recovering"): ("reopened", "clear_started"),
    ("expected", None, "expected"): ("expected_breach",),
    ("expected", None, "ok"): ("expected_breach", None),
    ("expected", "expected", "ok"): (None,),
    ("expected", "ok", "expected"): ("expected_breach",),
}
"""Kind of episode, the phase told, the phase now → the steps between; None: whatever reason the values give."""

AFTER: dict[Reason, State] = {
    "first_breach": "pending",
    "breach_ended": "ok",
    "hold_met": "firing",
    "clear_started": "recovering",
    "clear_ended": "firing",
    "breach_again": "firing",
    "resolved": "ok",
    "reopened": "firing",
    "expected_breach": "expected",
    "no_longer_expected": "ok",
    "expected_came": "ok",
    "data_corrected": "ok",
    "plan_changed": "ok",
}
"""Where each reason leads."""

MAIL: dict[Reason, MailReason] = {
    "hold_met": "hold_met",
    "reopened": "hold_met",
    "expected_breach": "expected_breach",
    "resolved": "resolved",
}
"""The reasons someone is mailed for; a correction is, too, where the firing was told of."""

NEWS = frozenset({"hold_met", "reopened", "expected_breach"})
"""Mailed only while it is still so: what began and ended before it was heard of is only written down."""


def episode_steps(
    told: State | None, new: Episode, before: Standing, story: Story, now: Moment
) -> Iterator[Transition]:
    """From the phase that was ``told`` of an episode, if it was told of, to its phase now."""
    spell = new.spell
    state: State = told or ("pending" if grew(spell, before) else "ok")
    for given in BETWEEN.get((spell.kind, told, spell.phase), ()):
        reason = given or _given(spell, story)
        after = AFTER[reason]
        on = _on(reason, spell, story, now)
        breached = after in {"firing", "recovering"}
        since = spell.since if breached else on
        mail = MAIL.get(reason) if spell.ended is None or reason not in NEWS else None
        yield Transition(new, state, after, reason, on, since, mail, breached and spell.since_at_least)
        state = after


def resumed_steps(new: Episode, before: Standing, story: Story, now: Moment) -> Iterator[Transition]:
    """An episode goes on with its plan: nobody is told anew; if it has ended meanwhile, that is told."""
    state: State = "expected" if new.spell.kind == "expected" else "firing"
    at_least = new.spell.since_at_least
    yield Transition(new, "ok", state, "plan_resumed", now.today, new.spell.since, since_at_least=at_least)
    yield from episode_steps(state, new, before, story, now)


def grew(spell: Spell, before: Standing) -> bool:
    """Whether the hold that was told of lies in this breach. Breaches share no day, so at most one does."""
    if before.state != "pending" or before.since is None or spell.kind != "breach":
        return False
    return spell.since <= before.since <= (spell.ended or date.max)


def _given(spell: Spell, story: Story) -> Reason:
    if spell.kind == "expected":
        return spell.outcome or "no_longer_expected"
    return story.reason if story.reason == "breach_again" else "clear_ended"


def _on(reason: Reason, spell: Spell, story: Story, now: Moment) -> date:
    if reason in {"hold_met", "expected_breach"}:
        return spell.began
    if AFTER[reason] == "ok":
        return spell.ended or now.today
    return (story.run.clear if reason == "clear_started" else None) or now.today


def withdrawn(episode: Episode, now: Moment) -> Transition:
    """An episode that the values, or the plan, no longer tell of."""
    reason: Reason = "data_corrected" if now.cause == "values" else "plan_changed"
    told = reason == "data_corrected" and episode.spell.kind == "breach" and episode.spell.ended is None
    old = episode.spell.phase
    return Transition(episode, old, "ok", reason, now.today, now.today, "data_corrected" if told else None)


def hold_ended(before: Standing, story: Story, now: Moment) -> Iterator[Transition]:
    """A hold that was told of and is over, without having become the breach that fires."""
    was, still = before.since, story.run.state == "pending"
    if before.state == "pending" and was and not still:
        yield Transition(None, "pending", "ok", _given_up(was, story, now), now.today, now.today)


def hold_began(story: Story) -> Iterator[Transition]:
    """A hold that is running."""
    since, at_least = story.run.since, story.run.since_at_least
    if story.run.state == "pending" and since:
        yield Transition(None, "ok", "pending", "first_breach", since, since, since_at_least=at_least)


def _given_up(since: date, story: Story, now: Moment) -> Reason:
    if now.cause == "plan":
        return "plan_changed"
    return "breach_ended" if since in story.given_up else "data_corrected"
