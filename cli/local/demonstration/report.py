"""What the demo ends with, in words and tables."""

from collections.abc import Iterable
from datetime import date
from email.message import EmailMessage
from pathlib import Path

from rich import box
from rich.console import Group as Stacked
from rich.console import RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from cli.local.demonstration.watching import Alert, Group
from cli.local.stack import Stack
from cli.terminal import harmless, harmless_words
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
CHANCE = {True: "no", False: "possible", None: "not judged"}
ROUTES = {"ingest": "/v1/events", "metrics": "/v1/metrics", "alerts": "/v1/alerts"}
BOARD = "/board/"
HIDDEN = {"suppressed": "hidden: ten people or fewer", "not_applicable": "–"}


def values(town: Group, unit: Group, today: date) -> Table:
    """Key metrics of the municipality and of one unit."""
    table = _table(f"Key metrics on {today:%-d %B %Y}", "", "the municipality", harmless(unit.unit_name))
    table.caption = f"Rates: {_over(town)}. In brackets: the range chance leaves open (95 %)."
    for name in SHOWN:
        metric = BY_NAME[name]
        table.add_row(metric.en, shown(metric, town.metrics[name]), shown(metric, unit.metrics[name]))
    return table


def _over(town: Group) -> str:
    """The days that rates are of, and the months that those of health are of."""
    months = {value.until for name in SHOWN if (value := town.metrics[name]).until}
    health = (f"of health over the twelve months to {until:%-d %B %Y}" for until in sorted(filter(None, months)))
    return "; ".join(("over 365 days", *health))


def shown(metric: Metric, value: MetricValue) -> str:
    """A value with its 95 % interval, or why there is none."""
    if value.value is None:
        return HIDDEN.get(value.status, value.status)
    if value.low is None or value.high is None:
        return number(metric, value.value)
    low, high = number(metric, value.low).removesuffix(" %"), number(metric, value.high)
    return f"{number(metric, value.value)}  ({low}–{high})"


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


def alerts(firing: list[Alert], plan: str) -> Table:
    """Every alert that fires, and the limits of the plan."""
    table = _table(f"{len(firing)} alerts fire", "unit", "metric", "value", "limit", "ends at", "since", "chance?")
    table.caption = f"Limits: {plan}. Chance: whether it alone can explain the breach."
    for alert in sorted(firing, key=lambda alert: (alert.unit_name, alert.metric)):
        metric = BY_NAME[alert.metric]
        numbers = (number(metric, amount) for amount in (alert.value, alert.threshold, alert.clear))
        table.add_row(harmless(alert.unit_name), metric.en, *numbers, began(alert), CHANCE[alert.confirmed])
    return table


def began(alert: Alert) -> str:
    """The first day of the breach, as far as it is known: values go back a few weeks."""
    if alert.since is None:
        return "–"
    since = f"{date.fromisoformat(alert.since):%-d %b}"
    return f"at least {since}" if alert.since_at_least else since


def about(alert: Alert, messages: list[EmailMessage]) -> EmailMessage | None:
    """The latest mail about an alert, which may tell of others too: it links to the alert's page."""
    page = f"/{alert.target}/{alert.unit}?"
    return next((message for message in reversed(messages) if page in text(message)), None)


def text(message: EmailMessage) -> str:
    """The plain text of a mail."""
    body = message.get_body(("plain",))
    return "\n".join(str(body.get_content()).splitlines()) if body else ""


def letter(message: EmailMessage) -> RenderableType:
    """A mail as its reader sees it."""
    head = Text(f"{harmless(message['Subject'])}\n", style="bold")
    head.append(f"to {harmless(message['To'])}", style="dim")
    return Panel(
        Stacked(head, Text(""), Text(harmless_words(text(message).strip()))),
        title="The e-mail",
        width=100,
    )


def addresses(stack: Stack, mail: Path) -> Table:
    """Where to look further."""
    table = _table("Where to look", "", "")
    table.show_header = False
    for service, route in ROUTES.items():
        table.add_row(service, harmless(f"{stack.address(service)}{route}"))
    table.add_row("the board", harmless(f"{stack.address('alerts')}{BOARD}"))
    table.add_row("kafka", harmless(stack.kafka_bootstrap_servers))
    table.add_row("mails", harmless(str(mail)))
    table.caption = "The three also have /schema and /metrics."
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(*columns, title=title, title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    table.title_justify = table.caption_justify = "left"
    return table
