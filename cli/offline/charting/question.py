"""What a chart is asked for, and what ends a command about one: the question itself, and when none can be answered."""

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple

from shared.contracts.catalogue import BY_NAME, Metric
from shared.contracts.catalogue.monthly import UNFIT
from shared.language.refusal import SaidError


class ChartError(SaidError):
    """There is no such chart; the sentence says why."""


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
        raise unknown(f"inget mått heter {name!r}", f"no metric {name!r}", name, BY_NAME)
    return BY_NAME[name]


def unknown(sv: str, en: str, name: str, known: Iterable[str]) -> ChartError:
    """What to raise of a name that is not known, with the nearest that is."""
    near = get_close_matches(name, list(known), 1)
    return ChartError(
        sv + (f"; menade du {near[0]}?" if near else ""), en + (f"; did you mean {near[0]}?" if near else "")
    )


def check(metric: str) -> None:
    """Raises ChartError for a metric whose monthly chart would mislead."""
    if why := UNFIT.get(metric):
        raise ChartError(
            f"inget månadsvis styrdiagram görs av {metric}: {why.sv}",
            f"no monthly control chart of {metric} is made: {why.en}",
        )
