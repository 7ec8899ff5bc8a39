"""How long deliveries hold back what is published."""

from datetime import UTC, datetime

from prometheus_client import CollectorRegistry

from services.metrics.domain.record.arrivals import Delivery
from services.metrics.ledger.deliveries import NONE, Begun
from services.metrics.publishing.waiting import Waiting
from services.metrics.telemetry import Telemetry


def begun(key: int) -> Begun:
    """A delivery that is not whole."""
    return Begun(key, Delivery("hr-system", f"file-{key}"), 1, 2, datetime(2024, 5, 1, tzinfo=UTC), given_up=False)


def test_deliveries_that_take_turns_hold_nothing_back_for_ever():
    """One is open at every look, each for a moment: what is held back waits no longer than for one of them."""
    now = 0.0
    registry = CollectorRegistry()
    waiting = Waiting(10, Telemetry(registry), lambda: now)
    held = []
    for second in range(25):
        now = float(second)
        held.append(waiting.holds(NONE._replace(open=[begun(second)])))
        if not held[-1]:
            waiting.over()
    assert held == [*[True] * 10, False, *[True] * 10, False, *[True] * 3]
    assert registry.get_sample_value("stadga_metrics_deliveries_open") == 1


def test_a_moment_without_any_begins_anew():
    """Nothing was held back then."""
    now = 0.0
    waiting = Waiting(10, Telemetry(CollectorRegistry()), lambda: now)
    assert waiting.holds(NONE._replace(open=[begun(1)]))
    now = 9.0
    assert not waiting.holds(NONE)
    assert waiting.holds(NONE._replace(open=[begun(2)]))
    now = 18.0
    assert waiting.holds(NONE._replace(open=[begun(2)]))


def test_what_is_given_up_is_counted():
    """It holds nothing back; once, and shown for as long as it is not whole."""
    registry = CollectorRegistry()
    waiting = Waiting(10, Telemetry(registry))
    assert not waiting.holds(NONE._replace(overdue=[begun(1), begun(2)]))
    assert registry.get_sample_value("stadga_metrics_deliveries_partial") == 2
    assert not waiting.holds(NONE._replace(given_up=[begun(1), begun(2)]))
    assert registry.get_sample_value("stadga_metrics_deliveries_partial") == 2
    assert registry.get_sample_value("stadga_metrics_deliveries_given_up_total") == 2
    waiting.holds(NONE)
    assert registry.get_sample_value("stadga_metrics_deliveries_partial") == 0


def test_nothing_is_waited_for_with_no_patience():
    """A setting of 0 seconds."""
    assert not Waiting(0, Telemetry(CollectorRegistry())).holds(NONE._replace(open=[begun(1)]))
