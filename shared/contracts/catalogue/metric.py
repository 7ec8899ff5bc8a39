"""What others may know of a metric: its name, unit and meaning, and how chance is judged."""

from typing import Literal, NamedTuple

from shared.contracts.catalogue.disclosure import ByMonth, Disclosure

Unit = Literal["ratio", "people", "fte", "days", "count", "per_manager", "per_100_fte", "score", "sek", "quotient"]
"""``ratio`` is a share, shown in per cent; ``quotient`` is one amount over another of its kind, such as 1.45."""

Interval = Literal["none", "poisson", "binomial"]
Direction = Literal["lower_is_better", "higher_is_better", "neutral"]
LESS: Direction = "lower_is_better"
MORE: Direction = "higher_is_better"
NEITHER: Direction = "neutral"


class Metric(NamedTuple):
    """One metric as others see it; ``disclosure`` says of how few it may be told.

    ``edition`` is that of its definition: the next one whenever the same events come to another value.
    """

    name: str
    unit: Unit
    interval: Interval
    direction: Direction
    en: str
    sv: str
    disclosure: Disclosure
    source: str = "Stadga"
    alertable: bool = True
    edition: int = 1

    @property
    def by_month(self) -> ByMonth | None:
        """What decides month by month whether it may be told; None of what is told of any day."""
        return self.disclosure.by_month

    @property
    def definition(self) -> str:
        """The definition id that every published value carries; there is no agreed Swedish turnover."""
        return f"stadga:{self.name}:{self.edition}"
