"""The running alerts service, asked and ordered over HTTP."""

from collections.abc import Mapping
from typing import TypeVar

import httpx
import msgspec

from cli.metrics_service import HOME, AskingError
from cli.stack.record import Record

DEFAULT = "http://127.0.0.1:8803"
SECONDS = 60

Answer = TypeVar("Answer")


class Adopted(msgspec.Struct):
    """The version of a plan that runs."""

    plan: str
    version: int


class Mail(msgspec.Struct):
    """A mail and what became of it."""

    id: str
    state: str
    reason: str
    recipient: str
    plan: str | None
    unit: str | None
    attempts: int
    last_error: str | None
    created: str


class Mails(msgspec.Struct):
    """Mails in one state."""

    mails: list[Mail]


class Retried(msgspec.Struct):
    """How many mails wait to be sent again."""

    mails: int


def ask(path: str, question: Mapping[str, str], kind: type[Answer], url: str | None) -> Answer:
    """One GET; raises AskingError."""
    return _answer(httpx.Request("GET", f"{url or running()}{path}", params=question), kind)


def order(path: str, body: object, kind: type[Answer], url: str | None) -> Answer:
    """One POST of JSON; raises AskingError."""
    headers = {"content-type": "application/json"}
    content = msgspec.json.encode(body)
    return _answer(httpx.Request("POST", f"{url or running()}{path}", content=content, headers=headers), kind)


def running() -> str:
    """The address of the alerts service that runs here."""
    service = Record(HOME / "stack.json").read().get("alerts")
    return service.address if service else DEFAULT


def _answer(request: httpx.Request, kind: type[Answer]) -> Answer:
    here = request.url.host in {"127.0.0.1", "localhost", "::1"}
    try:
        with httpx.Client(timeout=SECONDS, trust_env=not here) as http:
            answer = http.send(request)
    except (httpx.TransportError, httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        said = f"the alerts service does not answer at {request.url.netloc.decode()}: {error}; is the stack running?"
        raise AskingError(said) from None
    try:
        if answer.status_code != httpx.codes.OK:
            raise AskingError(f"the alerts service says: {msgspec.json.decode(answer.content)['detail']}")
        return msgspec.json.decode(answer.content, type=kind)
    except (msgspec.MsgspecError, KeyError, TypeError):
        raise AskingError(f"the alerts service answers with {answer.status_code}, not as this version does") from None
