"""Notices of one mail in order: what matters most first, what says the same once, what lies below under its unit."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from services.alerts.domain.alert.occasion import MailReason, Occasion
from services.alerts.domain.letter.facts import shown
from services.alerts.domain.letter.message import Message

ORDER: tuple[MailReason, ...] = (
    "hold_met",
    "escalated",
    "snooze_ended",
    "reminded",
    "expected_breach",
    "data_corrected",
    "limit_moved",
    "resolved",
)
"""What began before what goes on, before what is expected, before what was corrected, before what is over."""


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """How things stood when notices were put into one mail, so that a repeat says the same.

    ``open`` alerts were firing in ``units`` of the ``watched`` units of the plans that the mail is about. ``above`` are
    the units above each unit, the nearest first; ``only`` are the units that have no other beside them.
    """

    open: int
    units: int
    watched: int
    above: Mapping[str, tuple[str, ...]] = {}
    only: frozenset[str] = frozenset()


class Notice(NamedTuple):
    """What a mail would say on its own."""

    about: Occasion
    said: Message


class Entry(NamedTuple):
    """A notice with those that it stands for: of only children with the same figures, and of units below."""

    notice: Notice
    same: tuple[Notice, ...] = ()
    below: tuple[Notice, ...] = ()


def entries(notices: Iterable[Notice], around: Surroundings) -> list[Entry]:
    """The notices of one mail in the order they are read; one that comes twice is there once."""
    ordered = sorted(_once(notices), key=lambda one: _weight(one.about))
    above = _above(ordered, around)
    same: dict[int, list[Notice]] = defaultdict(list)
    below: dict[int, list[Notice]] = defaultdict(list)
    for at in above:
        kind = same if _stands_for(ordered, above, at, around) else below
        kind[_top(at, above)].append(ordered[at])
    return [Entry(one, tuple(same[at]), tuple(below[at])) for at, one in enumerate(ordered) if at not in above]


def _once(notices: Iterable[Notice]) -> Iterable[Notice]:
    """Somebody who is named twice by a plan reads of it once."""
    return {(one.about.episode, one.about.on, *_cause(one.about)): one for one in notices}.values()


def _cause(about: Occasion) -> tuple[object, ...]:
    return (about.plan, about.target, about.reason, about.corrects is None)


def _weight(about: Occasion) -> tuple[object, ...]:
    severity = about.severity != "critical"
    return ORDER.index(about.reason), severity, -_past(about), about.unit_name, about.unit, about.plan, about.target


def _past(about: Occasion) -> float:
    """How far past its limit, or the mean that a rule judges by, a value lies, as a share of it.

    The least of all where none may be shown.
    """
    value = shown(about.measured, about)
    if value is None or value.value is None:
        return -math.inf
    level = about.threshold if about.ruled is None else about.ruled.mean
    if level is None:
        return 0.0
    far = (value.value - level) * (1 if about.breach == "above" else -1)
    return far / abs(level) if level else far


def _above(ordered: Sequence[Notice], around: Surroundings) -> dict[int, int]:
    """By place: where the nearest unit above stands that is told of for the same cause; those with none are missing."""
    places = {(one.about.unit, *_cause(one.about)): at for at, one in enumerate(ordered)}
    found: dict[int, int] = {}
    for at, one in enumerate(ordered):
        path = around.above.get(one.about.unit, ())
        keys = ((unit, *_cause(one.about)) for unit in path if len(around.above.get(unit, ())) < len(path))
        if nearest := next((key for key in keys if key in places), None):
            found[at] = places[nearest]
    return found


def _top(at: int, above: Mapping[int, int]) -> int:
    while at in above:
        at = above[at]
    return at


def _stands_for(ordered: Sequence[Notice], above: Mapping[int, int], at: int, around: Surroundings) -> bool:
    """Whether the figures of a unit are those of the one above, whose only one it is, and so on up to the top."""
    while at in above:
        child, parent = ordered[at].about, ordered[above[at]].about
        path = around.above.get(child.unit, ())
        if child.unit not in around.only or path[:1] != (parent.unit,) or _figures(child) != _figures(parent):
            return False
        at = above[at]
    return True


def _figures(about: Occasion) -> tuple[object, ...]:
    return about.measured, about.on, about.breach, about.threshold
