"""Series to draw: a value a month, beginning in January 2023."""

from collections.abc import Sequence
from datetime import date

from cli.offline.charting import months
from cli.offline.charting.document import Document, document
from cli.offline.charting.months import MonthlySeries
from shared.contracts.catalogue import BY_NAME
from shared.contracts.metrics import ALL, MetricValue

HIDDEN = MetricValue(status="suppressed", definition="")
ABSENT = MetricValue(status="not_applicable", definition="", numerator=0, denominator=0)

LOW_THEN_HIGH = [0.03, 0.02] * 9 + [0.09, 0.08] * 4
"""18 months about 2.5 %, 8 months about 8.5 %."""
UNEVEN = [0.04, 0.06, 0.05, 0.06, 0.04, 0.05, 0.06, 0.05, 0.04, 0.06, 0.05, 0.04]
"""A year of nothing special."""


def value(amount: float | MetricValue, **fields: object) -> MetricValue:
    """A final value over a denominator of 50; what is a value already stays as it is."""
    if isinstance(amount, MetricValue):
        return amount
    whole = {"status": "final", "numerator": 50 * amount, "denominator": 50, **fields}
    return MetricValue(definition="", value=amount, **whole)  # type: ignore[arg-type]  # a test may say anything


def series(amounts: Sequence[float | MetricValue], metric: str = "sick_rate", unit: str = "u1") -> MonthlySeries:
    """The values of a unit named Norr (``*``: of the municipality)."""
    shown = [months.last_day(date(2023 + n // 12, n % 12 + 1, 1)) for n in range(len(amounts))]
    return MonthlySeries(BY_NAME[metric], unit, "Norr", ALL, shown, [value(a) for a in amounts], shown[-1])


def chart(amounts: Sequence[float | MetricValue], *plan_starts: date, **of: str) -> Document:
    """The chart of such a series."""
    drawn = series(amounts, **of)
    return document(drawn, months.starts(drawn.months, plan_starts))
