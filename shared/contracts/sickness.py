"""The yearly disclosure of sickness absence: its key figures, and what ``GET /v1/reports/sickness`` answers.

The rules are those of 4 kap. 1 a § lagen (1997:614) om kommunal redovisning, KRL, as of SFS 2002:1065; the key figures
1–7 are those by which SKR collects them.
"""

from datetime import date
from typing import Literal, NamedTuple

import msgspec

Name = Literal[
    "all_staff",
    "long_spells",
    "women",
    "men",
    "other_gender",
    "unknown_gender",
    "up_to_29",
    "from_30_to_49",
    "from_50",
    "unknown_age",
]
State = Literal["final", "suppressed", "not_applicable"]
Reason = Literal["few", "subtraction"]


class KeyFigure(NamedTuple):
    """One key figure: SKR's number, its names, and its place in KRL; without both, the statute names no such group."""

    name: Name
    number: int | None
    en: str
    sv: str
    rule: str
    edition: int = 1

    @property
    def definition(self) -> str:
        """The definition id that every figure carries."""
        return f"stadga:sickness_{self.name}:{self.edition}"


KEY_FIGURES: tuple[KeyFigure, ...] = (
    KeyFigure("all_staff", 1, "All staff", "Alla anställda", "4:1 a, 1 st."),
    KeyFigure(
        "long_spells",
        2,
        "Of which 60 days or more",
        "Varav 60 dagar eller mer",
        "4:1 a, 2 st. 1 p.",
        edition=2,
    ),
    KeyFigure("women", 3, "Women", "Kvinnor", "4:1 a, 2 st. 2 p."),
    KeyFigure("men", 4, "Men", "Män", "4:1 a, 2 st. 2 p."),
    KeyFigure("other_gender", None, "Another gender", "Annat kön", ""),
    KeyFigure("unknown_gender", None, "Gender unknown", "Okänt kön", ""),
    KeyFigure("up_to_29", 5, "29 years or younger", "29 år eller yngre", "4:1 a, 2 st. 3 p."),
    KeyFigure("from_30_to_49", 6, "30–49 years", "30–49 år", "4:1 a, 2 st. 3 p."),
    KeyFigure("from_50", 7, "50 years or older", "50 år eller äldre", "4:1 a, 2 st. 3 p."),
    KeyFigure("unknown_age", None, "Year of birth unknown", "Okänt födelseår", ""),
)
"""In the order of SKR's numbers; the groups that the statute does not name are shown where somebody is in them."""


class Figure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One key figure of one year: ``sick_days`` of ``of_days``, both in days of full time.

    ``of_days`` is the group's ordinary working time; of the long spells it is all sick time. A ``suppressed`` one
    carries no number but the ``reason``: at most ten employees, or another that could be found by subtraction.
    """

    name: Name
    definition: str
    status: State
    value: float | None = None
    sick_days: float | None = None
    of_days: float | None = None
    reason: Reason | None = None


class Disclosure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The disclosure of a unit with everything below it (``*``: the whole municipality).

    It covers ``first``–``last``, as known on ``as_of``: what is ``preliminary`` covers the year so far.
    """

    year: int
    unit: str
    unit_name: str
    first: date
    last: date
    as_of: date
    preliminary: bool
    figures: list[Figure]
