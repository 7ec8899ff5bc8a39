"""What is said of a refused message: why and where on ``hr.rejected``, that and the original on another for a day."""

from datetime import datetime
from typing import Literal

import msgspec

from shared.contracts.problems import Fault

Reason = Literal[
    "not_json",
    "not_utf8",
    "wrong_type",
    "missing_field",
    "unknown_type",
    "invalid_value",
    "date_out_of_range",
    "recorded_in_future",
    "ends_before_start",
    "subject_mismatch",
    "conflict",
    "personal_identity_number",
    "too_large",
    "empty_message",
    "wrong_content_type",
    "too_deep",
    "source_not_allowed",
    "type_not_allowed",
    "subject_not_allowed",
    "other_tenant",
    "no_token",
    "wrong_token",
]


class Rejection(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One refused message. ``path`` is a JSON path.

    ``original`` is what was refused, on ``hr.rejected.originals`` alone; on ``hr.rejected`` it is empty, there are no
    ``attributes``, and a ``source`` that holds a personal identity number is left out. It is base64, so that any bytes
    survive.

    ``faults`` are all that is wrong, as an answer over HTTP lists it; ``reason`` and ``path`` are those of the first.
    ``attributes`` are those of an original in binary mode, which stood in its headers. Long texts, many attributes and
    many faults are cut. ``token`` is the name of the token that it came with, over HTTP. ``tenant`` is whose it is;
    of a message of another tenant (``other_tenant``) nothing is kept.
    """

    reason: Reason
    path: str
    message: str
    received: datetime
    channel: Literal["http", "kafka"]
    source: str | None
    original: bytes
    attributes: dict[str, str] | None = None
    token: str | None = None
    faults: tuple[Fault, ...] = ()
    tenant: str | None = None


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A refused message as it is read again, without what it said."""

    reason: Reason
    path: str
    message: str
    received: datetime
    channel: Literal["http", "kafka"]
    source: str | None
    token: str | None = None
    tenant: str | None = None


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """An event that was refused, as its sender is told later: why, where, when, by which way. Never what it said."""

    reason: Reason
    path: str
    detail: str
    received: datetime
    channel: Literal["http", "kafka"]
    source: str | None


class Refusals(msgspec.Struct, frozen=True, kw_only=True):
    """What was refused lately, the latest first, and how often for which reason.

    Of all that was refused since ``since``; null: of all that is still kept. ``counts`` are of more than is listed.
    """

    rejections: list[Refusal]
    counts: dict[str, int]
    since: datetime | None


def encode(rejection: Rejection) -> bytes:
    """The JSON form of a rejection."""
    return msgspec.json.encode(rejection)
