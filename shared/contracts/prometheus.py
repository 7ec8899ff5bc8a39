"""The business metrics as Prometheus names them: one gauge per metric, with labels ``unit`` and ``occupation``.

Naming follows Prometheus' own conventions: a prefix for the application, the unit last, in base units, and never a
suffix that a counter or histogram owns (``_total``, ``_count``, ``_sum``, ``_bucket``). A value that is suppressed or
not applicable has no series.
"""

from typing import NamedTuple

from shared.contracts.catalogue import METRICS, Metric, Unit

LABELS = ("unit", "occupation")
"""Of every business gauge; ``*`` stands for every unit or every occupation."""

_UNIT_WORD: dict[Unit, str | None] = {
    "ratio": "ratio",
    "people": "people",
    "fte": "fte",
    "days": "days",
    "count": None,  # ``_count`` belongs to histograms
    "per_manager": None,
    "per_100_fte": None,
    "score": None,
    "sek": "sek",
    "quotient": None,  # ``_ratio`` is what is shown in per cent
}


class Gauge(NamedTuple):
    """A business gauge: its series name and its help line."""

    name: str
    help: str


def prometheus_name(metric: Metric) -> Gauge:
    """The gauge of one metric; a name that already ends with its unit is not given it twice."""
    word = _UNIT_WORD[metric.unit]
    words = metric.name.split("_")
    suffix = [word] if word and words[-1] != word else []
    return Gauge("_".join(["stadga", *words, *suffix]), f"{metric.en} ({metric.definition}; {metric.source})")


BUSINESS: dict[str, Gauge] = {metric.name: prometheus_name(metric) for metric in METRICS}
"""Metric name → its gauge, for every published metric."""
