"""The consumer groups of the services: nobody may be in one, and each reads from the start of what was put back."""

from aiokafka import AIOKafkaConsumer, TopicPartition

from cli.local.backup.manifest import BackupError
from cli.local.backup.neighbours import Neighbours
from services.alerts.settings import AlertSettings
from services.ingest.consumer import GROUP
from services.metrics.settings import MetricsSettings
from shared.contracts.topics import HR_EVENTS, WORKFORCE_METRICS, Topic
from shared.kit.broker import administration
from shared.kit.cluster import way_to
from shared.kit.settings import load


def readers() -> dict[str, Topic]:
    """What each group reads of what is put back, or is made again from it."""
    alerts = load(AlertSettings).stadga_alerts_group
    return {
        load(MetricsSettings).stadga_group: HR_EVENTS,
        alerts: WORKFORCE_METRICS,
        f"{alerts}-measures": HR_EVENTS,
    }


async def nobody(to: Neighbours) -> None:
    """Raises BackupError while a service runs."""
    names = [to.tenant.prefixed(name) for name in (GROUP, *readers())]
    async with administration(to.kafka) as admin:
        told = [group for answer in await admin.describe_consumer_groups(names) for group in answer.groups]
    if busy := sorted(group[1] for group in told if group[5]):
        raise BackupError(
            f"stoppa tjänsterna först: någon läser som {', '.join(busy)}",
            f"stop the services first: somebody reads as {', '.join(busy)}",
        )


async def rewind(to: Neighbours) -> None:
    """Let each group begin at the start, whatever it had read of topics of these names before."""
    for name, topic in readers().items():
        mine = to.tenant.topic(topic).name
        async with AIOKafkaConsumer(
            **way_to(to.kafka), group_id=to.tenant.prefixed(name), enable_auto_commit=False
        ) as consumer:
            await consumer.topics()
            every = [TopicPartition(mine, number) for number in consumer.partitions_for_topic(mine) or ()]
            consumer.assign(every)
            await consumer.commit(dict.fromkeys(every, 0))
