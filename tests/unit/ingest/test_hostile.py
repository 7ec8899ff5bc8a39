"""Hostile requests to the whole application: each gets an answer that the documents know."""

import asyncio

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.envelope import BATCH, STRUCTURED
from tests import builders as make
from tests.unit.ingest.asking import Kept, client

DOCUMENTED = {202, 400, 401, 403, 408, 413, 415, 422, 503}
AT_HEALTH = {200, 404, 405}
EVENT = make.encoded(make.employment_started("anna", "2024-01-01", fte=0.5, manager="b"))

kinds = st.sampled_from(
    [
        STRUCTURED,
        BATCH,
        "application/json",
        "",
        "text/csv",
        ";",
        "application/json; charset=utf-7",
        "*/*",
        "\xff",
        "a" * 9000,
    ]
)
visible = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40)
names = st.sampled_from(
    [f"ce-{name}" for name in ("id", "type", "source", "subject", "time", "specversion", "corrects", "data", "")]
) | st.sampled_from(
    ["content-encoding", "content-length-x", "expect", "x-a", "traceparent", "cookie", "accept", "accept-encoding"]
)
tokens = st.sampled_from(
    ["Bearer local", "bearer  local ", "Bearer another", "Bearer ", "Basic bG9jYWw6", "", "Bearer \xff"]
)
strange = st.sampled_from(
    [
        b"",
        b"null",
        b"NaN",
        b"[NaN]",
        b"-Infinity",
        b"1e999",
        b'"\\ud800"',
        b'{"id": "\\ud800\\ud800"}',
        b'{"data": {"fte": NaN}}',
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\x00}\x00",
        b"[" * 5000,
        b'{"a":' * 5000,
        b"[" * 500 + b"]" * 500,
        b'[{"id": "' + b"x" * 5000 + b'"}]',
        b'{"time": "9999-12-31T23:59:59-23:59"}',
        b"{}{}",
        b"[1,2",
        b'{"id":1,"id":2}',
        b"\x00" * 100,
    ]
)
fields = st.sampled_from(
    [
        *("id", "source", "type", "subject", "time", "specversion", "data", "corrects", "datacontenttype"),
        *("delivery", "deliverycount", "knownfrom"),
    ]
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
changed = st.dictionaries(fields, anything, max_size=3).map(
    lambda other: msgspec.json.encode(msgspec.json.decode(EVENT) | other)
)
damaged = st.builds(lambda at, junk: EVENT[:at] + junk + EVENT[at:], st.integers(0, len(EVENT)), st.binary(max_size=3))
single = strange | changed | damaged | st.binary(max_size=60)
bodies = single | st.lists(single, max_size=4).map(lambda parts: b"[" + b",".join(parts) + b"]")
requests = st.tuples(bodies, kinds, tokens, st.lists(st.tuples(names, visible), max_size=6))


def latin(name: str, value: str) -> tuple[bytes, bytes]:
    """A header as it stands on the wire."""
    return name.encode("latin-1"), value.encode("latin-1")


@settings(max_examples=15, deadline=None)
@given(st.lists(requests, min_size=10, max_size=40))
def test_every_request_gets_an_answer_of_the_documents(many: list[tuple[bytes, str, str, list[tuple[str, str]]]]):
    """Whatever the body, the content type, the token and the headers: never 500."""

    async def ask() -> None:
        async with client(Kept()) as http:
            for body, kind, token, more in many:
                headers = [latin("content-type", kind), latin("authorization", token), *(latin(*pair) for pair in more)]
                answer = await http.post("/v1/events", content=body, headers=headers)
                assert answer.status_code in DOCUMENTED, (answer.status_code, answer.text)

    asyncio.run(ask())


methods = st.sampled_from(["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "BREW", "POST"])
paths = st.sampled_from(
    ["/v1/events", "/v1/events/", "/v1/../healthz", "/healthz", "/readyz", "/v1", "/%00", "/%ff", "//"]
)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(methods, paths, st.binary(max_size=20)), min_size=10, max_size=40))
def test_odd_methods_and_paths(many: list[tuple[str, str, bytes]]):
    """Known routes answer, others are not found, other methods are not allowed."""

    async def ask() -> None:
        async with client(Kept()) as http:
            for method, path, body in many:
                answer = await http.request(method, path, content=body)
                assert answer.status_code in DOCUMENTED | AT_HEALTH | {204}, (method, path, answer.status_code)

    asyncio.run(ask())
