"""Where alerts stand, as Prometheus reads it: lines rendered when an alert is judged, joined when it is scraped."""

import math
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from prometheus_client import CollectorRegistry, generate_latest

from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.alert.telling import View, ViewState
from shared.contracts.alerts import STATES
from shared.contracts.metrics import ALL
from shared.contracts.tenants import ALONE, Tenant

STATE_NUMBER: dict[ViewState, float] = {
    **{state: number for number, state in enumerate(STATES) if state != "expected"},
    "not_judged": math.nan,
}
"""How a state is written in ``stadga_alert_state``: the greater, the worse."""

LABELS = ("plan", "target", "unit", "unit_name", "metric", "occupation", "severity")
OF_PARTS = ("gender", "age")
"""Labels of alerts that are about some of a unit alone."""


class Family(NamedTuple):
    """A gauge with one series for each alert."""

    name: str
    help: str


STATE = Family(
    "stadga_alert_state", "State of an alert: 0 ok, 1 pending, 2 recovering, 3 firing; NaN while never judged."
)
EXPECTED = Family(
    "stadga_alert_expected_days", "Days until a breach that is already known of is expected; 0 while none is."
)
VALUE = Family("stadga_alert_value", "Latest value an alert was judged on; NaN without one.")
THRESHOLD = Family("stadga_alert_threshold", "The plan's limit.")
EVALUATED = Family("stadga_alert_evaluated_timestamp_seconds", "When an alert was last judged.")
FAMILIES = (STATE, EXPECTED, VALUE, THRESHOLD, EVALUATED)


class Exposition:
    """The alerts this process shows. Of several processes one shows them, so that a sum counts each alert once."""

    def __init__(self, registry: CollectorRegistry, tenant: Tenant = ALONE) -> None:
        """Process metrics come from ``registry``, after the alerts, which say whose they are."""
        self._registry = registry
        self._whose = f'tenant="{tenant.name}",' if tenant.name else ""
        self._lines: dict[Family, dict[Alert, bytes]] = {family: {} for family in FAMILIES}

    def clear(self) -> None:
        """Show no alert: another process does."""
        for lines in self._lines.values():
            lines.clear()

    def judged(self, view: View, at: datetime) -> None:
        """Show where an alert stands, under the name, metric and severity it has now."""
        alert, labels = Alert(view.plan, view.target, view.unit), _labels(view)
        for family, value in _values(view, at):
            self._lines[family][alert] = f"{family.name}{{{self._whose}{labels}}} {_number(value)}\n".encode()

    def ended(self, alert: Alert) -> None:
        """No plan asks for the alert any more."""
        for lines in self._lines.values():
            lines.pop(alert, None)

    def scraped(self) -> list[bytes]:
        """Everything a scrape gets, in parts."""
        shown = [(family, lines) for family, lines in self._lines.items() if lines]
        return [*(_text(family, lines.values()) for family, lines in shown), generate_latest(self._registry)]


def _values(view: View, at: datetime) -> tuple[tuple[Family, float], ...]:
    return (
        (STATE, STATE_NUMBER[view.state]),
        (EXPECTED, view.expected.horizon if view.expected else 0),
        (VALUE, math.nan if view.value is None else view.value),
        *(((THRESHOLD, view.threshold),) if view.threshold is not None else ()),
        (EVALUATED, at.timestamp()),
    )


def _text(family: Family, lines: Iterable[bytes]) -> bytes:
    head = f"# HELP {family.name} {family.help}\n# TYPE {family.name} gauge\n".encode()
    return b"".join((head, *lines))


def _labels(view: View) -> str:
    always = ((name, getattr(view, name)) for name in LABELS)
    of_part = ((name, getattr(view, name)) for name in OF_PARTS if getattr(view, name) != ALL)
    return ",".join(f'{name}="{_escaped(value)}"' for name, value in (*always, *of_part))


def _number(value: float) -> str:
    return "NaN" if math.isnan(value) else repr(value)


def _escaped(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
