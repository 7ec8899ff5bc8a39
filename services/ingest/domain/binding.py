"""Modes of CloudEvents: which one a message is in, by its headers (HTTP and Kafka protocol bindings 1.0.2)."""

from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from services.ingest.domain.outcome import Attributes, Incoming
from services.ingest.domain.refusal import RefusalError, explained
from shared.contracts.envelope import ATTRIBUTES, BATCH, STRUCTURED

JSON = "application/json"
HTTP_PREFIX = "ce-"
KAFKA_PREFIX = "ce_"
_CONTENT_TYPE = "content-type"


def media_type(content_type: str) -> str:
    """The type alone, in lower case, without parameters such as the character set."""
    return content_type.partition(";")[0].strip().lower()


def is_batch(headers: Mapping[str, str]) -> bool:
    """Whether a request carries a JSON array of events."""
    return media_type(headers.get(_CONTENT_TYPE, "")) == BATCH


def from_http(headers: Mapping[str, str], body: bytes) -> Incoming:
    """A single event of a request; raises RefusalError if the content type is none of ours."""
    kind = headers.get(_CONTENT_TYPE, "")
    if media_type(kind) == STRUCTURED:
        return Incoming(body)
    attributes = _attributes(((name, unquote(value)) for name, value in headers.items()), HTTP_PREFIX, kind)
    if not attributes:
        said = "another content type" if kind else "no content type"
        raise RefusalError("wrong_content_type", "$", f"{said}: send {STRUCTURED}, {BATCH}, or ce- headers")
    return Incoming(body, attributes)


def from_kafka(headers: Iterable[tuple[str, bytes]], body: bytes | None) -> Incoming:
    """The event of a Kafka message; without ``ce_`` headers it is in structured mode."""
    texts = [(name.lower(), _text(name, value)) for name, value in headers if value is not None]
    kind = dict(texts).get(_CONTENT_TYPE, "")
    attributes = _attributes(texts, KAFKA_PREFIX, kind)
    if not attributes and media_type(kind) not in {"", STRUCTURED, JSON}:
        raise RefusalError("wrong_content_type", "$", f"another content type: send {STRUCTURED}, or ce_ headers")
    return Incoming(body, attributes or None)


def tenant(headers: Iterable[tuple[str, bytes]]) -> str | None:
    """What the headers of a Kafka message say of whose it is, also beside one that cannot be read."""
    told = {name.lower(): value for name, value in headers}.get(f"{KAFKA_PREFIX}tenant")
    return None if told is None else told.decode(errors="replace")


def _text(name: str, value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        if name.lower().startswith(KAFKA_PREFIX):
            attribute = name.lower().removeprefix(KAFKA_PREFIX)
            raise explained(error, f"$.{attribute}" if attribute in ATTRIBUTES else "$") from None
        return ""


def _attributes(headers: Iterable[tuple[str, str]], prefix: str, content_type: str) -> Attributes:
    """The attributes named by headers; the content type describes the data and so becomes ``datacontenttype``."""
    found = {name[len(prefix) :]: value for name, value in headers if name.startswith(prefix)}
    return found | {"datacontenttype": content_type} if found and content_type else found
