"""What the running services say of themselves: their counters, values, alerts, and the mails that arrived."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import httpx
import msgspec
from prometheus_client.parser import text_string_to_metric_families

from shared.contracts.metrics import MetricValue


class Alert(msgspec.Struct, frozen=True):
    """An alert as ``GET /v1/alerts`` shows it, as far as the demo tells of it."""

    target: str
    unit: str
    unit_name: str
    metric: str
    severity: str
    state: str
    since: str | None
    value: float | None
    threshold: float | None
    clear: float | None
    confirmed: bool | None
    since_at_least: bool = False


class Group(msgspec.Struct, frozen=True):
    """Values as ``GET /v1/metrics`` gives them."""

    unit: str
    unit_name: str
    metrics: dict[str, MetricValue]


class _Alerts(msgspec.Struct):
    alerts: list[Alert]


class _Mails(msgspec.Struct):
    mails: list[object]


class _Values(msgspec.Struct):
    groups: list[Group]


class Services:
    """The HTTP side of the services. Each question raises httpx.HTTPError when it gets no answer."""

    def __init__(self, http: httpx.AsyncClient, metrics: str, alerts: str) -> None:
        """Base URLs of the two services."""
        self._http = http
        self._metrics = metrics
        self._alerts = alerts

    async def counted(self) -> int:
        """Events the metrics service has taken from Kafka and dealt with."""
        return round(await self._sample(self._metrics, "stadga_metrics_events_total"))

    async def evaluated(self) -> float:
        """When the metrics service last looked at its values, in seconds since 1970."""
        return await self._sample(self._metrics, "stadga_metrics_last_evaluation_timestamp_seconds")

    async def health_waits(self) -> bool:
        """Whether what came about the health of past months is not told of yet."""
        return bool(await self._sample(self._metrics, "stadga_metrics_health_waits"))

    async def unread(self) -> int:
        """Published values that the alerts service has yet to read."""
        return round(await self._sample(self._alerts, "stadga_consumer_lag_messages"))

    async def due(self) -> int:
        """Alerts that it has yet to judge by the values it has read."""
        return round(await self._sample(self._alerts, "stadga_alerts_due"))

    async def firing(self) -> list[Alert]:
        """The alerts that fire."""
        answer = await self._ask(f"{self._alerts}/v1/alerts", state="firing")
        return msgspec.json.decode(answer, type=_Alerts).alerts

    async def unsent(self) -> int:
        """Mails that are to be sent and are not yet."""
        answers = [await self._ask(f"{self._alerts}/v1/mails", state=state) for state in ("settling", "pending")]
        return sum(len(msgspec.json.decode(answer, type=_Mails).mails) for answer in answers)

    async def values(self, unit: str) -> Group:
        """Every metric of a unit and what is below it."""
        answer = await self._ask(f"{self._metrics}/v1/metrics", unit=unit)
        [group] = msgspec.json.decode(answer, type=_Values).groups
        return group

    async def _sample(self, service: str, name: str) -> float:
        text = (await self._ask(f"{service}/metrics")).decode()
        families = text_string_to_metric_families(text)
        return sum(sample.value for family in families for sample in family.samples if sample.name == name)

    async def _ask(self, url: str, **question: str) -> bytes:
        answer = await self._http.get(url, params=question)
        answer.raise_for_status()
        return answer.content


def mails(folder: Path) -> list[EmailMessage]:
    """What the mailbox got, in order."""
    return [
        message_from_bytes(kept.read_bytes(), EmailMessage, policy=policy.default)
        for kept in sorted(folder.glob("*.eml"))
    ]
