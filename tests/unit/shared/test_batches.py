"""Batches of a topic: an error of Kafka does not end the consumer, and none makes it skip a message."""

from collections.abc import Sequence
from typing import NamedTuple, NoReturn
from zoneinfo import ZoneInfo

import pytest
from aiokafka.errors import KafkaConnectionError
from prometheus_client import CollectorRegistry

from shared.kit import broker
from shared.kit.batches import BATCH_BYTES, Batches, Lag, Records, Subscription, room
from shared.kit.clock import Clock
from shared.kit.health import Health
from shared.kit.supervisor import Supervisor
from tests.polling import until


class Admin:
    """An admin client that finds no topic, after one error."""

    asked = 0

    def __init__(self, **_: object) -> None:
        """Anywhere."""

    async def start(self) -> None:
        """Nothing to start."""

    async def close(self) -> None:
        """Nothing to close."""

    async def list_topics(self) -> Sequence[str]:
        """Fails once."""
        Admin.asked += 1
        if Admin.asked == 1:
            raise KafkaConnectionError("closed while it answered")
        return ()


class Message(NamedTuple):
    """As much of a message as its length is asked of."""

    value: bytes | None


@pytest.mark.parametrize(
    ("values", "messages"),
    [
        ([b""], 500),
        ([None], 500),
        ([bytes(BATCH_BYTES // 4)] * 3, 4),
        ([bytes(BATCH_BYTES + 1)], 1),
        ([bytes(BATCH_BYTES // 2), b""], 4),
    ],
)
def test_the_next_batch_has_room_for_messages_as_long_as_the_last(values: list[bytes | None], messages: int):
    """As many as are asked for, if they are short; one at least, if it is longer than a batch."""
    assert room([Message(value) for value in values], 500) == messages  # type: ignore[misc]


async def untaken(_: Records) -> NoReturn:
    """Nothing comes."""
    raise AssertionError


def unshown(_: Lag) -> None:
    """Nobody looks."""


async def test_kafka_fails_while_it_is_asked_for_the_topic(monkeypatch: pytest.MonkeyPatch):
    """The consumer asks again: one error while it starts does not end it for good."""
    monkeypatch.setattr(broker, "AIOKafkaAdminClient", Admin)
    health = Health(Clock(ZoneInfo("UTC")), "hr.raw")
    batches = Batches("nowhere:9092", Subscription("hr.raw", "group", 10), untaken, unshown, health)
    async with Supervisor(health, CollectorRegistry()).running(batches.task):
        await until(lambda: "does not exist" in (health.report()[0].problem or ""), "health says the topic is missing")
    assert health.ended is None
    assert Admin.asked >= 2
