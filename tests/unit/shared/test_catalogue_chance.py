"""How it is told of each metric whether chance may be behind its value."""

import pytest

from shared.contracts.catalogue import BY_NAME, METRICS
from shared.contracts.catalogue.chance import chance
from shared.contracts.catalogue.monthly import UNFIT


@pytest.mark.parametrize(
    ("metric", "how"),
    [
        ("leaver_rate", "interval"),
        ("stability", "interval"),
        ("sick_rate", "months"),
        ("overtime_share", "months"),
        ("documentation_share", "months"),
        ("agency_share", "count"),
        ("vacancy_rate", "count"),
        ("caseload", "count"),
        ("span_of_control", "count"),
        ("bonus_cost", "count"),
    ],
)
def test_chance_is_told_by_what_a_metric_is(metric: str, how: str) -> None:
    """What happened over a time varies; what is there on a day, or was decided, is counted."""
    assert chance(BY_NAME[metric]) == how


def test_what_is_told_by_its_months_has_a_chart_of_them() -> None:
    """Nobody is sent to a control chart that is not made."""
    assert [one.name for one in METRICS if one.alertable and chance(one) == "months" and one.name in UNFIT] == []
