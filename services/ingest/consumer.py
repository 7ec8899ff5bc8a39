"""The topic ``hr.raw``: judged and published in batches; its offsets are committed once Kafka has the outcomes.

At least once: what is published twice after a failure has the same id and source and changes nothing.
"""

from aiokafka import ConsumerRecord

from services.ingest.domain import binding
from services.ingest.domain.acceptance import from_anyone, judge, of_another, refused
from services.ingest.domain.memory import Memory
from services.ingest.domain.outcome import Incoming, Outcome
from services.ingest.domain.pseudonym import Pseudonyms
from services.ingest.domain.refusal import RefusalError
from services.ingest.pace import in_turns
from services.ingest.publisher import Publisher, UnconfirmedError
from services.ingest.telemetry import Telemetry
from shared.contracts.tenants import ALONE, Tenant
from shared.contracts.topics import HR_RAW
from shared.kit.batches import Batches, Lag, Records, Subscription
from shared.kit.clock import Clock
from shared.kit.health import Health
from shared.kit.supervisor import Task

GROUP = "stadga-ingest"
PART = HR_RAW.name
_TAKEN_AT_ONCE = 5000
_PUBLISH_SECONDS = 30.0


class RawConsumer:
    """One member of the consumer group; run more processes for more."""

    def __init__(
        self,
        servers: str,
        pseudonym: Pseudonyms,
        publisher: Publisher,
        telemetry: Telemetry,
        health: Health,
        clock: Clock,
        memory: Memory,
        tenant: Tenant = ALONE,
    ) -> None:
        """Connects when its task is run; ``memory`` hears what is accepted; the topic is that of ``tenant``."""
        self._tenant = tenant
        self._memory = memory
        self._pseudonym = pseudonym
        self._publisher = publisher
        self._telemetry = telemetry
        self._clock = clock
        to = Subscription(tenant.topic(HR_RAW).name, tenant.prefixed(GROUP), _TAKEN_AT_ONCE, PART)
        self._batches = Batches(servers, to, self._take, self._show, health, _told)

    @property
    def task(self) -> Task:
        """Consumes until the end."""
        return self._batches.task

    async def _take(self, records: Records) -> None:
        outcomes = await in_turns(records, self._judged)
        became = await self._publisher.publish(outcomes, "kafka", _PUBLISH_SECONDS)
        await in_turns(became, self._memory.hear)

    def _judged(self, record: ConsumerRecord) -> Outcome:
        try:
            incoming = binding.from_kafka(record.headers, record.value)
        except RefusalError as error:
            if not self._tenant.takes(binding.tenant(record.headers)):
                return of_another()
            return refused(Incoming(record.value), error)
        # who may write to hr.raw is for Kafka's lists to say
        return judge(incoming, self._pseudonym, from_anyone, self._clock.now(), self._tenant)

    def _show(self, lag: Lag) -> None:
        self._telemetry.lag.clear()
        for at, messages in lag.items():
            self._telemetry.lag.labels(at.topic, str(at.partition)).set(messages)


def _told(error: BaseException) -> str:
    """Only our own error is quoted: what another says might hold part of a message."""
    return str(error) if isinstance(error, UnconfirmedError) else type(error).__name__
