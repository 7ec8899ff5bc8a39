"""What the demo ends with, in words and tables."""

from collections.abc import Iterable
from email.message import EmailMessage
from pathlib import Path

from rich.console import Group as Stacked
from rich.console import RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from cli.demonstration.watching import Alert, Group
from cli.stack import SERVICES, Stack
from shared.contracts.catalogue import BY_NAME, Metric
from shared.contracts.metrics import MetricValue

SHOWN = (
    "headcount",
    "leaver_rate_own_request",
    "stability",
    "sick_rate",
    "vacancy_rate",
    "agency_share",
    "caseload",
    "overtime_share",
)
HIDDEN = {"suppressed": "hidden: ten people or fewer", "not_applicable": "–"}


def values(town: Group, unit: Group) -> Table:
    """Key metrics of the municipality and of one unit."""
    table = Table("", "the municipality", unit.unit_name, title="Key metrics, the last 365 days", title_style="bold")
    for name in SHOWN:
        metric = BY_NAME[name]
        table.add_row(metric.en, shown(metric, town.metrics[name]), shown(metric, unit.metrics[name]))
    return table


def shown(metric: Metric, value: MetricValue) -> str:
    """A value with its 95 % interval, or why there is none."""
    if value.value is None:
        return HIDDEN.get(value.status, value.status)
    if value.low is None or value.high is None:
        return number(metric, value.value)
    return f"{number(metric, value.value)}  ({number(metric, value.low)} to {number(metric, value.high)})"


def number(metric: Metric, value: float | None) -> str:
    """The number as a person writes it."""
    if value is None:
        return "–"
    if metric.unit == "ratio":
        return f"{value:.1%}".replace("%", " %")
    return f"{value:,.0f}" if metric.unit == "people" else f"{value:,.1f}"


def worst(alerts: Iterable[Alert]) -> Alert:
    """The alert to tell of: one that chance cannot explain, furthest from its limit."""
    return max(alerts, key=lambda alert: (alert.confirmed is True, distance(alert)))


def distance(alert: Alert) -> float:
    """How many times the limit the value is, or the limit the value where less is worse."""
    if not alert.value or not alert.threshold:
        return 0.0
    return max(alert.value / alert.threshold, alert.threshold / alert.value)


def alerts(firing: list[Alert], told: Alert) -> Table:
    """Every alert that fires, the one told of marked."""
    title = f"{len(firing)} alerts fire"
    table = Table("", "unit", "metric", "value", "limit", "since", "chance?", title=title, title_style="bold")
    for alert in sorted(firing, key=lambda alert: (alert.unit_name, alert.metric)):
        metric = BY_NAME[alert.metric]
        limits = number(metric, alert.value), number(metric, alert.threshold)
        chance = {True: "no", False: "possible", None: "–"}[alert.confirmed]
        table.add_row("→" if alert == told else "", alert.unit_name, metric.en, *limits, alert.since, chance)
    return table


def about(alert: Alert, messages: list[EmailMessage]) -> EmailMessage | None:
    """The latest mail about an alert: it names the definition, and links to the unit."""
    marks = (f"unit={alert.unit}\n", BY_NAME[alert.metric].definition)
    return next((m for m in reversed(messages) if all(mark in text(m) for mark in marks)), None)


def text(message: EmailMessage) -> str:
    """The plain text of a mail."""
    body = message.get_body(("plain",))
    return "\n".join(str(body.get_content()).splitlines()) if body else ""


def letter(message: EmailMessage) -> RenderableType:
    """A mail as its reader sees it."""
    head = Text(f"{message['Subject']}\n", style="bold")
    head.append(f"to {message['To']}", style="dim")
    return Panel(Stacked(head, Text(""), Text(text(message).strip())), title="The e-mail", width=100)


def addresses(stack: Stack, mail: Path) -> Table:
    """Where to look further."""
    table = Table("", "health", "Prometheus", "OpenAPI", title="Addresses", title_style="bold")
    for service in SERVICES:
        base = stack.address(service)
        table.add_row(service, f"{base}/readyz", f"{base}/metrics", f"{base}/schema")
    table.add_section()
    table.add_row("values", f"{stack.address('metrics')}/v1/metrics")
    table.add_row("alerts", f"{stack.address('alerts')}/v1/alerts")
    table.add_row("mails", str(mail))
    return table
