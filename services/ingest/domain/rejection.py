"""The record of a refusal on ``hr.rejected``: for whoever mends the source, with the original bytes."""

from datetime import datetime
from typing import Literal, NamedTuple

from services.ingest.domain.outcome import Refused
from shared.contracts.rejections import Rejection, encode

Channel = Literal["http", "kafka"]
KEPT = 700_000
"""Bytes of an original that are kept: in base64 they still fit a Kafka message of the default size."""


class Record(NamedTuple):
    """A Kafka record."""

    key: bytes
    value: bytes
    headers: list[tuple[str, bytes]]


def record(refused: Refused, received: datetime, channel: Channel) -> Record:
    """Key: the reason. The attributes of a binary-mode original travel as headers beside it."""
    rejection = Rejection(
        reason=refused.reason,
        path=refused.path,
        message=refused.message + _cut(len(refused.original)),
        received=received,
        channel=channel,
        source=refused.source,
        original=refused.original[:KEPT],
    )
    headers = {"reason": refused.reason, "path": refused.path, "channel": channel}
    attributes = {f"original_ce_{name}": value for name, value in (refused.attributes or {}).items()}
    return Record(
        refused.reason.encode(), encode(rejection), [(k, v.encode()) for k, v in (headers | attributes).items()]
    )


def _cut(size: int) -> str:
    return f" (of {size} bytes the first {KEPT} are kept)" if size > KEPT else ""
