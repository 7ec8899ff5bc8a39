"""The metrics in words, for documents that are made from code: what each counts, its unit, definition and source."""

from shared.contracts.catalogue import METRICS
from shared.contracts.catalogue.metric import Metric, Unit

UNITS: dict[Unit, str] = {
    "ratio": "share",
    "people": "people",
    "fte": "FTE",
    "days": "days",
    "count": "number",
    "per_manager": "per manager",
    "per_100_fte": "per 100 FTE and year",
    "score": "0–100",
    "sek": "SEK; pay a month",
    "quotient": "quotient",
}


def described(metric: Metric) -> str:
    """One metric in a line."""
    return f"`{metric.name}`: {metric.en}; {UNITS[metric.unit]} ({metric.definition}; {metric.source})"


BY_NAME_DESCRIBED = "Values by metric:\n\n" + "\n".join(f"- {described(metric)}" for metric in METRICS)
"""What an object of metrics by name may hold, in Markdown."""
