"""Sharing posts over offices by weighted load, after the resource model of Västerås (2015).

Posts are shared by the method of odd numbers (Sainte-Laguë), as seats are in Swedish elections, a quarter of a post at
a time: the next quarter goes where load ÷ (2 × quarters held + 1) is greatest. Unlike the method of largest remainders
it never takes from an office because there is more to share, or because its own load grew.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from heapq import heapify, heapreplace

from services.metrics.domain.reports.offices import Office, ProposalError, unmeasured
from shared.contracts import staffing as contract
from shared.contracts.staffing import StaffingProposal

QUARTERS = 4
"""Parts of a post: a fourth of full time is the smallest part that is proposed."""

MOST = 10_000
"""More posts than any municipality has to share; above it is a slip of the pen."""


def share(quarters: int, loads: Mapping[str, float]) -> dict[str, int]:
    """So many quarters of a post by load: all of them, at least one to each load above zero, none to others.

    Of equal claims the smaller reference goes first. Raises ProposalError when there are too few to go round.
    """
    held = {ref: 1 if load > 0 else 0 for ref, load in loads.items()}
    claims = [(-Fraction(loads[ref]) / 3, ref) for ref, one in held.items() if one]
    if quarters < len(claims):
        least = len(claims) / QUARTERS
        given, many = f"{quarters / QUARTERS:g}", len(claims)
        raise ProposalError(
            f"{_sv(given)} tjänster är för få: {many} kontor behöver minst {_sv(f'{least:g}')}",
            f"{given} posts are too few: {many} offices need {least:g} at least",
        )
    heapify(claims)
    for _ in range(quarters - len(claims) if claims else 0):
        ref = claims[0][1]
        held[ref] += 1
        heapreplace(claims, (-Fraction(loads[ref]) / (2 * held[ref] + 1), ref))
    return held


def proposal(
    offices: Sequence[Office], posts: float, norm: float, as_of: date, unit: str | None = None
) -> StaffingProposal:
    """Each office's part of ``posts``, the greatest load first; ``norm`` is case points of a full-time post.

    Raises ProposalError.
    """
    quarters = _quarters(posts, norm)
    measured = sorted((o for o in offices if o.load.points > 0), key=lambda o: (-o.load.points, o.unit))
    if not measured:
        raise unmeasured()
    held = share(quarters, {o.unit: o.load.points for o in measured})
    return StaffingProposal(
        as_of=as_of,
        unit=unit,
        posts=posts,
        norm=norm,
        offices=[_office(o, held[o.unit] / QUARTERS, norm) for o in measured],
        unmeasured=sorted(o.unit for o in offices if o.load.points <= 0),
    )


def _quarters(posts: float, norm: float) -> int:
    if not norm > 0:
        raise ProposalError(
            f"en norm på {_sv(f'{norm:g}')} poäng: den måste vara över noll",
            f"a norm of {norm:g} points: it must be above zero",
        )
    if not (0 < posts <= MOST and posts * QUARTERS % 1 == 0):
        raise ProposalError(
            f"{_sv(f'{posts:g}')} tjänster: antalet måste vara helt eller i fjärdedelar, över noll och högst {MOST}",
            f"{posts:g} posts: it must be whole or in quarters, above zero and at most {MOST:,}",
        )
    return int(posts * QUARTERS)


def _sv(number: str) -> str:
    return number.replace(".", ",")


def _office(office: Office, proposed: float, norm: float) -> contract.Office:
    points, posts = office.load
    return contract.Office(
        unit=office.unit,
        unit_name=office.name,
        itself=office.itself,
        points=points,
        posts=posts,
        need=points / norm,
        proposal=proposed,
        difference=round(proposed - posts, 6),
        load=points / posts if posts > 0 else None,
        load_after=points / proposed,
    )
