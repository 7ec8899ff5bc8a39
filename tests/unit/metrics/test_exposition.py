"""Business metrics as Prometheus reads them."""

from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from services.metrics.domain.board import Published
from services.metrics.domain.groups import Group
from services.metrics.exposition import Exposition
from services.metrics.telemetry import Telemetry
from shared.contracts.metrics import MetricValue

HEAD = MetricValue(status="final", definition="stadga:headcount:1", value=12.0, numerator=12.0)
HIDDEN = MetricValue(status="suppressed", definition="stadga:sick_rate:1")
SICK = MetricValue(status="final", definition="stadga:sick_rate:1", value=0.05)
ODD = 'u"1\\\n'


def published(unit: str = "u1", **metrics: MetricValue) -> list[Published]:
    """Values of one group, as of today."""
    return [Published(Group(unit, "*"), 0, metrics)]


def samples(exposition: Exposition) -> dict[tuple[str, str], float]:
    """What a scrape reads: name and unit to value."""
    families = text_string_to_metric_families(exposition.business().decode())
    return {(s.name, s.labels["unit"]): s.value for family in families for s in family.samples}


def exposition() -> Exposition:
    """An empty one."""
    return Exposition(CollectorRegistry())


def test_values_are_gauges():
    """A value has a series with its group as labels."""
    shown = exposition()
    shown.update(published(headcount=HEAD, sick_rate=SICK))
    assert samples(shown) == {("stadga_headcount_people", "u1"): 12.0, ("stadga_sick_rate_ratio", "u1"): 0.05}


def test_what_is_hidden_has_no_series():
    """A value that becomes suppressed takes its series away."""
    shown = exposition()
    shown.update(published(sick_rate=SICK))
    shown.update(published(sick_rate=HIDDEN))
    assert samples(shown) == {}


def test_labels_with_any_character():
    """Quotes, backslashes and line ends of a unit's reference survive."""
    shown = exposition()
    shown.update(published(ODD, headcount=HEAD))
    assert samples(shown) == {("stadga_headcount_people", ODD): 12.0}


def test_cleared():
    """A replica that no longer evaluates shows no business metric, and still its own."""
    registry = CollectorRegistry()
    Telemetry(registry)
    shown = Exposition(registry)
    shown.update(published(headcount=HEAD))
    assert b"stadga_headcount_people{" in shown.render()
    shown.clear()
    assert shown.business() == b""
    assert b'stadga_metrics_events_total{outcome="folded"} 0.0' in shown.render()


def test_numbers_are_exact():
    """A value reads back as it was, to the last bit."""
    shown = exposition()
    shown.update(published(headcount=MetricValue(status="final", definition="", value=0.1 + 0.2)))
    assert samples(shown)["stadga_headcount_people", "u1"] == 0.1 + 0.2
