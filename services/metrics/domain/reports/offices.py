"""Offices: the places that share posts, with the load and the case holders of each on a day."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple

from services.metrics.domain.coverage.completeness import is_reported, known_from
from services.metrics.domain.coverage.kinds import Kind
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.sums.groups import Group
from services.metrics.domain.sums.tree import Tree
from services.metrics.domain.values.answer import Answer
from shared.contracts.metrics import ALL
from shared.language.refusal import SaidError

MEASURES = frozenset({Measure.case_points, Measure.case_holder_fte})


class ProposalError(SaidError):
    """Posts cannot be shared like that; the sentence says why."""


class Load(NamedTuple):
    """Case points, and case holders in posts of full time."""

    points: float = 0
    posts: float = 0

    def less(self, parts: Iterable["Load"]) -> "Load":
        """What remains without the parts; facts are in millionths, so more decimals are none."""
        of = list(parts)
        points, posts = self.points - sum(p.points for p in of), self.posts - sum(p.posts for p in of)
        return Load(round(points, 6), round(posts, 6))


class Office(NamedTuple):
    """A unit with everything below it, or what lies in the unit ``itself`` alone."""

    unit: str
    name: str
    itself: bool
    load: Load


def loads(found: Answer) -> dict[str, Load]:
    """What each unit has with everything below it, on the first day of the sums.

    Raises ProposalError if cases, or who carries them, were not reported by then.
    """
    _check(found)
    points, posts = (
        found.sums.level(measure)[:, 0].tolist() for measure in (Measure.case_points, Measure.case_holder_fte)
    )
    return {g.unit: Load(points[i], posts[i]) for i, g in enumerate(found.groups) if g == Group(g.unit)}


def _check(found: Answer) -> None:
    if found.known is None or Group(ALL) not in found.groups:
        return
    since = int(known_from(found.known, (Kind.CASELOAD, Kind.EMPLOYMENT))[found.groups.index(Group(ALL))])
    if not is_reported(since):
        raise unmeasured()
    if since > found.sums.as_of[0]:
        day = date.fromordinal(since)
        raise ProposalError(
            f"ärendepoäng och handläggare är kända först från och med {day}",
            f"case points and case holders are known from {day} on",
        )


def unmeasured() -> ProposalError:
    """Nobody reports any load."""
    return ProposalError(
        "inga ärendepoäng är rapporterade, så det finns ingen belastning att fördela tjänster efter",
        "no case points are reported, so there is no load to share posts by",
    )


def offices(found: Mapping[str, Load], tree: Tree, unit: str | None) -> list[Office]:
    """The units right below ``unit`` and what lies in the unit itself; without a unit, each that has cases itself.

    Either way everything is in exactly one office, and those with neither points nor posts are left out. Raises
    ProposalError.
    """
    if unit is not None and unit not in found:
        near = get_close_matches(unit, found, 1)
        raise ProposalError(
            f"ingen handläggare arbetar i en enhet {unit!r}" + (f"; menade du {near[0]}?" if near else ""),
            f"no case holder works in a unit {unit!r}" + (f"; did you mean {near[0]}?" if near else ""),
        )
    below = _below(found, tree)
    whole = [] if unit is None else below.get(unit, [])
    own = [u for u in sorted(found) if u != ALL] if unit is None else [unit]
    listed = [Office(u, tree.name(u), False, found[u]) for u in whole]
    listed += [Office(u, tree.name(u), u in below, _own(u, found, below)) for u in own]
    return [office for office in listed if any(office.load)]


def _below(found: Iterable[str], tree: Tree) -> dict[str, list[str]]:
    below: dict[str, list[str]] = {}
    for child in sorted(found):
        if child != ALL:
            below.setdefault(tree.parents.get(child, ALL), []).append(child)
    return below


def _own(unit: str, found: Mapping[str, Load], below: Mapping[str, Sequence[str]]) -> Load:
    return found[unit].less(found[child] for child in below.get(unit, ()))
