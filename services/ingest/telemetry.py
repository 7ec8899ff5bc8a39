"""What ingest tells Prometheus about itself."""

from collections import Counter as Counts
from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from services.ingest.domain.outcome import Accepted, Outcome, Refused
from services.ingest.domain.rejection import Channel
from shared.contracts.events import TYPES
from shared.contracts.rejections import Reason

OUTCOMES = ("accepted", "rejected")
STATUSES = ("200", "202", "400", "401", "403", "408", "409", "413", "415", "422", "503")
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Telemetry:
    """All series of the service; those whose labels are known exist from the start, at zero."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Registers every family in ``registry``."""
        self.events = Counter(
            "stadga_ingest_events_total", "Events decided on.", ["channel", "outcome"], registry=registry
        )
        self.rejected = Counter("stadga_ingest_rejected_total", "Refusals, by reason.", ["reason"], registry=registry)
        self.unknown_fields = Counter(
            "stadga_ingest_unknown_fields_total", "Fields of accepted events left out.", ["type"], registry=registry
        )
        self.unconfirmed = Counter(
            "stadga_ingest_unconfirmed_total", "Attempts Kafka did not acknowledge.", ["channel"], registry=registry
        )
        self.erased = Counter(
            "stadga_ingest_erased_total",
            "Accepted events of erased persons that count for nothing, published without what they tell.",
            ["channel"],
            registry=registry,
        )
        self.duration = Histogram(
            "stadga_ingest_request_duration_seconds",
            "From the first byte of a request to its answer.",
            ["status"],
            registry=registry,
            buckets=_SECONDS,
        )
        self.lag = Gauge(
            "stadga_consumer_lag_messages",
            "Messages of a topic not yet taken.",
            ["topic", "partition"],
            registry=registry,
        )
        self._start()

    def _start(self) -> None:
        for channel in get_args(Channel):
            self.unconfirmed.labels(channel)
            self.erased.labels(channel)
            for outcome in OUTCOMES:
                self.events.labels(channel, outcome)
        for reason in get_args(Reason):
            self.rejected.labels(reason)
        for type_ in TYPES:
            self.unknown_fields.labels(type_)
        for status in STATUSES:
            self.duration.labels(status)

    def count(self, outcomes: list[Outcome], channel: Channel) -> None:
        """Count what Kafka has acknowledged."""
        accepted = [outcome for outcome in outcomes if isinstance(outcome, Accepted)]
        self.events.labels(channel, "accepted").inc(len(accepted))
        self.events.labels(channel, "rejected").inc(len(outcomes) - len(accepted))
        for reason, count in Counts(o.reason for o in outcomes if isinstance(o, Refused)).items():
            self.rejected.labels(reason).inc(count)
        for outcome in accepted:
            if outcome.unknown_fields:
                self.unknown_fields.labels(outcome.event.type).inc(outcome.unknown_fields)
