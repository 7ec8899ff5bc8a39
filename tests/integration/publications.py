"""What the metrics service has published on workforce.metrics."""

from collections import defaultdict
from typing import NamedTuple

import msgspec

from cli.local.stack import Stack
from shared.contracts import envelope
from shared.contracts.metrics import COMPUTED, GroupComputed
from shared.contracts.topics import WORKFORCE_METRICS
from tests.integration.ingesting import everything


class Message(NamedTuple):
    """What a message of workforce.metrics says of one day: where it lies, its key, the envelope and the values."""

    partition: int
    offset: int
    key: bytes
    event: envelope.CloudEvent
    group: GroupComputed


async def published(stack: Stack) -> list[Message]:
    """Every message of workforce.metrics, by the days it tells of."""
    records = await everything(stack.kafka_bootstrap_servers, WORKFORCE_METRICS)
    events = ((r, envelope.decode(r.value)) for r in records)
    return [
        Message(r.partition, r.offset, r.key, e, day)
        for r, e in events
        if e.type == COMPUTED
        for day in msgspec.json.decode(e.data, type=GroupComputed).by_day()
    ]


def latest_values(messages: list[Message]) -> dict[tuple[str, str, str, str], dict[str, object]]:
    """By unit, occupation, day and metric, the value of the greatest revision."""
    groups = sorted((message.group for message in messages), key=lambda group: group.revision)
    return {
        (g.unit, g.occupation, g.as_of.isoformat(), name): msgspec.to_builtins(value)
        for g in groups
        for name, value in g.metrics.items()
    }


def ids_once_told(messages: list[Message]) -> dict[tuple[str, tuple[str, ...], str], str]:
    """The ids of messages that alone tell of a group, by what they call the unit too."""
    told: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for one in messages:
        told[one.group.unit, one.group.occupation].add(one.event.id)
    alone = [m for m in messages if len(told[m.group.unit, m.group.occupation]) == 1]
    return {(m.group.unit_name, m.group.unit_path, m.group.occupation): m.event.id for m in alone}
