"""The running services, asked over HTTP by commands; and their addresses, as somebody typed them."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

import httpx
import msgspec

from cli.connect.running import RunningFile
from shared.language.refusal import SaidError

HOME = Path(".stadga")
PORTS = {"ingest": 8801, "metrics": 8802, "alerts": 8803}
SECONDS = 300
"""A first question about the health of many days in a large municipality takes a minute or more."""

Answer = TypeVar("Answer")


class AskingError(SaidError):
    """There is no answer; the sentence says why."""


class _Refusal(msgspec.Struct):
    """What the service says when it does not answer."""

    detail: str


class At(NamedTuple):
    """A service and its address."""

    service: str
    url: str

    def call(self, request: Callable[[httpx.Client], httpx.Response], kind: type[Answer]) -> Answer:
        """The answer to one request; raises AskingError."""
        service, url = self
        try:
            address = checked(url)
            own = not is_here(address)
            with httpx.Client(base_url=address, headers=_authorization(), timeout=SECONDS, trust_env=own) as http:
                answer = request(http)
        except AddressError as error:
            raise AskingError(error.said("sv"), error.said("en")) from None
        except httpx.TransportError as error:
            raise AskingError(
                f"tjänsten {service} svarar inte på {url}: {error}; är den igång?",
                f"the {service} service does not answer at {url}: {error}; is the stack running?",
            ) from None
        if not answer.is_success:
            said = _said(answer)
            raise AskingError(
                f"tjänsten {service} på {url} säger: {said}", f"the {service} service at {url} says: {said}"
            )
        try:
            return msgspec.json.decode(answer.content, type=kind)
        except msgspec.MsgspecError as error:
            raise AskingError(
                f"svaret från {url} är inte från den här versionen av tjänsten {service}: {error}",
                f"the answer of {url} is not one of this version of the {service} service: {error}",
            ) from None

    def post(self, path: str, body: object, kind: type[Answer]) -> Answer:
        """The answer to one POST of JSON; raises AskingError."""
        headers, content = {"content-type": "application/json"}, msgspec.json.encode(body)
        return self.call(lambda http: http.post(path, content=content, headers=headers), kind)


def at(service: str, url: str | None = None) -> At:
    """A service at an address; without one, where it runs here."""
    found = RunningFile(HOME / "stack.json").read().get(service)
    return At(service, url or (found.address if found else f"http://127.0.0.1:{PORTS[service]}"))


def _said(answer: httpx.Response) -> str:
    try:
        return msgspec.json.decode(answer.content, type=_Refusal).detail
    except msgspec.MsgspecError:
        return f"{answer.status_code} {answer.reason_phrase}"


def _authorization() -> dict[str, str]:
    """The header with the token of ``STADGA_TOKEN``, if it is set; raises AskingError if it holds none."""
    token = os.environ.get("STADGA_TOKEN", "")
    if token and not (token.isascii() and token.isprintable()):
        raise AskingError(
            "STADGA_TOKEN är ingen token: en sådan har bokstäver, siffror och tecken ur ASCII, på en rad",
            "STADGA_TOKEN holds no token: one has letters, digits and signs of ASCII, on one line",
        )
    return {"authorization": f"Bearer {token}"} if token else {}


_HERE = frozenset({"127.0.0.1", "localhost", "::1"})
_PORTS = range(1, 1 << 16)


class AddressError(SaidError):
    """It is none; the sentence never quotes it, since it may hold a password."""


def checked(url: str) -> httpx.URL:
    """The address of a service; raises AddressError."""
    try:
        address = httpx.URL(url)
        known = address.scheme in {"http", "https"} and address.host.encode("idna")
    except (httpx.InvalidURL, UnicodeError):
        known = False
    if not known or address.port not in {None, *_PORTS}:
        raise AddressError(
            "--url är ingen adress till en tjänst: väntade http://VÄRD:PORT",
            "--url is no address of a service: expected http://HOST:PORT",
        )
    if address.userinfo:
        raise AddressError(
            "--url har ett namn eller ett lösenord, och det har en tjänst ingen användning för",
            "--url holds a name or a password, for which a service has no use",
        )
    return address


def is_here(address: httpx.URL) -> bool:
    """Whether it is this machine, which a proxy could not reach."""
    return address.host in _HERE


def ask(path: str, question: Mapping[str, str | None], kind: type[Answer], url: str | None = None) -> Answer:
    """One GET of ``path`` on the service at ``url`` (default: the one that runs here); raises AskingError.

    Parameters that are None are left out.
    """
    asked = {name: value for name, value in question.items() if value is not None}
    return at("metrics", url).call(lambda http: http.get(path, params=asked), kind)
