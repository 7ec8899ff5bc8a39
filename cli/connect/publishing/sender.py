"""Batches over HTTP: sent in the order of the file, again while ingest is away, and answered line by line."""

import re
import time
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import httpx
import msgspec

from cli.connect.publishing.hindrance import HindranceError
from cli.connect.publishing.line import Line, LineFault
from cli.connect.service import AddressError, checked, is_here
from shared.contracts.envelope import BATCH

EVENTS = 5000
BYTES = 8_000_000
PATIENCE = 120.0
FIRST_PATIENCE = 60.0
"""Seconds to wait for an ingest that is away, and for one that has not answered yet."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 5.0
_TOKEN = re.compile(r"[!-~](?:[ -~]*[!-~])?")
_SECONDS = httpx.Timeout(60, connect=5)
Wait = Callable[[HindranceError], None]
"""Says what is waited for."""


class Sent(NamedTuple):
    """The answer to one batch: how many events were accepted, what is wrong with the others, and which lines went."""

    accepted: int
    faults: list[LineFault]
    taken: list[Line]


class _Problem(msgspec.Struct, frozen=True):
    reason: str
    path: str
    detail: str
    index: int = 0


class _Receipt(msgspec.Struct, frozen=True):
    accepted: int
    rejected: list[_Problem]


def client(url: str, token: str) -> httpx.Client:
    """A connection to ingest at ``url`` with the token of the source; raises HindranceError if one of them is none."""
    if not _TOKEN.fullmatch(token):
        raise HindranceError("token")
    try:
        address = checked(url)
    except AddressError:
        raise HindranceError("address") from None
    headers = {"authorization": f"Bearer {token}", "content-type": BATCH}
    return httpx.Client(base_url=address, headers=headers, timeout=_SECONDS, trust_env=not is_here(address))


def batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Consecutive lines, as many as fit a request."""
    batch: list[Line] = []
    size = 0
    for line in lines:
        if batch and (len(batch) == EVENTS or size + len(line.body) > BYTES):
            yield batch
            batch, size = [], 0
        batch.append(line)
        size += len(line.body) + 1
    if batch:
        yield batch


def send(http: httpx.Client, batch: list[Line], patience: float, say: Wait) -> Sent:
    """Send until answered, saying what is waited for; raises HindranceError when the answer is no or comes too late."""
    body = b"[" + b",".join(line.body for line in batch) + b"]"
    answer = _answered(http, body, time.monotonic() + patience, say)
    if answer.status_code != httpx.codes.ACCEPTED:
        raise HindranceError("refused", http.base_url, status=str(answer.status_code), said=_said(answer))
    receipt = msgspec.json.decode(answer.content, type=_Receipt)
    faults = [LineFault(batch[p.index].place, p.reason, p.path, p.detail) for p in receipt.rejected]
    refused = {p.index for p in receipt.rejected}
    return Sent(receipt.accepted, faults, [line for n, line in enumerate(batch) if n not in refused])


def _answered(http: httpx.Client, body: bytes, deadline: float, say: Wait) -> httpx.Response:
    """Repeating is harmless: events are known by id and source."""
    pause = _FIRST_PAUSE
    while True:
        problem, answer = _attempt(http, body)
        if answer is not None:
            return answer
        away = HindranceError("away", http.base_url, said=problem)
        if time.monotonic() + pause > deadline:
            raise away
        say(away)
        time.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


def _attempt(http: httpx.Client, body: bytes) -> tuple[str, httpx.Response | None]:
    try:
        answer = http.post("/v1/events", content=body)
    except httpx.TransportError as error:
        return str(error) or type(error).__name__, None
    away = answer.status_code in {httpx.codes.SERVICE_UNAVAILABLE, httpx.codes.BAD_GATEWAY}
    return _said(answer), None if away else answer


def _said(answer: httpx.Response) -> str:
    try:
        return msgspec.json.decode(answer.content, type=_Problem).detail
    except msgspec.DecodeError:
        return answer.reason_phrase
