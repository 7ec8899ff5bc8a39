"""What a broker says of a topic that aiokafka's own metadata leave out: its identity, and who led each partition when.

A topic that was deleted and made anew has the same name and another id (Kafka 2.8 and later).
"""

import uuid
from io import BytesIO
from typing import Any, NamedTuple, TypeAlias

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import NodeNotReadyError, UnknownTopicOrPartitionError, for_code
from aiokafka.protocol.abstract import AbstractType
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.metadata import MetadataRequest_v5
from aiokafka.protocol.types import (
    Boolean,
    CompactArray,
    CompactString,
    Int16,
    Int32,
    Schema,
    TaggedFields,
)

from shared.kit.trouble import PassingError


class TopicMissingError(PassingError):
    """The topic does not exist yet."""


class Described(NamedTuple):
    """A topic as it is; ``id`` is None where brokers have none. ``epochs``: each partition's, one more at each change.

    A partition of an unknown epoch has −1.
    """

    id: str | None
    epochs: dict[int, int]

    @property
    def partitions(self) -> int:
        """How many there are."""
        return len(self.epochs)


class _Uuid(AbstractType[uuid.UUID]):
    @classmethod
    def encode(cls, value: uuid.UUID) -> bytes:
        return value.bytes

    @classmethod
    def decode(cls, data: BytesIO) -> uuid.UUID:
        return uuid.UUID(bytes=data.read(16))


NOBODY = uuid.UUID(int=0)
_BROKER = (("node_id", Int32), ("host", CompactString()), ("port", Int32), ("rack", CompactString()))
_PARTITION = (
    *(("error_code", Int16), ("partition", Int32), ("leader", Int32), ("leader_epoch", Int32)),
    *((name, CompactArray(Int32)) for name in ("replicas", "isr", "offline")),
)
_TAGS = ("tags", TaggedFields)


class MetadataResponse_v10(Response):  # noqa: N801 -- as aiokafka names its own
    """Says the topic's id and the leader's epoch."""

    API_KEY = 3
    API_VERSION = 10
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("brokers", CompactArray(*_BROKER, _TAGS)),
        ("cluster_id", CompactString()),
        ("controller_id", Int32),
        (
            "topics",
            CompactArray(
                *(("error_code", Int16), ("topic", CompactString()), ("id", _Uuid), ("is_internal", Boolean)),
                ("partitions", CompactArray(*_PARTITION, _TAGS)),
                ("authorized_operations", Int32),
                _TAGS,
            ),
        ),
        ("authorized_operations", Int32),
        _TAGS,
    )


class MetadataRequest_v10(RequestStruct):  # noqa: N801 -- as aiokafka names its own
    """Asks for some topics."""

    API_KEY = 3
    API_VERSION = 10
    FLEXIBLE_VERSION = True
    RESPONSE_TYPE = MetadataResponse_v10
    SCHEMA = Schema(
        ("topics", CompactArray(("id", _Uuid), ("topic", CompactString()), _TAGS)),
        ("allow_auto_topic_creation", Boolean),
        ("cluster_authorized_operations", Boolean),
        ("topic_authorized_operations", Boolean),
        _TAGS,
    )


Versions: TypeAlias = MetadataRequest_v5 | MetadataRequest_v10


class _Question(Request[Versions]):
    API_KEY = 3

    def __init__(self, topic: str) -> None:
        self._topic = topic

    def build(self, request_struct_class: type[Versions]) -> Versions:
        if request_struct_class is MetadataRequest_v10:
            return MetadataRequest_v10([(NOBODY, self._topic, {})], False, False, False, {})
        return MetadataRequest_v5([self._topic], False)


async def describe(client: AIOKafkaClient, topic: str) -> Described:
    """Ask a broker about a topic; raises TopicMissingError, or KafkaError when nobody can say."""
    node = client.get_random_node()
    if node is None:
        raise NodeNotReadyError("no broker is known")
    (found,) = (await client.send(node, _Question(topic))).to_object()["topics"]
    if found["error_code"] == UnknownTopicOrPartitionError.errno:
        raise TopicMissingError(f"the topic {topic} does not exist")
    if found["error_code"]:
        raise for_code(found["error_code"])(topic)
    return _described(found)


def _described(found: dict[str, Any]) -> Described:
    identity = found.get("id", NOBODY)
    epochs = {one["partition"]: one.get("leader_epoch", -1) for one in found["partitions"]}
    return Described(None if identity == NOBODY else identity.hex, epochs)
