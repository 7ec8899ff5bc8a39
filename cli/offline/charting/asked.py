"""What a chart was asked to show."""

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple

from cli.offline.charting.errors import ChartError
from shared.contracts.catalogue import BY_NAME, Metric


class Asked(NamedTuple):
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
