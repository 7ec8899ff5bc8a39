"""Topics on a real broker: made as they must be, and looked at as they are."""

from uuid import uuid4

from aiokafka.admin import NewTopic

from shared.contracts.topics import HR_EVENTS
from shared.kit import topics
from shared.kit.broker import administration, create_topics


async def test_a_topic_that_was_made_otherwise_is_named(kafka: str):
    """It is left as it is when topics are created, and each setting that is wrong is told."""
    sound = HR_EVENTS._replace(name=f"sound.{uuid4().hex}")
    wrong = HR_EVENTS._replace(name=f"wrong.{uuid4().hex}")
    settings = {"cleanup.policy": "compact", "retention.ms": "1000"}
    async with administration(kafka) as admin:
        await admin.create_topics([NewTopic(wrong.name, 1, 1, topic_configs=settings)])
    await create_topics(kafka, (sound, wrong))
    told = await topics.look(kafka, (sound, wrong, HR_EVENTS._replace(name="missing")))
    assert told == [
        f"{wrong.name} has cleanup.policy=compact, not delete",
        f"{wrong.name} has retention.ms=1000, not -1",
    ]
