"""The lines that a picture of an evaluation shows."""

from collections.abc import Sequence
from statistics import fmean

from shared.contracts.evaluations import Evaluation, Role

SMOOTH = 3
"""Months that a point is the mean of: single months of small units jump."""


def together(found: Evaluation, role: Role) -> list[float | None]:
    """The mean of the units of a side, month by month."""
    rows = zip(*(line.values for line in found.lines if line.role == role), strict=True)
    return [_mean(row) for row in rows]


def smoothed(values: Sequence[float | None]) -> list[float | None]:
    """Each month with its neighbours."""
    return [_mean(values[max(0, n - SMOOTH // 2) : n + SMOOTH // 2 + 1]) for n in range(len(values))]


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None
