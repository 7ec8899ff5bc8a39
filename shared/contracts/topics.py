"""Every Kafka topic: its name, what its key is, how many partitions it has and how long it keeps messages."""

from typing import NamedTuple

DAY_MS = 86_400_000
FOREVER = -1


class Topic(NamedTuple):
    """A topic as it must exist on the broker. ``retention_ms`` of −1 keeps everything."""

    name: str
    key: str
    partitions: int
    retention_ms: int
    purpose: str


HR_RAW = Topic("hr.raw", "any", 12, 7 * DAY_MS, "events as other systems publish them")
HR_EVENTS = Topic("hr.events", "subject", 12, FOREVER, "accepted events, person references replaced")
HR_REJECTED = Topic("hr.rejected", "reason", 3, 90 * DAY_MS, "what could not be accepted, and why")
WORKFORCE_METRICS = Topic("workforce.metrics", "unit|occupation", 6, 30 * DAY_MS, "values of every group that changed")
WORKFORCE_ALERTS = Topic("workforce.alerts", "plan|target|unit", 3, FOREVER, "each transition of an alert")

ALL = (HR_RAW, HR_EVENTS, HR_REJECTED, WORKFORCE_METRICS, WORKFORCE_ALERTS)
