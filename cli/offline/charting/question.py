"""What a chart is asked for, and what ends a command about one: the question itself, and when none can be answered."""

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple

from shared.contracts.catalogue import BY_NAME, Metric

ONCE_A_YEAR = "pay changes once a year, when it is revised; between revisions nearly every month repeats the one before"
LOOKS_BACK = "each month's value looks back over a year, so that neighbours are nearly the same by construction"

UNFIT = {
    "stability": f"{LOOKS_BACK}; leaver_rate has a value for each month of its own",
    "introduction_coverage": f"{LOOKS_BACK}, and a whole year's newcomers are in it",
    "mentor_coverage": f"{LOOKS_BACK}, and a whole year's newcomers are in it",
    "replacement_turnover": "somebody who is replaced the month after would count as not replaced in both; "
    "leaver_rate is the one to follow by month",
    "overtime_capped_share": "it grows through the calendar year and begins again in January; "
    "overtime_share is the one to follow by month",
    "pay_median": ONCE_A_YEAR,
    "pay_quartiles": ONCE_A_YEAR,
    "pay_p90_p10": ONCE_A_YEAR,
    "pay_gap": ONCE_A_YEAR,
}
"""Metrics that no monthly control chart is made of, and why: it would show rules broken where nothing happened.

Source: overlapping values are alike, which the rules for shifts and trends take for a change."""


class ChartError(ValueError):
    """There is no such chart; the message is one sentence that says why."""


class ChartQuestion(NamedTuple):
    """A metric of a unit's subtree and an occupation (``*``: all), and the first and last month; None: as is known."""

    metric: Metric
    unit: str
    occupation: str
    first: date | None
    last: date | None


def metric(name: str) -> Metric:
    """The metric of a name; raises ChartError with what may have been meant."""
    if name not in BY_NAME:
        raise ChartError(f"no metric {name!r}{meant(name, BY_NAME)}")
    return BY_NAME[name]


def meant(name: str, known: Iterable[str]) -> str:
    """The end of a sentence on a name that is not known."""
    near = get_close_matches(name, list(known), 1)
    return f"; did you mean {near[0]}?" if near else ""


def check(metric: str) -> None:
    """Raises ChartError for a metric whose monthly chart would mislead."""
    if why := UNFIT.get(metric):
        raise ChartError(f"no monthly control chart of {metric} is made: {why}")
