"""The consumer groups of the services: nobody may be in one, and each reads from the start of what was put back."""

from typing import TypeAlias

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    GroupCoordinatorNotAvailableError,
    GroupLoadInProgressError,
    NotCoordinatorForGroupError,
    for_code,
)
from aiokafka.protocol.admin import DescribeGroupsRequest_v0, DescribeGroupsRequest_v1
from aiokafka.protocol.api import Request
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_delay, wait_fixed

from cli.local.backup.layout import topics_there
from cli.local.backup.manifest import BackupError
from cli.local.backup.messages import reader
from cli.local.backup.neighbours import Neighbours
from services.alerts.settings import AlertSettings
from services.ingest.consumer import GROUP
from services.metrics.settings import MetricsSettings
from shared.contracts.topics import HR_EVENTS, WORKFORCE_METRICS, Topic
from shared.kit.broker import administration
from shared.kit.settings import load

COMING = (GroupCoordinatorNotAvailableError, GroupLoadInProgressError, NotCoordinatorForGroupError)
"""What a cluster says whose groups nobody has asked for yet, or whose broker has just begun."""
SECONDS = 60

Versions: TypeAlias = DescribeGroupsRequest_v0 | DescribeGroupsRequest_v1


class _Question(Request[Versions]):  # type: ignore[misc]  # aiokafka tells no types
    """Who is in a group; aiokafka's own takes the answer for one of another version."""

    API_KEY = 15

    def __init__(self, group: str) -> None:
        self._group = group

    def build(self, request_struct_class: type[Versions]) -> Versions:
        return request_struct_class([self._group])


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
        busy = [name for name in names if await _retrying()(_members, admin, name)]
    if busy:
        raise BackupError(
            f"stoppa tjänsterna först: någon läser som {', '.join(busy)}",
            f"stop the services first: somebody reads as {', '.join(busy)}",
        )


async def rewind(to: Neighbours) -> None:
    """Let each group begin at the start, whatever it had read of topics of these names before."""
    there = await topics_there(to.kafka, to.tenant, (HR_EVENTS, WORKFORCE_METRICS))
    for name, topic in readers().items():
        mine = to.tenant.topic(topic).name
        every = [TopicPartition(mine, number) for number in range(there[mine].partitions)]
        async with reader(to.kafka, to.tenant.prefixed(name)) as consumer:
            consumer.assign(every)
            await consumer.commit(dict.fromkeys(every, 0))


async def _members(admin: AIOKafkaAdminClient, group: str) -> int:
    """How many are in a group; raises one of COMING while nobody can say."""
    answer = await admin._client.send(await admin.find_coordinator(group), _Question(group))
    (found,) = answer.to_object()["groups"]
    if found["error_code"]:
        raise for_code(found["error_code"])(group)
    return len(found["members"])


def _retrying() -> AsyncRetrying:
    when = retry_if_exception_type(COMING)
    return AsyncRetrying(retry=when, stop=stop_after_delay(SECONDS), wait=wait_fixed(0.2), reraise=True)
