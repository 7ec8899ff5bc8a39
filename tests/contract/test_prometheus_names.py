"""The names of the business metrics in Prometheus."""

import re

import pytest

from shared.contracts.catalogue import BY_NAME, METRICS, Metric
from shared.contracts.prometheus import BUSINESS, prometheus_name

RESERVED = ("_total", "_count", "_sum", "_bucket", "_info", "_created")


@pytest.mark.parametrize("metric", METRICS, ids=lambda m: m.name)
def test_business_metric_has_a_valid_and_unreserved_name(metric: Metric) -> None:
    """Every business metric has a legal Prometheus name that no counter or histogram convention claims."""
    name = prometheus_name(metric).name
    assert re.fullmatch(r"stadga_[a-z0-9_]+", name)
    assert not name.endswith(RESERVED)


def test_business_metric_names_are_distinct() -> None:
    """No two metrics share a Prometheus name."""
    assert len({gauge.name for gauge in BUSINESS.values()}) == len(METRICS)


@pytest.mark.parametrize(
    ("metric", "name"),
    [
        ("leaver_rate", "stadga_leaver_rate_ratio"),
        ("headcount", "stadga_headcount_people"),
        ("fte", "stadga_fte"),
        ("vacancy_age_days", "stadga_vacancy_age_days"),
        ("caseload", "stadga_caseload"),
        ("incident_rate", "stadga_incident_rate"),
    ],
)
def test_business_metric_ends_with_its_unit_once(metric: str, name: str) -> None:
    """The unit stands last and only once; counts and indices without a base unit carry none."""
    assert prometheus_name(BY_NAME[metric]).name == name
