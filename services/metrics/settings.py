"""What the metrics service is told."""

from typing import Annotated, Literal

from msgspec import Meta

from services.metrics.domain.facts.measures import NORM
from shared.kit.access.journal import LEAST_DAYS
from shared.kit.settings import Settings

MOST_SHARDS = 64
"""Each costs a replica a connection to PostgreSQL, and what is decided among all units is kept for each."""


class MetricsSettings(Settings, frozen=True, kw_only=True):
    """``stadga_batch`` bounds the events of one transaction; a partition in which ``stadga_load`` messages wait is
    loaded whole (0: never). ``stadga_evaluate_seconds`` is the time between looks,
    ``stadga_delivery_seconds`` how long a delivery that is not whole holds back what is published,
    ``stadga_health_settle_seconds`` how long nothing of past months has come before health is told anew.

    ``stadga_known_days`` is for how long it is kept what was known when; older facts are merged (``all``: none are).

    ``stadga_shards`` is to how many shards the units are dealt, which replicas share.

    ``stadga_alerts_group`` is the consumer group of alerts: values are published as fast as it takes them in.

    ``stadga_access_log_days`` is how long it is kept who looked at what.

    ``stadga_master_key_file`` holds the master keys, by which sealed events are unsealed.

    ``stadga_retention`` is the file that says how long persons are kept; without it nobody is erased by time.

    ``stadga_sources`` is the file that registers sources; without it none is ever late.

    More messages put aside than ``stadga_dead_letters_…`` say stop the service; 0 is any number.
    """

    stadga_metrics_port: int = 8802
    stadga_batch: Annotated[int, Meta(ge=1)] = 10_000
    stadga_load: Annotated[int, Meta(ge=0)] = 10_000
    stadga_evaluate_seconds: float = 0.2
    stadga_shards: Annotated[int, Meta(ge=1, le=MOST_SHARDS)] = 1
    stadga_delivery_seconds: Annotated[float, Meta(ge=0)] = 600.0
    stadga_health_settle_seconds: Annotated[float, Meta(ge=0)] = 60.0
    stadga_sources: str = ""
    stadga_retention: str = ""
    stadga_master_key_file: str = ""
    stadga_window_days: Annotated[int, Meta(ge=1)] | Literal["12m"] = 365
    stadga_points_norm: Annotated[float, Meta(gt=0)] = NORM
    stadga_known_days: Annotated[int, Meta(ge=30)] | Literal["all"] = "all"
    stadga_access_log_days: Annotated[int, Meta(ge=LEAST_DAYS)] = 400
    stadga_group: str = "metrics"
    stadga_alerts_group: str = "stadga-alerts"
    stadga_dead_letters_in_a_row: Annotated[int, Meta(ge=0)] = 100
    stadga_dead_letters_a_minute: Annotated[int, Meta(ge=0)] = 1000
