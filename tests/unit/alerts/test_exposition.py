"""The alerts as Prometheus reads them."""

from datetime import UTC, datetime

from msgspec.structs import replace
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from services.alerts.exposition import FAMILIES, LABELS, Exposition
from services.alerts.telemetry import Telemetry
from tests.unit.alerts.test_judgement import ALERT, FIRING

AT = datetime(2026, 2, 1, tzinfo=UTC)


def scraped(exposition: Exposition) -> dict[str, list[dict[str, str]]]:
    """The labels of each series that tells of an alert, by name."""
    text = b"".join(exposition.scraped()).decode()
    found = {family.name: family.samples for family in text_string_to_metric_families(text)}
    return {family.name: [one.labels for one in found.get(family.name, [])] for family in FAMILIES}


def test_a_series_names_what_it_is_about():
    """Plan, target and unit, and beside them the unit's name, the metric, the occupation and the severity."""
    exposition = Exposition(CollectorRegistry())
    exposition.judged(FIRING.view, AT)
    labels = dict(zip(LABELS, ("social", "leavers", "farsta", "Farsta", "leaver_rate", "*", "critical"), strict=True))
    assert scraped(exposition) == {family.name: [labels] for family in FAMILIES}


def test_a_unit_with_another_name_has_one_series():
    """A label that changes leaves no series behind: a sum counts each alert once."""
    exposition = Exposition(CollectorRegistry())
    for name in ("Farsta", 'Farsta "norra"\n\\'):
        exposition.judged(replace(FIRING.view, unit_name=name), AT)
    assert {len(series) for series in scraped(exposition).values()} == {1}
    assert scraped(exposition)["stadga_alert_state"][0]["unit_name"] == 'Farsta "norra"\n\\'


def test_an_alert_that_nobody_asks_for_has_no_series():
    """Nor has any alert in a process that stands by."""
    exposition = Exposition(CollectorRegistry())
    exposition.judged(FIRING.view, AT)
    exposition.ended(ALERT)
    assert not any(scraped(exposition).values())
    exposition.judged(FIRING.view, AT)
    exposition.clear()
    assert not any(scraped(exposition).values())


def test_a_gauge_has_no_series_until_it_means_something():
    """A process that has not judged yet does not say that it did in 1970; one that stands by says nothing of plans."""
    telemetry = Telemetry(CollectorRegistry())
    heartbeat, refused = "stadga_alerts_last_evaluation_timestamp_seconds", "stadga_alerts_plans_refused"
    assert telemetry.registry.get_sample_value(heartbeat) is None
    telemetry.show(telemetry.heartbeat, 5)
    telemetry.show(telemetry.refused, 1)
    telemetry.plans.labels("p").set(2)
    assert [telemetry.registry.get_sample_value(name) for name in (heartbeat, refused)] == [5, 1]
    telemetry.stand_by()
    assert [telemetry.registry.get_sample_value(name) for name in (heartbeat, refused)] == [5, None]
    assert telemetry.registry.get_sample_value("stadga_alerts_plan_version", {"plan": "p"}) is None
