"""Whose fault an error of sending is."""

import aiokafka.errors
import pytest
from aiokafka.errors import (
    BrokerResponseError,
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    NotEnoughReplicasError,
    ProducerClosed,
    RecordListTooLargeError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)

from services.ingest.delivery import Blame, blame

EVERY = [kind for kind in vars(aiokafka.errors).values() if isinstance(kind, type) and issubclass(kind, KafkaError)]


@pytest.mark.parametrize("kind", [MessageSizeTooLargeError, RecordListTooLargeError])
def test_too_large_is_the_message(kind: type[KafkaError]):
    """Trying it again would be for ever, and nothing is wrong with the producer."""
    assert blame(kind()) is Blame.MESSAGE


@pytest.mark.parametrize(
    "kind",
    [NotEnoughReplicasError, TopicAuthorizationFailedError, UnknownTopicOrPartitionError, KafkaTimeoutError],
)
def test_what_passes_is_waited_for(kind: type[KafkaError]):
    """No message is lost to it, and another producer would meet the same."""
    assert blame(kind()) is Blame.WAITING


@pytest.mark.parametrize("kind", [ProducerClosed, KafkaError])
def test_a_producer_that_broke_is_replaced(kind: type[KafkaError]):
    """The client says so itself, or fails in a way of its own."""
    assert blame(kind("Unexpected error during batch delivery")) is Blame.PRODUCER


def test_no_answer_of_a_broker_breaks_the_producer():
    """It answered, so the connection works."""
    answers = [kind for kind in EVERY if issubclass(kind, BrokerResponseError)]
    assert len(answers) > 70
    assert Blame.PRODUCER not in {blame(kind()) for kind in answers}


def test_only_size_is_ever_a_fault_of_the_message():
    """Anything else taken for one would bury good messages."""
    assert {kind.__name__ for kind in EVERY if blame(kind()) is Blame.MESSAGE} == {
        "MessageSizeTooLargeError",
        "RecordListTooLargeError",
        "RecordTooLargeError",
    }
