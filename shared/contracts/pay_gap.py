"""The yearly pay report: the seven figures of art. 9.1 of Directive (EU) 2023/970, as ``stadga report pay-gap`` tells.

A *gap* is (men's − women's) ÷ men's: 0.05 is five per cent less for women. Gaps and shares are told to a tenth of a
per cent: from all digits of a quotient the sums behind it could be found.
"""

from typing import Literal

import msgspec

from shared.contracts.events import Grade

State = Literal["final", "suppressed", "not_applicable"]
Reason = Literal["few", "subtraction"]
Level = Literal["all", "occupation", "category"]
BANDS = 4


class Told(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A gap or a share, of one. A ``suppressed`` one has the ``reason``: too few people, or what protects these."""

    status: State
    value: float | None = None
    reason: Reason | None = None


class PayGroup(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everybody, those of an occupation, or those of a category: a name that events give, else occupation and grade.

    The letters are those of art. 9.1. Gaps of variable pay, and the medians of it, are of those who receive any.
    ``women_in_bands`` are the shares of women in four bands of equally many women and men, the lowest pay first; men
    are the rest. ``five_per_cent`` says that the means differ by five per cent or more, in whosever favour (art. 10).
    """

    level: Level
    occupation: str | None = None
    grade: Grade | None = None
    category: str | None = None
    women: int
    men: int
    others: int
    mean: Told
    """a; and g, both parts together."""
    mean_variable: Told
    """b; and g, the variable part."""
    median: Told
    """c"""
    median_variable: Told
    """d"""
    women_with_variable: Told
    """e"""
    men_with_variable: Told
    """e"""
    women_in_bands: list[Told]
    """f"""
    mean_basic: Told
    """g, the basic part."""
    five_per_cent: bool = False


class PayGapReport(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A year of everybody with monthly pay, by group; ``without_pay`` are those of whom no pay is known: left out."""

    year: int
    without_pay: int
    groups: list[PayGroup]
