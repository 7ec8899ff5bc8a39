"""What the metrics service tells Prometheus about itself; business metrics are rendered by exposition.py."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, tzinfo
from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import Metric

from shared.contracts.erased import Family
from shared.contracts.sources import SourceReported

OUTCOMES = ("folded", "duplicate", "dead", "erased")
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Occasional(Gauge):
    """A gauge that has a series only once it was set, until it is forgotten: 0 would be a moment in 1970."""

    _known = False

    def set(self, value: float) -> None:
        """Show the value."""
        super().set(value)
        self._known = True

    def forget(self) -> None:
        """Show none."""
        self._known = False

    def collect(self) -> Iterable[Metric]:
        """The series, if there is one."""
        return super().collect() if self._known else ()


class Telemetry:
    """Every process metric, on an injected registry, with its known label sets at zero from the start."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register the families."""
        self.events = Counter("stadga_metrics_events", "Events taken from hr.events", ["outcome"], registry=registry)
        self.erased = Counter(
            "stadga_metrics_persons_erased", "Persons erased, on request or by time", registry=registry
        )
        self.trimmed = Counter(
            "stadga_metrics_events_trimmed",
            "Events of families that are trimmed by time",
            ["family"],
            registry=registry,
        )
        self.facts = Counter("stadga_metrics_facts", "Facts added to the ledger", registry=registry)
        self.batch_seconds = Histogram(
            "stadga_metrics_batch_seconds",
            "Time from a batch's arrival to its commit",
            buckets=BUCKETS,
            registry=registry,
        )
        self.evaluation_seconds = Histogram(
            "stadga_metrics_evaluation_seconds", "Time to evaluate what changed", buckets=BUCKETS, registry=registry
        )
        self.anomalies = Gauge("stadga_metrics_anomalies", "Contradictions on record", ["kind"], registry=registry)
        self.wrong_keys = Counter(
            "stadga_metrics_wrong_keys", "Messages whose key is not the subject of their event", registry=registry
        )
        self.fenced = Counter("stadga_metrics_fenced", "Batches dropped for another owner", registry=registry)
        self.gaps = Counter("stadga_metrics_gaps", "Jumps over messages Kafka no longer has", registry=registry)
        self.apart = Gauge(
            "stadga_metrics_partition_stopped",
            "1 while a partition is not read on until it is realigned, 0 while it is",
            ["partition"],
            registry=registry,
        )
        self.retries = Counter("stadga_metrics_retries", "Batches tried again after a failure", registry=registry)
        self.published = Counter("stadga_metrics_published", "Groups published", registry=registry)
        self.last_evaluation = Occasional(
            "stadga_metrics_last_evaluation_timestamp_seconds", "When values were last looked at", registry=registry
        )
        self.health_waits = Gauge(
            "stadga_metrics_health_waits", "1 while what came about past months is not told of yet", registry=registry
        )
        self.fresh_until = Gauge(
            "stadga_source_fresh_until_timestamp_seconds",
            "Start of the last day on which a source recorded anything of a kind",
            ["source", "kind"],
            registry=registry,
        )
        self.source_late = Gauge(
            "stadga_source_late",
            "1 while a source is late with a kind of events",
            ["source", "kind"],
            registry=registry,
        )
        self.deliveries = Gauge(
            "stadga_metrics_deliveries_open", "Deliveries not whole that are waited for", registry=registry
        )
        self.partial = Gauge(
            "stadga_metrics_deliveries_partial",
            "Deliveries not whole of which what has come is published",
            registry=registry,
        )
        self.given_up = Counter(
            "stadga_metrics_deliveries_given_up", "Deliveries waited for no longer", registry=registry
        )
        self.leader = Gauge("stadga_metrics_leader", "Shards that this replica evaluates", registry=registry)
        self.lag = Gauge(
            "stadga_consumer_lag_messages", "Messages not yet folded", ["topic", "partition"], registry=registry
        )
        self.stopped = Gauge(
            "stadga_metrics_stopped", "1 while nothing is taken in before an operator decides", registry=registry
        )
        self.remade = Gauge(
            "stadga_metrics_remade_ratio",
            "How much of the ledger is counted by this release's rules",
            registry=registry,
        )
        for outcome in OUTCOMES:
            self.events.labels(outcome)
        for family in get_args(Family):
            self.trimmed.labels(family)

    def count(self, folded: int, duplicates: int, dead: int, facts: int, erased: int = 0) -> None:
        """What a batch came to."""
        for outcome, events in zip(OUTCOMES, (folded, duplicates, dead, erased), strict=True):
            self.events.labels(outcome).inc(events)
        self.facts.inc(facts)

    def show_apart(self, read: Iterable[int], stopped: Iterable[int]) -> None:
        """Show which partitions are read, and which are not. Of a log that is another every replica tells of all."""
        self.apart.clear()
        for partitions, value in ((read, 0), (stopped, 1)):
            for partition in partitions:
                self.apart.labels(str(partition)).set(value)

    def stands_by(self, shard: int) -> None:
        """Another replica evaluates a shard: what this one knew of its values is no longer so.

        What is told of all units together comes from whoever has the first one.
        """
        if not shard:
            self.last_evaluation.forget()
            self.deliveries.set(0)
            self.partial.set(0)
            self.anomalies.clear()
            self.health_waits.set(0)
            self.show_sources((), UTC)

    def count_anomalies(self, found: Mapping[str, int]) -> None:
        """Show contradictions by kind."""
        for kind, count in found.items():
            self.anomalies.labels(kind).set(count)

    def show_sources(self, reports: Iterable[SourceReported], zone: tzinfo) -> None:
        """How far each source has told, as days begin in a time zone; of one that never told anything, nothing."""
        self.fresh_until.clear()
        self.source_late.clear()
        for source, kind in ((one.source, kind) for one in reports for kind in one.kinds):
            if kind.fresh_until:
                since = datetime.combine(kind.fresh_until, time.min, zone).timestamp()
                self.fresh_until.labels(source, kind.kind).set(since)
                self.source_late.labels(source, kind.kind).set(kind.late)
