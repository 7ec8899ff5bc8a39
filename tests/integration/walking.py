"""Every route of every service asked, and what can be read anywhere: answers, topics, mails, tables and logs."""

import random
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import msgspec

from cli.local.stack import Stack
from shared.contracts.rejections import Rejection
from shared.contracts.topics import HR_ORIGINALS
from tests.integration.neighbours import OCCUPATION, TODAY, UNIT, everything
from tests.unit.shared.test_who_may_what import EXPECTED

Question = tuple[str, str, dict[str, str]]
"""Method, path and query."""
Words = Mapping[str, Sequence[str]]
"""What may stand in the place of each name in a path or a query."""
BODY: dict[str, object] = {"by": "someone", "text": "x", "places": [], "until": TODAY}
NOT_HERE = {"GET /signin", "GET /signin/callback", "POST /signin/ended", "POST /signout"}
"""Nobody signs in: there is no identity provider."""
ASKED_FIRST = ("unit", "metric", "metrics", "from", "to", "year", "posts")
"""What most routes cannot do without: the first question of each has it."""
WORDS: Words = {
    "unit": [UNIT, "*"],
    "plan": ["plan"],
    "target": ["cases"],
    "metric": ["caseload", "headcount"],
    "metrics": ["caseload", "headcount,caseload", "headcount"],
    "occupation": [OCCUPATION, "*"],
    "by": ["occupation", "gender", "gender,age"],
    "as_of": [TODAY, "2026-05-20"],
    "from": ["2026-01-01", "2026-06-01"],
    "to": [TODAY],
    "known_at": [TODAY],
    "window": ["365", "step"],
    "step": ["month", "day"],
    "ahead": ["30"],
    "year": ["2026", "2025"],
    "posts": ["10"],
    "recipient": ["hr"],
    "measure": ["m"],
    "partition": ["0", "3"],
    "offset": ["0", "1"],
    "path": ["openapi.json"],
    "rest": ["nowhere"],
    "kind": ["restated"],
    "reason": ["other_tenant"],
    "state": ["sent"],
    "most": ["10"],
    "limit": ["10"],
}


def routes(service: str) -> list[str]:
    """Every route of a service that there is something to ask of."""
    return sorted(EXPECTED[service].keys() - NOT_HERE)


def questions(
    service: str, chance: random.Random, topic: Callable[[], str], words: Words = WORDS, turns: int = 5
) -> Iterator[Question]:
    """Every route of a service, some ways to ask it each; a path with a word that nobody knows raises KeyError."""
    for route in routes(service):
        method, path = route.split(" ")
        for turn in range(turns if method == "GET" else 2):
            known = {**words, "topic": [topic()]}
            filled = re.sub(r"\{(\w+)\}", lambda m, w=known: quote(chance.choice(w[m[1]]), safe=""), path)
            asked = {name: chance.choice(known[name]) for name in chance.sample(sorted(words), chance.randrange(8))}
            asked |= {name: words[name][0] for name in ASKED_FIRST}
            yield method, filled, {name: asked[name] for name in asked if chance.random() < 0.7} if turn else asked


def is_of(path: str, route: str) -> bool:
    """Whether a path, or a route with its names, is of a route."""
    return re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(route)), path) is not None


def mails(folder: Path) -> list[EmailMessage]:
    """What a mailbox got, in order."""
    found = (message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(folder.glob("*.eml")))
    return list(found)


def read(mail: EmailMessage) -> bytes:
    """A mail as its reader has it: headers and all texts, decoded."""
    parts = [str(part.get_content()) for part in mail.walk() if part.get_content_maintype() == "text"]
    return "\n".join((*map(str, mail.values()), *parts)).encode()


async def on_topic(servers: str, topic: str, but: frozenset[tuple[int, int]] = frozenset()) -> AsyncIterator[bytes]:
    """Every message of a topic with all that belongs to it, but for those at some places."""
    for record in await everything(servers, topic):
        if (record.partition, record.offset) not in but:
            original = _original(record.value) if topic.endswith(HR_ORIGINALS.name) else b""
            headers = repr(record.headers).encode()
            yield b"\n".join((record.key or b"", record.value or b"", headers, original))


def _original(value: bytes) -> bytes:
    return msgspec.json.decode(value, type=Rejection).original


def logs(stack: Stack, parts: Sequence[str] = ("ingest", "metrics", "alerts")) -> Iterator[tuple[str, bytes]]:
    """What each part of a stack said."""
    for part in parts:
        yield part, stack.log(part).read_bytes()
