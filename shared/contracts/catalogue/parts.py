"""What of a group a target can be set for: the women of a unit, or those under thirty. Who is told of in such parts.

What comes as sums of a unit, of posts or of people who are no employees says nobody's gender or age.
"""

from typing import Literal, NamedTuple

from shared.contracts.catalogue.metric import Metric

Dimension = Literal["gender", "age"]
PARTS: dict[Dimension, tuple[str, ...]] = {"gender": ("f", "m", "x"), "age": ("-29", "30-49", "50-")}
"""Dimension → the words of ``GET /v1/metrics``. Who has neither told is in no part: ``unknown`` is no gender."""

_OF_NOBODY = frozenset(
    {
        "agency_share",
        "agency_cover_share",
        "agency_cost_share",
        "pool_fte",
        "students",
        "vacancy_rate",
        "vacancy_age_days",
        "time_to_start_days",
        "handover_rate",
        "led_per_manager",
        "incident_rate",
        "serious_incident_rate",
        "threat_rate",
        "violence_rate",
        "pulse_score",
        "pulse_negative_share",
        "pulse_response_rate",
    }
)


class NoParts(NamedTuple):
    """Why, in both languages."""

    sv: str
    en: str


def no_parts(metric: Metric, by: Dimension) -> NoParts | None:
    """Why there is no value of a metric for a part by that dimension; None where there is one."""
    if metric.name in _OF_NOBODY:
        return NoParts(
            f"en del av det som räknas rapporteras utan någons {by}",
            f"some of what it counts is reported without anybody's {by}",
        )
    if metric.name == "span_of_control":
        return NoParts(
            f"de som leds och den som leder dem kan skilja sig i {by}",
            f"those who are led and who leads them may be of another {by}",
        )
    if (metric.name, by) == ("pay_gap", "gender"):
        return NoParts(
            "det jämför kvinnor och män: ingendera har ett för sig",
            "it compares women and men: neither has one alone",
        )
    return None
