"""What the demo ends with, in words and tables."""

from collections.abc import Iterable
from datetime import date
from email.message import EmailMessage
from pathlib import Path

from babel.dates import format_date
from rich import box
from rich.console import Group as Stacked
from rich.console import RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from cli.local.demonstration.watching import Alert, Group
from cli.local.demonstration.words import WORDS
from cli.local.stack import Stack
from cli.terminal import harmless, harmless_words
from shared.contracts.catalogue import BY_NAME, Metric
from shared.contracts.metrics import MetricValue
from shared.language.language import Language
from shared.language.numbers import LOCALES, day, fixed

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
ROUTES = {"ingest": "/v1/events", "metrics": "/v1/metrics", "alerts": "/v1/alerts"}
BOARD = "/board/"


def values(town: Group, unit: Group, today: date, language: Language) -> Table:
    """Key metrics of the municipality and of one unit."""
    words = WORDS[language]
    table = _table(words.values.format(day=day(today, language)), "", words.town, harmless(unit.unit_name))
    table.caption = words.rates.format(over=_over(town, language))
    for name in SHOWN:
        metric = BY_NAME[name]
        both = (shown(metric, group.metrics[name], language) for group in (town, unit))
        table.add_row(_named(metric, language), *both)
    return table


def _over(town: Group, language: Language) -> str:
    """The days that rates are of, and the months that those of health are of."""
    months = {value.until for name in SHOWN if (value := town.metrics[name]).until}
    words = WORDS[language]
    health = (words.health.format(until=day(until, language)) for until in sorted(filter(None, months)))
    return "; ".join((words.days, *health))


def shown(metric: Metric, value: MetricValue, language: Language) -> str:
    """A value with its 95 % interval, or why there is none."""
    if value.value is None:
        return {"suppressed": WORDS[language].hidden, "not_applicable": "–"}.get(value.status, value.status)
    if value.low is None or value.high is None:
        return number(metric, value.value, language)
    low, amount, high = (number(metric, one, language) for one in (value.low, value.value, value.high))
    return f"{amount}  ({low.removesuffix(' %')}–{high})"


def number(metric: Metric, value: float | None, language: Language) -> str:
    """The number as a person writes it."""
    if value is None:
        return "–"
    if metric.unit == "ratio":
        return f"{fixed(100 * value, 1, language)} %"
    return fixed(value, 0 if metric.unit == "people" else 1, language)


def worst(alerts: Iterable[Alert]) -> Alert:
    """The alert to tell of: one that chance cannot explain, furthest from its limit."""
    return max(alerts, key=lambda alert: (alert.confirmed is True, distance(alert)))


def distance(alert: Alert) -> float:
    """How many times the limit the value is, or the limit the value where less is worse."""
    if not alert.value or not alert.threshold:
        return 0.0
    return max(alert.value / alert.threshold, alert.threshold / alert.value)


def alerts(firing: list[Alert], plan: str, language: Language) -> Table:
    """Every alert that fires, and the limits of the plan."""
    words = WORDS[language]
    table = _table(words.alerts.format(n=len(firing)), *words.columns)
    table.caption = words.limits.format(plan=plan)
    for alert in sorted(firing, key=lambda alert: (alert.unit_name, alert.metric)):
        metric = BY_NAME[alert.metric]
        numbers = (number(metric, amount, language) for amount in (alert.value, alert.threshold, alert.clear))
        when, chance = began(alert, language), words.chance[alert.confirmed]
        table.add_row(harmless(alert.unit_name), _named(metric, language), *numbers, when, chance)
    return table


def began(alert: Alert, language: Language) -> str:
    """The first day of the breach, as far as it is known: values go back a few weeks."""
    if alert.since is None:
        return "–"
    since = str(format_date(date.fromisoformat(alert.since), "d MMM", locale=LOCALES[language]))
    return WORDS[language].at_least.format(since=since) if alert.since_at_least else since


def about(alert: Alert, messages: list[EmailMessage]) -> EmailMessage | None:
    """The latest mail about an alert, which may tell of others too: it links to the alert's page."""
    page = f"/{alert.target}/{alert.unit}?"
    return next((message for message in reversed(messages) if page in text(message)), None)


def text(message: EmailMessage) -> str:
    """The plain text of a mail."""
    body = message.get_body(("plain",))
    return "\n".join(str(body.get_content()).splitlines()) if body else ""


def letter(message: EmailMessage, language: Language) -> RenderableType:
    """A mail as its reader sees it."""
    head = Text(f"{harmless(message['Subject'])}\n", style="bold")
    head.append(WORDS[language].to.format(to=harmless(message["To"])), style="dim")
    return Panel(
        Stacked(head, Text(""), Text(harmless_words(text(message).strip()))),
        title=WORDS[language].mail,
        width=100,
    )


def addresses(stack: Stack, mail: Path, language: Language) -> Table:
    """Where to look further."""
    words = WORDS[language]
    table = _table(words.look, "", "")
    table.show_header = False
    for service, route in ROUTES.items():
        table.add_row(service, harmless(f"{stack.address(service)}{route}"))
    table.add_row(words.board, harmless(f"{stack.address('alerts')}{BOARD}"))
    table.add_row("kafka", harmless(stack.kafka_bootstrap_servers))
    table.add_row(words.mails, harmless(str(mail)))
    table.caption = words.doors
    return table


def _named(metric: Metric, language: Language) -> str:
    return metric.sv if language == "sv" else metric.en


def _table(title: str, *columns: str) -> Table:
    table = Table(*columns, title=title, title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    table.title_justify = table.caption_justify = "left"
    return table
