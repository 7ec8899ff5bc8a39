"""Mails that are decided and not told yet: a value has to be still for a while before anybody is told of it.

Half a file, or an absence whose end comes a minute later, may decide a step that the rest takes back. So a mail waits
as long as its target says (``settle``). If the step turns out not to be so within that time, nobody hears of it; if the
value moves, the mail says the new one and waits anew.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

import msgspec

from services.alerts.domain.alert.episode import Spell
from services.alerts.domain.alert.occasion import FOLLOWING, MailReason, Occasion
from services.alerts.domain.alert.restated import Restated, again, takes_back
from services.alerts.domain.alert.standing import Episode, Transition
from shared.contracts.alerts import Reason, State


class Settling(NamedTuple):
    """A mail that waits for its value to be still."""

    id: str
    episode: str
    occasion: Occasion


class Rewritten(NamedTuple):
    """What such a mail says instead; ``moved`` is true where its value is another, so that it waits anew."""

    id: str
    occasion: Occasion
    moved: bool


class Settled(NamedTuple):
    """What became of the mails that wait: those that say something else, and those that nobody is to get."""

    rewritten: tuple[Rewritten, ...] = ()
    dropped: tuple[str, ...] = ()

    def without(self, hushed: Collection[str]) -> "Settled":
        """The same, where nobody is to get these either."""
        return self._replace(dropped=(*self.dropped, *sorted(hushed)))


STEPS: dict[MailReason, tuple[Reason, State]] = {
    "hold_met": ("hold_met", "firing"),
    "expected_breach": ("expected_breach", "expected"),
    "resolved": ("resolved", "ok"),
    "data_corrected": ("data_corrected", "ok"),
    "limit_moved": ("plan_changed", "ok"),
    **dict.fromkeys(FOLLOWING, ("hold_met", "firing")),
}
"""The step that each mail tells of, and where it leads."""


def settle(
    waiting: Iterable[Settling],
    episodes: Mapping[str, Episode],
    say: Callable[[Transition, Episode], Occasion],
    now: Restated,
) -> Settled:
    """What becomes of mails as their episodes are now; ``say`` puts a step into what a mail may say.

    ``now`` is what is known by now of the value that a mail told of.
    """
    rewritten: list[Rewritten] = []
    dropped: list[str] = []
    for mail in waiting:
        episode = episodes.get(mail.episode)
        new = _by_now(mail.occasion, episode, say, now) if episode else None
        if new is None:
            dropped.append(mail.id)
        elif new != mail.occasion:
            rewritten.append(Rewritten(mail.id, new, new.measured != mail.occasion.measured))
    return Settled(tuple(rewritten), tuple(dropped))


def _by_now(
    old: Occasion, episode: Episode, say: Callable[[Transition, Episode], Occasion], now: Restated
) -> Occasion | None:
    """What a mail says as things are now; None where it is no longer so."""
    if old.reason == "data_corrected" and not takes_back(old):
        return again(old, now(old), episode)
    if not is_so(old.reason, episode.spell):
        return None
    return _said_anew(old, say(_step(old, episode), episode))


def is_so(reason: MailReason, spell: Spell) -> bool:
    """Whether a mail for that reason is still true of an episode."""
    if reason in {"hold_met", "expected_breach", *FOLLOWING}:
        return spell.ended is None and spell.outcome is None
    if reason == "data_corrected":
        return spell.outcome == reason
    return spell.ended is not None and not _undone(spell, reason)


def _undone(spell: Spell, reason: MailReason) -> bool:
    """Whether an end is none after all: the values tell it no more, or the episode goes on under another id."""
    return spell.outcome in {"data_corrected", "reopened"} or (spell.outcome, reason) == ("plan_changed", "resolved")


def _step(occasion: Occasion, episode: Episode) -> Transition:
    reason, state = STEPS[occasion.reason]
    return Transition(episode, "ok", state, reason, occasion.on, episode.spell.since, occasion.reason)


def _said_anew(old: Occasion, new: Occasion) -> Occasion:
    """With the values of now, as decided then: the first decision dates the mail and is what it links to."""
    kept = {name: getattr(old, name) for name in ("decided", "link", "moved", "corrects", "follow")}
    return msgspec.structs.replace(new, **kept)
