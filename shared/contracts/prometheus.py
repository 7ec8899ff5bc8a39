"""The business metrics as Prometheus names them: one gauge per metric, with labels ``unit`` and ``occupation``.

What is known of the days ahead is in gauges of its own, with a label ``days``: a query of today's never adds them up.

Naming follows Prometheus' own conventions: a prefix for the application, the unit last, in base units, and never a
suffix that a counter or histogram owns (``_total``, ``_count``, ``_sum``, ``_bucket``). A value that is suppressed or
not applicable has no series.
"""

from typing import NamedTuple

from shared.contracts.catalogue import BY_NAME, METRICS, Metric, Unit

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


def prometheus_name(metric: Metric, *prefix: str) -> Gauge:
    """The gauge of one metric; a name that already ends with its unit is not given it twice."""
    word = _UNIT_WORD[metric.unit]
    words = metric.name.split("_")
    suffix = [word] if word and words[-1] != word else []
    return Gauge("_".join(["stadga", *prefix, *words, *suffix]), f"{metric.en} ({metric.definition}; {metric.source})")


def _ahead(metric: Metric) -> Gauge:
    name, meaning = prometheus_name(metric, "ahead")
    return Gauge(name, f"as known for so many days ahead: {meaning}")


BUSINESS: dict[str, Gauge] = {metric.name: prometheus_name(metric) for metric in METRICS}
"""Metric name → its gauge, for every published metric."""

DECIDED = (
    "headcount",
    "fte",
    "leaver_rate",
    "leaver_rate_own_request",
    "stability",
    "tenured_share",
    "agency_share",
    "agency_cover_share",
    "pool_fte",
    "students",
    "vacancy_rate",
    "caseload",
    "weighted_caseload",
    "staffing_need_fte",
    "span_of_control",
    "study_share",
    "senior_share",
    "trainee_share",
)
"""What decisions already taken tell of the days ahead: who comes, who leaves, what is vacant. What is reported as it
happens (sickness, hours, incidents) looks better ahead only because nobody has reported it yet."""

AHEAD: dict[str, Gauge] = {name: _ahead(BY_NAME[name]) for name in DECIDED}
"""Metric name → the gauge of its values ahead, of units as a whole."""

AHEAD_LABELS = (*LABELS, "days")
"""Of every gauge ahead; ``occupation`` is always ``*``."""
