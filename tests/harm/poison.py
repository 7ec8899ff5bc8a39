"""The kinds of poison that a load mixes in: what is sent where, and where it must be found afterwards."""

import asyncio
import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

import msgspec

from shared.contracts import envelope
from shared.contracts.metrics import COMPUTED
from tests import builders as make

Place = Literal["http", "hr.raw", "hr.events", "workforce.metrics"]
Headers = tuple[tuple[str, bytes], ...]


class Poison(NamedTuple):
    """One dose: ``token`` finds it again in what is kept of it; a tombstone can only be counted."""

    kind: str
    place: Place
    token: str
    value: bytes | None
    headers: Headers = ()


def _event(token: str, **fields: object) -> dict[str, Any]:
    return make.employment_started(f"poison-{token}", "2024-01-01", unit="u1", id=token, **fields)


def _with(token: str, path: str, value: object) -> bytes:
    event = _event(token)
    inside = event["data"] if path in event["data"] else event
    inside[path] = value
    return msgspec.json.encode(event)


def _deep(token: str) -> bytes:
    return msgspec.json.encode(_event(token))[:-1] + b',"x":' + b"[" * 4_000 + b"]" * 4_000 + b"}"


def _reported(token: str, type_: str, subject: str, **data: object) -> bytes:
    return msgspec.json.encode(make.event(type_, subject, {"effective": "2025-01-31", **data}, id=token))


def _values(token: str, revision: int, today: str, as_of: str) -> bytes:
    group = {
        "unit": token,
        "unit_name": token,
        "unit_path": [token, "*"],
        "occupation": "*",
        "as_of": as_of,
        "today": today,
        "window_days": 365,
        "revision": revision,
        "metrics": {},
    }
    return envelope.encode(
        envelope.CloudEvent(
            specversion="1.0",
            id=token,
            source="stadga/metrics",
            type=COMPUTED,
            subject=f"group/{token}/*",
            time=datetime(2025, 12, 31, tzinfo=UTC),
            data=msgspec.Raw(msgspec.json.encode(group)),
        )
    )


AT_THE_DOOR: Mapping[str, Callable[[str], bytes]] = {
    "garbage": lambda t: t.encode() + b"\x00\xff\xfe",
    "not UTF-8": lambda t: msgspec.json.encode(_event(t)).replace(b"u1", b"\xe5\xe4"),
    "cut": lambda t: msgspec.json.encode(_event(t))[:-7],
    "850 KB": lambda t: t.encode() + b"\xff" * 850_000,
    "nearly 1 MB": lambda t: _with(t, "unit", "x" * 1_000_000),
    "deep": _deep,
    "reserved word": lambda t: _with(t, "occupation", "*"),
    "identity number": lambda t: _with(t, "unit", "19850709-9805"),
    "identity number, spelled": lambda t: _with(t, "unit", "x 1985.07.09/9805"),
    "control characters": lambda t: _with(t, "unit", "u\u202e\x00"),
    "unknown type": lambda t: _with(t, "type", "hr.person.promoted.v9"),
    "far date": lambda t: _with(t, "effective", "9999-12-31"),
    "huge number": lambda t: _reported(t, "hr.caseload.reported.v1", "unit/u1", open_cases=10**12),
    "a number of text": lambda t: _with(t, "time", "NaN"),
    "no object": lambda t: msgspec.json.encode([t]),
}
"""What anyone can send, over HTTP or on ``hr.raw``: refused with a reason, or accepted as an event."""


def doses(seed: int) -> Callable[[], Poison]:
    """An endless supply, each kind in turn; a token is used once."""
    chance = random.Random(seed)  # noqa: S311  (a seed makes the same harm each time)
    kinds: list[tuple[str, Place, Callable[[str], tuple[bytes | None, Headers]]]] = [
        *((name, "hr.raw", lambda t, m=m: (m(t), ())) for name, m in AT_THE_DOOR.items()),
        *((f"{name}, HTTP", "http", lambda t, m=m: (m(t), ())) for name, m in AT_THE_DOOR.items()),
        ("tombstone", "hr.raw", lambda _t: (None, ())),
        ("headers", "hr.raw", lambda t: (t.encode(), (("ce_id", b"\xff"), ("ce_x", b"y" * 60_000), ("", b"")))),
        ("many headers", "hr.raw", lambda t: (t.encode(), tuple((f"ce_x{n}", b"y" * 50) for n in range(5_000)))),
        ("forged garbage", "hr.events", lambda t: (t.encode() + b"\xff", ())),
        ("forged event", "hr.events", lambda t: (_with(t, "effective", "soon"), ())),
        ("forged tombstone", "hr.events", lambda _t: (None, ())),
        ("forged values", "workforce.metrics", lambda t: (t.encode() + b"\xff", ())),
        ("forged revision", "workforce.metrics", lambda t: (_values(t, 2**62, "2025-12-31", "2025-12-31"), ())),
        ("forged today", "workforce.metrics", lambda t: (_values(t, 1, "2030-01-01", "2030-01-01"), ())),
    ]
    chance.shuffle(kinds)
    made = 0

    def next_dose() -> Poison:
        nonlocal made
        name, place, value = kinds[made % len(kinds)]
        made += 1
        token = f"poison-{seed}-{made}-"
        body, headers = value(token)
        return Poison(name, place, token, body, headers)

    return next_dose


async def half_open(urls: list[str], seconds: float, connections: int = 50) -> None:
    """Connections that send half a request and then nothing, for a while."""
    opened = []
    for host, port in (url.removeprefix("http://").split(":") for url in urls):
        for _ in range(connections):
            _, writer = await asyncio.open_connection(host, int(port))
            writer.write(b"POST /v1/events HTTP/1.1\r\nhost: x\r\nx: ")
            opened.append(writer)
    await asyncio.sleep(seconds)
    for writer in opened:
        writer.close()
