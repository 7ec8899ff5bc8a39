"""The alerts service's own metrics, made by one constructor on an injected registry."""

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import product
from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Gauge

from services.alerts.domain.incoming import Reason as Unread
from services.alerts.domain.telling import View
from shared.contracts.alerts import REASONS, STATES, State

TARGET = ("plan", "target", "unit")
DELIVERY_OUTCOMES = ("sent", "deferred", "failed")
MAIL_REASONS = ("hold_met", "expected_breach", "resolved", "data_corrected")
SKIPPED = get_args(Unread)


class Telemetry:
    """Counters and gauges; every closed label set is present from the start, at zero."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register everything on ``registry``."""
        self.registry = registry
        self.state = Gauge(
            "stadga_alert_state",
            "State of an alert: 0 ok, 1 pending, 2 recovering, 3 firing.",
            TARGET,
            registry=registry,
        )
        self.expected = Gauge(
            "stadga_alert_expected_days",
            "Days until a breach that is already known of is expected; 0 while none is.",
            TARGET,
            registry=registry,
        )
        self.value = Gauge("stadga_alert_value", "Latest value an alert was judged on.", TARGET, registry=registry)
        self.threshold = Gauge("stadga_alert_threshold", "The plan's limit.", TARGET, registry=registry)
        self.evaluated = Gauge(
            "stadga_alert_evaluated_timestamp_seconds", "When an alert was last judged.", TARGET, registry=registry
        )
        self.heartbeat = Gauge(
            "stadga_alerts_last_evaluation_timestamp_seconds",
            "When the service last finished a round; old means that nobody is watching.",
            registry=registry,
        )
        self.transitions = Counter(
            "stadga_alert_transitions_total", "Steps in the lives of alerts, by reason.", ("reason",), registry=registry
        )
        self.messages = Counter("stadga_alerts_messages_total", "Messages that were read.", registry=registry)
        self.skipped = Counter(
            "stadga_alerts_messages_skipped_total",
            "Messages that could not be read, by reason; they are kept as dead letters.",
            ("reason",),
            registry=registry,
        )
        self.lag = Gauge(
            "stadga_consumer_lag_messages", "Messages not yet read.", ("topic", "partition"), registry=registry
        )
        self.unpublished = Gauge(
            "stadga_alerts_unpublished_transitions", "Transitions not yet on workforce.alerts.", registry=registry
        )
        self.plans = Gauge("stadga_alerts_plan_version", "Running version of a plan.", ("plan",), registry=registry)
        self.refused = Gauge(
            "stadga_alerts_plans_refused", "Plan files that cannot run as they are.", registry=registry
        )
        self.deliveries = Counter(
            "stadga_alert_deliveries_total", "Mails by outcome and reason.", ("outcome", "reason"), registry=registry
        )
        self._start_at_zero()

    def _start_at_zero(self) -> None:
        for step in REASONS:
            self.transitions.labels(step)
        for fault in SKIPPED:
            self.skipped.labels(fault)
        for outcome, reason in product(DELIVERY_OUTCOMES, MAIL_REASONS):
            self.deliveries.labels(outcome, reason)

    def show_lag(self, messages: Mapping[tuple[str, int], int]) -> None:
        """Messages not yet read, by topic and partition."""
        self.lag.clear()
        for (topic, partition), waiting in messages.items():
            self.lag.labels(topic, str(partition)).set(waiting)

    def show(self, standing: Iterable[tuple[View, datetime]]) -> None:
        """These alerts and no others, each with when it was judged."""
        for gauge in (self.state, self.expected, self.value, self.threshold, self.evaluated):
            gauge.clear()
        self.judged(standing)

    def judged(self, standing: Iterable[tuple[View, datetime]]) -> None:
        """Show where these alerts stand; an alert without a value shows NaN."""
        for view, at in standing:
            key = (view.plan, view.target, view.unit)
            self.state.labels(*key).set(STATE_NUMBER[view.state])
            self.expected.labels(*key).set(view.expected.horizon if view.expected else 0)
            self.threshold.labels(*key).set(view.threshold)
            self.evaluated.labels(*key).set(at.timestamp())
            self.value.labels(*key).set(math.nan if view.value is None else view.value)


STATE_NUMBER: dict[State, int] = {state: number for number, state in enumerate(STATES) if state != "expected"}
"""How a state is written in ``stadga_alert_state``: the greater, the worse."""
