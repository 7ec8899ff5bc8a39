"""The alerts service's own metrics, made by one constructor on an injected registry."""

from collections.abc import Mapping
from itertools import product
from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Gauge

from shared.contracts.alerts import REASONS
from shared.contracts.dead_letters import Reason as PutAside

DELIVERY_OUTCOMES = ("sent", "deferred", "failed", "held")
MAIL_REASONS = (
    *("escalated", "snooze_ended", "reminded", "neglected", "address_stopped"),
    *("hold_met", "expected_breach", "resolved", "data_corrected", "limit_moved", "summary", "opening"),
    "digest",
    *("source_late", "source_still_late", "source_back", "source_units", "source_volume"),
)
SKIPPED = get_args(PutAside)


class Telemetry:
    """Counters and gauges; every closed label set is present from the start, at zero."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register everything on ``registry``."""
        self.registry = registry
        self._shown: set[Gauge] = set()
        self.heartbeat = Gauge(
            "stadga_alerts_last_evaluation_timestamp_seconds",
            "When the service last finished a round; old means that nobody is watching.",
            registry=None,
        )
        self.transitions = Counter(
            "stadga_alert_transitions_total", "Steps in the lives of alerts, by reason.", ("reason",), registry=registry
        )
        self.messages = Counter("stadga_alerts_messages_total", "Messages that were read.", registry=registry)
        self.skipped = Counter(
            "stadga_alerts_messages_skipped_total",
            "Messages that were put aside, by reason; they are kept as dead letters.",
            ("reason",),
            registry=registry,
        )
        self.stopped = Gauge(
            "stadga_alerts_stopped",
            "1 while nothing is taken in from a topic before an operator decides.",
            ("topic",),
            registry=registry,
        )
        self.contradictions = Counter(
            "stadga_alerts_contradictions_total",
            "Values that differ from others of the same publication; the later ones are kept.",
            registry=registry,
        )
        self.unjudged = Gauge(
            "stadga_alerts_unjudged", "Alerts that could not be judged when they were due.", registry=None
        )
        self.due = Gauge("stadga_alerts_due", "Alerts that wait to be judged.", registry=None)
        self.lag = Gauge(
            "stadga_consumer_lag_messages", "Messages not yet read.", ("topic", "partition"), registry=registry
        )
        self.unpublished = Gauge(
            "stadga_alerts_unpublished_transitions", "Transitions not yet on workforce.alerts.", registry=None
        )
        self.plans = Gauge("stadga_alerts_plan_version", "Running version of a plan.", ("plan",), registry=registry)
        self.overdue = Gauge(
            "stadga_plan_action_overdue_days",
            "Days that a measure of a plan is past its due day.",
            ("plan", "action"),
            registry=registry,
        )
        self.refused = Gauge("stadga_alerts_plans_refused", "Plan files that cannot run as they are.", registry=None)
        self.deliveries = Counter(
            "stadga_alert_deliveries_total", "Mails by outcome and reason.", ("outcome", "reason"), registry=registry
        )
        self.bounces = Counter(
            "stadga_alert_bounces_total",
            "Messages to the address of the sender: mails that bounced or are delayed, and what is neither.",
            ("verdict",),
            registry=registry,
        )
        self._start_at_zero()

    def _start_at_zero(self) -> None:
        for step in REASONS:
            self.transitions.labels(step)
        for fault in SKIPPED:
            self.skipped.labels(fault)
        for outcome, reason in product(DELIVERY_OUTCOMES, MAIL_REASONS):
            self.deliveries.labels(outcome, reason)

        for verdict in ("bounced", "delayed", "unknown", "unreadable"):
            self.bounces.labels(verdict)

    def show_lag(self, messages: Mapping[tuple[str, int], int]) -> None:
        """Messages not yet read, by topic and partition."""
        self.lag.clear()
        for (topic, partition), waiting in messages.items():
            self.lag.labels(topic, str(partition)).set(waiting)

    def show(self, gauge: Gauge, value: float) -> None:
        """Set one of the gauges that have no series while they mean nothing."""
        gauge.set(value)
        if gauge not in self._shown:
            self._shown.add(gauge)
            self.registry.register(gauge)

    def stand_by(self) -> None:
        """Another process tells of the plans, and of what is not published yet."""
        self.plans.clear()
        self.overdue.clear()
        for gauge in self._shown - {self.heartbeat}:
            self._shown.remove(gauge)
            self.registry.unregister(gauge)
