"""Hostile inputs made from valid events: what broken, careless and malicious systems send. A seed makes them again."""

import random
import string
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import msgspec

from cli.simulation.log import simulate
from shared.contracts import envelope

Event = dict[str, Any]
Header = tuple[str, bytes]
Message = tuple[bytes | None, tuple[Header, ...]]
"""A Kafka message as far as ingest reads it: value and headers."""

SPECIAL = "*|/\\:;,.\"'`<>[]{}()=+-@#%&\x00\x1f\x7f\n\r\t  \u00a0\u200b\u200d\u202e\u2066\u2028\ufeff\ufffe１２٣٤åÄ🦊"
HUGE = (2**31, 2**53 + 1, 2**63, 10**30, -1, -(2**63), 1e308, -1e308, 5e-324)
WORDS = ("", " ", "*", "null", "[/x]", "=1+1", "../../etc", "p_", "person/", "unit/*", "measure/", "\ud7ff", "0" * 501)
DATES = ("0000-00-00", "0001-01-01", "1899-12-31", "1900-01-01", "2200-12-31", "2201-01-01", "9999-12-31", "2024-02-30")
IDENTITIES = (
    "198507099805",
    "850709-9805",
    "850709+9805",
    "1985 0709 9805",
    "8507099805",
    "１９８５０７０９９８０５",
    "19850769-9802",
)
NUMBERS = ("NaN", "Infinity", "-Infinity", "1e999", "01", "-0", "1" * 400)


def valid(seed: int, count: int) -> list[Event]:
    """Events of a simulated municipality."""
    log = simulate(seed, 400, 20, first=date(2024, 1, 1), last=date(2025, 12, 31), hostility=1)
    return [msgspec.json.decode(envelope.encode(event)) for event, _ in zip(log, range(count), strict=False)]


class Hostile:
    """An endless source of hostile inputs; each event has an id of its own where it has one at all."""

    def __init__(self, seed: int, samples: Sequence[Event]) -> None:
        """``samples`` are valid events to start from."""
        self.chance = random.Random(seed)  # noqa: S311  (a seed makes the same inputs each time)
        self.units = sorted({str(event["data"]["unit"]) for event in samples if "unit" in (event.get("data") or {})})
        self._samples = samples
        self._made = 0
        self._kinds: tuple[tuple[int, Callable[[Event], bytes]], ...] = (
            (10, self._as_it_is),
            (50, self._a_value_replaced),
            (8, self._a_name_changed),
            (6, self._data_of_another),
            (10, self._bytes_changed),
            (6, self._number_of_text),
            (5, self._cut),
            (3, self._garbage),
            (1, self._deep),
            (1, self._large),
        )

    def body(self) -> bytes:
        """One message of any kind."""
        makers, weights = [make for _, make in self._kinds], [weight for weight, _ in self._kinds]
        return self.chance.choices(makers, weights)[0](self._fresh())

    def element(self) -> bytes:
        """One message that is JSON, as an element of a batch must be for the batch to be read."""
        return self.chance.choices((self._as_it_is, self._a_value_replaced, self._a_name_changed), (1, 8, 2))[0](
            self._fresh()
        )

    def message(self) -> Message:
        """A message with headers: structured, binary or nonsense; sometimes a tombstone."""
        if self.chance.random() < 0.005:
            return None, ()
        if self.chance.random() < 0.7:
            return self.body(), ()
        event = self._fresh()
        attributes = [(f"ce_{name}", str(value).encode()) for name, value in event.items() if name != "data"]
        headers = [("content-type", b"application/json"), *attributes]
        for _ in range(self.chance.randrange(4)):
            headers.insert(self.chance.randrange(len(headers) + 1), self._header())
        return self.chance.choice((msgspec.json.encode(event.get("data")), self.body())), tuple(headers)

    def text(self) -> str:
        """A text nobody expects."""
        pick = self.chance.randrange(6)
        if pick == 0:
            return self.chance.choice(WORDS)
        if pick == 1:
            return self.chance.choice(IDENTITIES)
        if pick == 2:
            return self.chance.choice(DATES)
        alphabet = SPECIAL if pick == 3 else string.printable
        return "".join(self.chance.choices(alphabet, k=self.chance.randrange(1, 24)))

    def value(self) -> object:
        """A value nobody expects."""
        pick = self.chance.randrange(8)
        if pick == 0:
            return self.chance.choice((None, True, False, [], {}, [[]], {"a": {}}))
        if pick == 1:
            return self.chance.choice(HUGE)
        if pick == 2:
            return self.chance.uniform(-1e6, 1e6)
        return self.text()

    def _header(self) -> Header:
        name = self.chance.choice(
            ("content-type", "ce_id", "ce_type", "ce_" + self.text()[:8], self.text()[:8], "ce_data")
        )
        return name, self.chance.choice(
            (self.text().encode("utf-8", "replace"), self.chance.randbytes(9), b"x" * 70_000)
        )

    def _fresh(self) -> Event:
        self._made += 1
        event = self.chance.choice(self._samples)
        return {**event, "id": f"harm-{self._made}", "data": dict(event.get("data") or {})}

    def _as_it_is(self, event: Event) -> bytes:
        return msgspec.json.encode(event)

    def _a_value_replaced(self, event: Event) -> bytes:
        for _ in range(self.chance.choice((1, 1, 1, 2, 5))):
            inside = event["data"] if isinstance(event.get("data"), dict) and self.chance.random() < 0.7 else event
            if inside:
                inside[self.chance.choice(list(inside))] = self.value()
        return msgspec.json.encode(event)

    def _a_name_changed(self, event: Event) -> bytes:
        inside = self.chance.choice((event, event["data"]))
        if inside:
            name = self.chance.choice(list(inside))
            value = inside.pop(name)
            if self.chance.random() < 0.5:
                inside[self.text()] = value
        return msgspec.json.encode(event)

    def _data_of_another(self, event: Event) -> bytes:
        return msgspec.json.encode({**event, "data": self.chance.choice(self._samples).get("data", {})})

    def _bytes_changed(self, event: Event) -> bytes:
        body = bytearray(msgspec.json.encode(event))
        for _ in range(self.chance.randrange(1, 6)):
            body[self.chance.randrange(len(body))] = self.chance.randrange(256)
        return bytes(body)

    def _number_of_text(self, event: Event) -> bytes:
        body = msgspec.json.encode({**event, self.chance.choice(("time", "effective", "id")): "@@"})
        return body.replace(b'"@@"', self.chance.choice(NUMBERS).encode())

    def _cut(self, event: Event) -> bytes:
        body = msgspec.json.encode(event)
        return body[: self.chance.randrange(len(body))]

    def _garbage(self, _event: Event) -> bytes:
        return self.chance.randbytes(self.chance.randrange(200))

    def _deep(self, event: Event) -> bytes:
        depth = self.chance.randrange(10, 5_000)
        return msgspec.json.encode(event)[:-1] + b',"x":' + b"[" * depth + b"]" * depth + b"}"

    def _large(self, event: Event) -> bytes:
        size = self.chance.choice((1_000, 30_000, 30_000, 120_000))
        return msgspec.json.encode({**event, "x": "y" * size})
