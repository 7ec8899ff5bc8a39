"""A proposal for sharing posts over offices: what ``GET /v1/proposals/staffing`` answers."""

from datetime import date

import msgspec


class Office(msgspec.Struct, frozen=True, kw_only=True):
    """One place with a load. ``posts``, ``need``, ``proposal`` and ``difference`` are full-time case holders.

    ``points`` are case points on the day, ``need`` what they ask for at the norm. ``load`` is points per post today
    (None without any posts), ``load_after`` as proposed. ``itself``: only what lies in the unit itself, not below it.
    """

    unit: str
    unit_name: str
    itself: bool
    points: float
    posts: float
    need: float
    proposal: float
    difference: float
    load: float | None
    load_after: float


class StaffingProposal(msgspec.Struct, frozen=True, kw_only=True):
    """``posts`` shared over offices by their case points on a day.

    ``unit`` is whose offices they are, None for every unit that holds cases of its own. ``unmeasured`` are the offices
    whose case holders reported no case points: nothing is known of their load, and nothing is proposed for them.
    """

    as_of: date
    unit: str | None
    posts: float
    norm: float
    offices: list[Office]
    unmeasured: list[str]
