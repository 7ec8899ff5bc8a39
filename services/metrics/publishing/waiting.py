"""Waiting for deliveries: while one is not whole nothing is published, for so long and no longer."""

from collections.abc import Callable
from time import monotonic

import structlog

from services.metrics.ledger.deliveries import Deliveries
from services.metrics.telemetry import Telemetry

log = structlog.get_logger()


class Waiting:
    """How long one leader has waited since it last published.

    Each delivery has its time. Where one begins before another ends, again and again, that alone would go on for ever.
    """

    def __init__(self, seconds: float, telemetry: Telemetry | None, now: Callable[[], float] = monotonic) -> None:
        """Nothing is waited for. Without ``telemetry`` somebody else shows what is."""
        self._seconds, self._telemetry, self._now = seconds, telemetry, now
        self._since: float | None = None

    def holds(self, deliveries: Deliveries) -> bool:
        """Whether deliveries hold back what is published; says so of those that do no longer."""
        if self._telemetry:
            _show(self._telemetry, deliveries)
        if not deliveries.open:
            self._since = None
            return False
        if self._since is None:
            self._since = self._now()
        return self._now() - self._since < self._seconds

    def over(self) -> None:
        """What was held back is published."""
        self._since = None


def _show(telemetry: Telemetry, deliveries: Deliveries) -> None:
    telemetry.deliveries.set(len(deliveries.open))
    telemetry.partial.set(len(deliveries.overdue) + len(deliveries.given_up))
    telemetry.given_up.inc(len(deliveries.overdue))
    for one in deliveries.overdue:
        source, id_ = one.delivery
        seen = {"source": source, "delivery": id_, "events": one.arrived, "of": one.size}
        log.warning("a delivery is not whole and is waited for no longer", **seen)
