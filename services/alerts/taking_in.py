"""What the service takes in from Kafka: values, and where measures stand; and again what was put aside of these."""

from collections.abc import Awaitable, Callable

import asyncpg

from services.alerts import consumer
from services.alerts.consumer import Consumer, FollowedTopic, T
from services.alerts.domain.alert import incoming
from services.alerts.rounds.rounds import Rounds
from services.alerts.settings import AlertSettings
from services.alerts.telemetry import Telemetry
from shared.contracts.dead_letters import Place, Retried
from shared.kit.batches import Lag, Subscription
from shared.kit.health import Health
from shared.kit.supervisor import Task


class TakingIn:
    """The topics that are followed."""

    def __init__(self, settings: AlertSettings, health: Health, telemetry: Telemetry) -> None:
        """Nothing is followed yet, and nothing can be taken in again."""
        self._settings, self._health, self._telemetry = settings, health, telemetry
        self._again: dict[str, Callable[[Place], Awaitable[Retried]]] = {}

    async def again(self, _: asyncpg.Pool, place: Place) -> Retried:
        """Take a message that was put aside in after all."""
        again = self._again.get(place.topic)
        return await again(place) if again else Retried(place, "gone")

    def tasks(self, pool: asyncpg.Pool, rounds: Rounds) -> tuple[Task, Task]:
        """What takes in values and measures; from now on a message of either that was put aside as well."""
        on_values = self._to(consumer.PART), rounds.reading, rounds.observe, incoming.GOOD_VALUES, self._show_lag
        on_measures = (
            self._to(consumer.MEASURES),
            rounds.reading_measures,
            rounds.hear,
            incoming.GOOD_UPDATE,
            lambda _: None,
        )
        values = self._consumer(pool, FollowedTopic(*on_values))
        measures = self._consumer(pool, FollowedTopic(*on_measures))
        self._again = {on_values[0].topic: values.again, on_measures[0].topic: measures.again}
        return values.task, measures.task

    def _to(self, part: str) -> Subscription:
        of = self._settings.tenant.prefixed
        group = self._settings.stadga_alerts_group
        group = group if part == consumer.PART else f"{group}-measures"
        return Subscription(of(part), of(group), self._settings.stadga_alerts_batch, part)

    def _consumer(self, pool: asyncpg.Pool, following: FollowedTopic[T]) -> Consumer[T]:
        return Consumer(self._settings.kafka_bootstrap_servers, pool, following, self._telemetry, self._health)

    def _show_lag(self, lag: Lag) -> None:
        self._telemetry.show_lag({(at.topic, at.partition): messages for at, messages in lag.items()})
