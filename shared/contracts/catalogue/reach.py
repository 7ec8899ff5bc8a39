"""How far back each metric looks: what happened in its window, and what it was like a year before."""

from datetime import date, timedelta
from typing import NamedTuple

from shared.contracts.catalogue.metric import Metric

YEAR = 365


class Reach(NamedTuple):
    """``days`` before the as-of day; ``windowed``: before the first day of the window that ends on it."""

    days: int
    windowed: bool


_WINDOWED = frozenset(
    {
        "leaver_rate",
        "leaver_rate_own_request",
        "replacement_turnover",
        "internal_move_rate",
        "rotation_rate",
        "starter_survival",
        "referral_joiners",
        "referral_survival",
        "trainee_survival",
        "referral_bonuses",
        "experience_bonuses",
        "bonus_cost",
        "sick_rate",
        "long_sick_share_live",
        "short_spell_rate",
        "agency_cost_share",
        "agency_to_permanent",
        "time_to_start_days",
        "handover_rate",
        "overtime_share",
        "documentation_share",
        "client_time_share",
        "incident_rate",
        "serious_incident_rate",
        "threat_rate",
        "violence_rate",
        "pulse_score",
        "pulse_negative_share",
        "pulse_response_rate",
        "entry_pay_median",
    }
)
_YEAR_BEFORE = frozenset(
    {"stability", "starter_survival", "referral_survival", "trainee_survival", "overtime_capped_share"}
)


def reach(metric: str) -> Reach:
    """How far back a metric of this name looks."""
    return Reach(YEAR if metric in _YEAR_BEFORE else 0, metric in _WINDOWED)


def complete_from(metric: Metric, known_from: date, window_days: int) -> date:
    """The first day of which a value is complete, if all it is made of is known from a day on.

    Of what is told by month it is the last day of the first twelve whole months that are known.
    """
    back = reach(metric.name)
    if not metric.by_month:
        return known_from + timedelta(back.days + (window_days - 1 if back.windowed else 0))
    first = known_from if known_from.day == 1 else (known_from.replace(day=1) + timedelta(32)).replace(day=1)
    return first.replace(year=first.year + 1) - timedelta(1)
