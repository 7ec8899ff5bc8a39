"""Who is still there after so long: survival of those who come in at different times and are not all seen to the end.

Somebody who was there before the observation began counts only from the age, or seniority, at which they came under
observation (left truncation). Sources: E. Kaplan and P. Meier, J. Am. Stat. Assoc. 53 (1958) 457–481; N. Mantel, Cancer
Chemother. Rep. 50 (1966) 163–170; for left truncation J. Klein and M. Moeschberger, Survival Analysis, 2nd ed. 2003,
4.6 and 7.3.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc


class Spell(NamedTuple):
    """Under observation from the time ``entry`` until ``exit``, which is later; ``left`` if it ended there."""

    entry: float
    exit: float
    left: bool


class Step(NamedTuple):
    """From ``time`` on, this ``share`` is still there; at that time ``left`` of ``at_risk`` left."""

    time: float
    at_risk: int
    left: int
    share: float


class LogRank(NamedTuple):
    """Whether two groups leave alike: the statistic, and how often chance alone would make it as large."""

    statistic: float
    p: float


def kaplan_meier(spells: Sequence[Spell]) -> list[Step]:
    """The share still there after each time at which anybody left."""
    times = _times(spells)
    at_risk, left = _counts(spells, times)
    shares = np.cumprod(1 - left / at_risk) if len(times) else times
    return [Step(*step) for step in zip(times.tolist(), at_risk.tolist(), left.tolist(), shares.tolist(), strict=True)]


def log_rank(one: Sequence[Spell], other: Sequence[Spell]) -> LogRank:
    """Compares two groups at each time at which anybody left, those then at risk with each other."""
    times = _times([*one, *other])
    (risk, left), (others_risk, others_left) = (_counts(group, times) for group in (one, other))
    n, d = risk + others_risk, left + others_left
    surplus = float((left - d * risk / n).sum())
    spread = risk * others_risk / n**2 * d * (n - d) / np.maximum(n - 1, 1)
    variance = float(spread.sum())
    statistic = surplus**2 / variance if variance else 0.0
    return LogRank(statistic, float(chdtrc(1, statistic)))


def expected(one: Sequence[Spell], other: Sequence[Spell]) -> float:
    """How many of the first group would have left, had those at risk at each time left alike in both."""
    times = _times([*one, *other])
    (risk, left), (others_risk, others_left) = (_counts(group, times) for group in (one, other))
    return float(((left + others_left) * risk / (risk + others_risk)).sum())


def comparable(one: Sequence[Spell], other: Sequence[Spell]) -> float:
    """Of all who left, the share who did when somebody of either group was at risk: others compare with nobody."""
    times = _times([*one, *other])
    (risk, left), (others_risk, others_left) = (_counts(group, times) for group in (one, other))
    both = (risk > 0) & (others_risk > 0)
    return float((left + others_left)[both].sum() / (left + others_left).sum()) if len(times) else 0.0


def _times(spells: Sequence[Spell]) -> NDArray[Any]:
    return np.array(sorted({spell.exit for spell in spells if spell.left}), float)


def _counts(spells: Sequence[Spell], times: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """How many are at risk at each time (had come before it, have not left before it), and how many leave then."""
    entries = np.sort([spell.entry for spell in spells])
    exits = np.sort([spell.exit for spell in spells])
    ends = np.sort([spell.exit for spell in spells if spell.left])
    at_risk = np.searchsorted(entries, times, "left") - np.searchsorted(exits, times, "left")
    return at_risk, np.searchsorted(ends, times, "right") - np.searchsorted(ends, times, "left")
