"""The words of the table of ``stadga compute``, and of what is said about a log."""

from collections.abc import Mapping
from typing import NamedTuple

from shared.contracts.metrics import Status
from shared.language.language import Language


class ComputeWords(NamedTuple):
    """Headings, what stands for a number that is not told, what became of events, and two sentences."""

    title: str
    sides: Mapping[str, str]
    marks: Mapping[Status, str]
    counts: Mapping[str, str]
    more: str
    ahead: str


WORDS: Mapping[Language, ComputeWords] = {
    "sv": ComputeWords(
        title="{day}, mätperiod {days} dagar",
        sides={"unit": "enhet", "occupation": "yrke", "gender": "kön", "age": "ålder"},
        marks={
            "suppressed": "dolt",
            "not_applicable": "–",
            "incomplete": "inte känt än",
            "not_reported": "inte rapporterat",
        },
        counts={
            "read": "lästa",
            "accepted": "godtagna",
            "rejected": "avvisade",
            "duplicates": "dubbletter",
            "anomalies": "avvikelser",
        },
        more="… och {n} till",
        ahead="en del händelser ligger i framtiden, den sista {last}: här räknas de, men de tas inte emot av ingest",
    ),
    "en": ComputeWords(
        title="{day}, window {days} days",
        sides={"unit": "unit", "occupation": "occupation", "gender": "gender", "age": "age"},
        marks={
            "suppressed": "hidden",
            "not_applicable": "–",
            "incomplete": "incomplete",
            "not_reported": "not reported",
        },
        counts={
            "read": "read",
            "accepted": "accepted",
            "rejected": "rejected",
            "duplicates": "duplicates",
            "anomalies": "anomalies",
        },
        more="… and {n} more",
        ahead="some events are recorded in the future, the last at {last}: they count here, ingest refuses them",
    ),
}
