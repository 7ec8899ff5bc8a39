"""What is counted."""

from typing import get_args

from prometheus_client import CollectorRegistry

from services.ingest.telemetry import Telemetry
from shared.contracts.rejections import Reason
from tests import builders as make
from tests.unit.ingest.deciding import decided


def test_every_reason_exists_from_the_start():
    """An alert on a reason that never occurred yet has a series to read."""
    registry = CollectorRegistry()
    Telemetry(registry)
    samples = {
        reason: registry.get_sample_value("stadga_ingest_rejected_total", {"reason": reason})
        for reason in get_args(Reason)
    }
    assert set(samples.values()) == {0}


def test_outcomes_are_counted_by_kind():
    """Accepted and rejected by channel, refusals by reason, ignored fields by type."""
    registry = CollectorRegistry()
    Telemetry(registry).count(
        [decided(make.employment_started("anna", "2024-01-01", shoe_size=38)), decided(b"{"), decided(b"{}")], "kafka"
    )
    assert registry.get_sample_value("stadga_ingest_events_total", {"channel": "kafka", "outcome": "accepted"}) == 1
    assert registry.get_sample_value("stadga_ingest_events_total", {"channel": "kafka", "outcome": "rejected"}) == 2
    assert registry.get_sample_value("stadga_ingest_rejected_total", {"reason": "missing_field"}) == 1
    unknown = {"type": "hr.employment.started.v1"}
    assert registry.get_sample_value("stadga_ingest_unknown_fields_total", unknown) == 1
