"""The running metrics service, asked over HTTP by commands that were given no files."""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import httpx
import msgspec

from cli.stack.record import Record

HOME = Path(".stadga")
DEFAULT = "http://127.0.0.1:8802"
SECONDS = 300
"""A first question about the health of many days in a large municipality takes a minute or more."""

Answer = TypeVar("Answer")


class AskingError(Exception):
    """There is no answer; the message is one sentence that says why."""


class _Refusal(msgspec.Struct):
    """What the service says when it does not answer."""

    detail: str


def ask(path: str, question: Mapping[str, str | None], kind: type[Answer], url: str | None = None) -> Answer:
    """One GET of ``path`` on the service at ``url`` (default: the one that runs here); raises AskingError.

    Parameters that are None are left out.
    """
    url = url or running()
    here = httpx.URL(url).host in {"127.0.0.1", "localhost", "::1"}
    try:
        with httpx.Client(base_url=url, timeout=SECONDS, trust_env=not here) as http:
            answer = http.get(path, params={name: value for name, value in question.items() if value is not None})
    except (httpx.TransportError, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise AskingError(f"the metrics service does not answer at {url}: {error}; is the stack running?") from None
    if answer.status_code != httpx.codes.OK:
        raise AskingError(f"the metrics service at {url} says: {_said(answer)}")
    try:
        return msgspec.json.decode(answer.content, type=kind)
    except msgspec.MsgspecError as error:
        raise AskingError(f"the answer of {url} is not one of this version of the metrics service: {error}") from None


def running() -> str:
    """The address of the metrics service that runs here."""
    service = Record(HOME / "stack.json").read().get("metrics")
    return service.address if service else DEFAULT


def _said(answer: httpx.Response) -> str:
    try:
        return msgspec.json.decode(answer.content, type=_Refusal).detail
    except msgspec.MsgspecError:
        return f"{answer.status_code} {answer.reason_phrase}"
