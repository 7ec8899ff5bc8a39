"""Every Kafka topic: its name, what its key is, how many partitions it has and how it keeps messages."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
FOREVER = -1
MESSAGE_BYTES = 1_048_588
"""The largest message with all its overhead; what brokers take unless told otherwise."""


_COMPACTED = {
    "cleanup.policy": "compact",
    "max.compaction.lag.ms": str(DAY_MS // 2),
    "delete.retention.ms": str(DAY_MS),
}
"""Half a day until it is cleaned, so that the cleaner has another half for it; tombstones stay a day longer."""


class Topic(NamedTuple):
    """A topic as it must exist on the broker. ``retention_ms`` of −1 keeps everything.

    Of a ``compacted`` one the last message of each key is kept, and what was replaced or deleted is gone within a day.
    Brokers delete whole files, none to which they still write; ``file_ms`` is how long they may write to one, so how
    much longer than ``retention_ms`` a message may stay. 0: as the broker pleases. Of one that is ``dated`` by the
    broker, no clock of a sender says how old a message is.
    """

    name: str
    key: str
    partitions: int
    retention_ms: int
    purpose: str
    compacted: bool = False
    file_ms: int = 0
    dated: bool = False

    def settings(self, replicas: int = 1, in_sync: int = 0) -> dict[str, str]:
        """What is set when the topic is made; ``in_sync`` copies hold a message before it is acknowledged.

        0: two of three or more, else one.
        """
        kept = _COMPACTED if self.compacted else {"cleanup.policy": "delete"}
        if self.file_ms:
            kept = kept | {"segment.ms": str(self.file_ms)}
        if self.dated:
            kept = kept | {"message.timestamp.type": "LogAppendTime"}
        return kept | {
            "retention.ms": str(self.retention_ms),
            "retention.bytes": str(FOREVER),
            "max.message.bytes": str(MESSAGE_BYTES),
            "min.insync.replicas": str(in_sync or _in_sync(replicas)),
        }


HR_RAW = Topic("hr.raw", "any", 12, 7 * DAY_MS, "events as other systems publish them", file_ms=6 * HOUR_MS, dated=True)
HR_EVENTS = Topic("hr.events", "subject", 12, FOREVER, "accepted events, person references replaced")
HR_KEYS = Topic("hr.keys", "pseudonym|key", 3, FOREVER, "keys of persons, wrapped by the master key", compacted=True)
HR_REJECTED = Topic(
    "hr.rejected", "reason", 3, 30 * DAY_MS, "why and where something could not be accepted", file_ms=DAY_MS
)
HR_ORIGINALS = Topic(
    "hr.rejected.originals",
    "reason",
    3,
    18 * HOUR_MS,
    "what could not be accepted, as it came, for a day",
    file_ms=4 * HOUR_MS,
    dated=True,
)
WORKFORCE_METRICS = Topic("workforce.metrics", "unit|occupation", 6, 30 * DAY_MS, "values of every group that changed")
WORKFORCE_ALERTS = Topic("workforce.alerts", "plan|target|unit", 3, FOREVER, "each transition of an alert")

ALL = (HR_RAW, HR_EVENTS, HR_KEYS, HR_REJECTED, HR_ORIGINALS, WORKFORCE_METRICS, WORKFORCE_ALERTS)
IN_ORDER = (WORKFORCE_METRICS, WORKFORCE_ALERTS)
"""Those whose readers rely on the order within a key, which ends when partitions are added.

So do those of hr.events; how many it has may be changed, and the metrics service knows with how many it was read.
"""
AT_LEAST = frozenset({"max.message.bytes", "min.insync.replicas"})
AT_MOST = frozenset({"segment.ms"})


class Found(NamedTuple):
    """A topic as it is on the broker."""

    partitions: int
    replicas: int
    settings: Mapping[str, str]


def faults(topic: Topic, found: Found, replicas: int = 1) -> Iterator[str]:
    """What of a topic is not as it must be, a sentence each; settings that the broker does not tell are passed over.

    ``replicas`` are wanted at least.
    """
    if found.replicas < replicas:
        yield f"{topic.name} is kept on {found.replicas} brokers, not {replicas}"
    if topic in IN_ORDER and found.partitions != topic.partitions:
        yield f"{topic.name} has {found.partitions} partitions, not {topic.partitions}"
    for name, wanted in topic.settings(found.replicas).items():
        there = found.settings.get(name, wanted)
        if name in AT_LEAST:
            if int(there) < int(wanted):
                yield f"{topic.name} has {name}={there}, less than {wanted}"
        elif name in AT_MOST:
            if int(there) > int(wanted):
                yield f"{topic.name} has {name}={there}, more than {wanted}"
        elif there != wanted:
            yield f"{topic.name} has {name}={there}, not {wanted}"


def _in_sync(replicas: int) -> int:
    """With two copies, a broker that is away would stop everything."""
    return 2 if replicas > 2 else 1
