"""A topic that keeps messages in another way than it must is named."""

import pytest

from shared.contracts.topics import (
    ALL,
    DAY_MS,
    HR_EVENTS,
    HR_ORIGINALS,
    HR_RAW,
    HR_REJECTED,
    WORKFORCE_METRICS,
    Found,
    Topic,
    faults,
)

MADE = pytest.mark.parametrize("topic", ALL, ids=lambda topic: topic.name)


def found(topic: Topic, replicas: int = 1, **settings: str) -> Found:
    """The topic as made, but for some settings."""
    named = {name.replace("_", "."): value for name, value in settings.items()}
    return Found(topic.partitions, replicas, topic.settings(replicas) | named)


@MADE
@pytest.mark.parametrize("replicas", [1, 2, 3, 5])
def test_as_it_is_made_it_is_right(topic: Topic, replicas: int):
    """A topic that the stack made has no fault."""
    assert not list(faults(topic, found(topic, replicas)))


@MADE
@pytest.mark.parametrize(
    "settings",
    [
        {"cleanup_policy": "compact,delete"},
        {"retention_ms": "604800001"},
        {"retention_bytes": "1000000000"},
        {"max_message_bytes": "500000"},
    ],
    ids=str,
)
def test_what_loses_or_keeps_messages_is_named(topic: Topic, settings: dict[str, str]):
    """Each setting is one fault that names topic and setting."""
    (fault,) = faults(topic, found(topic, **settings))
    assert topic.name in fault
    assert next(iter(settings)).replace("_", ".") in fault


@MADE
def test_a_topic_that_is_cleaned_the_other_way_is_named(topic: Topic):
    """By age instead of by key loses, by key instead of by age keeps and loses."""
    other = "delete" if topic.compacted else "compact"
    (fault,) = faults(topic, found(topic, cleanup_policy=other))
    assert f"{topic.name} has cleanup.policy={other}" in fault


@pytest.mark.parametrize("topic", [HR_RAW, HR_ORIGINALS], ids=lambda topic: topic.name)
def test_whose_clock_says_how_old_a_message_is_matters(topic: Topic):
    """A sender whose clock is a year ahead would have what it sends kept for a year."""
    assert list(faults(topic, found(topic, message_timestamp_type="CreateTime")))


@pytest.mark.parametrize("topic", [HR_RAW, HR_REJECTED, HR_ORIGINALS], ids=lambda topic: topic.name)
def test_files_that_are_written_to_for_longer_are_named(topic: Topic):
    """What stands in them outlives its time; shorter ones are as well."""
    (fault,) = faults(topic, found(topic, segment_ms="604800000"))
    assert fault == f"{topic.name} has segment.ms=604800000, more than {topic.file_ms}"
    assert not list(faults(topic, found(topic, segment_ms=str(topic.file_ms - 1))))


def test_an_original_is_gone_within_a_day():
    """With what brokers take to look, and to delete what they found: five minutes and one, unless told otherwise."""
    assert HR_ORIGINALS.retention_ms + HR_ORIGINALS.file_ms + 6 * 60_000 < DAY_MS


def test_of_three_copies_two_must_be_in_sync():
    """With one, what was acknowledged is lost with the one broker that had it; more is as well."""
    assert list(faults(HR_EVENTS, found(HR_EVENTS, 3, min_insync_replicas="1")))
    assert not list(faults(HR_EVENTS, found(HR_EVENTS, 5, min_insync_replicas="3")))
    assert not list(faults(HR_EVENTS, found(HR_EVENTS, 2, min_insync_replicas="1")))


def test_partitions_matter_where_order_does():
    """More of them break the order within a key; hr.raw has none, and hr.events is watched by whoever reads it."""
    more = {topic: found(topic)._replace(partitions=topic.partitions + 1) for topic in ALL}
    assert list(faults(WORKFORCE_METRICS, more[WORKFORCE_METRICS]))
    assert not list(faults(HR_RAW, more[HR_RAW]))


def test_what_the_broker_does_not_tell_is_no_fault():
    """An older broker, or one that lets nobody read settings."""
    assert not list(faults(HR_EVENTS, Found(HR_EVENTS.partitions, 1, {})))
