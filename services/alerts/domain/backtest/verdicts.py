"""What each known value means to a target, as numbers: compared (alerts) for all days at once."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from services.alerts.domain.backtest.known import OFFSETS, PLACE, Floats, Mask, Table
from services.alerts.domain.plan.plan import Limit, Target
from shared.contracts.catalogue import BY_NAME
from shared.contracts.catalogue.reach import complete_from

CLEAR, BETWEEN, BREACH, UNKNOWN = range(4)
"""What a value means (Verdict)."""
Codes = NDArray[np.int8]
BACK = PLACE[min(OFFSETS)]
"""The last place of a day that is past; days ahead come after it."""


def verdicts(table: Table, row: int, first: int, target: Target, known_from: date | None, window: int) -> Codes:
    """By published day and day, what the values of a row mean; ``first`` is the first day, as a number."""
    ratios, known = table.ratios[row], table.numbered[row] & _within(table, first, known_from, window)
    breach = known & (_passed(target.breach, ratios) if target.breach else False)
    clear = known & ~breach & (True if target.clear is None else _passed(target.clear, ratios))
    codes = np.where(breach, BREACH, np.where(clear, CLEAR, np.where(known, BETWEEN, UNKNOWN))).astype(np.int8)
    if target.require_confirmation and target.breach:
        places, days = np.nonzero(breach)
        low, high = table.bounds(row, places, first + days)
        sure = _passed(target.breach, low if target.breach.side == "above" else high)
        codes[places[~sure], days[~sure]] = BETWEEN
    return codes


def _passed(limit: Limit, values: Floats) -> Mask:
    return np.asarray(values > limit.value if limit.side == "above" else values < limit.value, bool)


def _within(table: Table, first: int, known_from: date | None, window: int) -> Mask:
    """Where a value does not reach back before what the plan says is known (reach.within)."""
    days = np.arange(table.ratios.shape[2])[np.newaxis] + first + np.array(OFFSETS)[:, np.newaxis]
    if known_from is None:
        return np.ones_like(days, bool)
    least = complete_from(BY_NAME[table.metric.name], known_from, window).toordinal()
    until = table.until[0]
    return np.asarray(np.where(until > 0, until, days) >= least)


def restated(columns: Sequence[np.ndarray]) -> list[bool]:
    """By day, whether any of the days before it is said to be otherwise than the day before; of the first, no."""
    back = BACK + 1
    differs = [column[1:back, 1:] != column[: back - 1, :-1] for column in columns]
    return [False, *np.logical_or.reduce(differs).any(axis=0).tolist()]
