"""Refusals have one shape, whoever refuses, and tell of all that is wrong at once."""

from typing import Annotated, Any, Literal, NoReturn

import msgspec
import pytest
from litestar import get, post
from litestar.di import NamedDependency, Provide
from litestar.exceptions import (
    NotAuthorizedException,
    PermissionDeniedException,
    ServiceUnavailableException,
    TooManyRequestsException,
)
from litestar.params import FromPath, HeaderParameter, JSONBody, QueryParameter

from shared.access.needs import NEED, OPEN
from shared.contracts.problems import KINDS, MEDIA_TYPE, MOST, Fault, Problem, nearest, problem, unknown
from shared.kit.problems import all_of, missing, refuse
from tests.unit.shared.test_door import House


class Order(msgspec.Struct):
    """A body with fields that may be wrong each by itself."""

    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    copies: int
    day: str = "today"


@get("/v1/steps", opt={NEED: OPEN}, sync_to_thread=False)
def steps(
    step: Annotated[Literal["day", "week"], QueryParameter(name="by")],
    most: Annotated[int, QueryParameter(ge=1, description="how many")],
) -> str:
    """A question with two parameters that must be there."""
    return step * most


@get(
    "/v1/own", opt={NEED: OPEN}, dependencies={"sight": Provide(lambda: 1, sync_to_thread=False)}, sync_to_thread=False
)
def own(
    sight: NamedDependency[int],
    most: Annotated[int, QueryParameter(description="how many")],
    key: Annotated[str, HeaderParameter(name="Idempotency-Key", max_length=3)] = "",
) -> str:
    """A question whose handler gets something that nobody sends."""
    return key * most * sight


@post("/v1/orders", opt={NEED: OPEN}, sync_to_thread=False)
def order(data: JSONBody[Order]) -> str:
    """An order."""
    return data.sha256


@get("/v1/raise/{what:str}", opt={NEED: OPEN}, sync_to_thread=False)
def raising(what: FromPath[str]) -> NoReturn:
    """A handler that refuses, each in its way."""
    match what:
        case "anonymous":
            raise NotAuthorizedException("send a token")
        case "forbidden":
            raise PermissionDeniedException("not yours")
        case "often":
            raise TooManyRequestsException("wait", headers={"Retry-After": "9"})
        case "away":
            raise ServiceUnavailableException("the database is away", headers={"Retry-After": "3"})
        case "unit":
            missing("query.unit", "no unit 'nrth'", "nrth", ["north", "south"])
        case _:
            all_of(lambda: refuse(Fault(reason="a", path="$", detail="x")), lambda: refuse(*_TWO), lambda: None)
            raise AssertionError


_TWO = (Fault(reason="a", path="$", detail="x"), Fault(reason="b", path="$.y", detail="z"))


async def refused(method: str, path: str, content: str = "", **headers: str) -> tuple[Problem, Any]:
    """The problem that is answered, which says its status itself, and the headers beside it."""
    answer = await House(handlers=[steps, own, order, raising]).send(method, path, headers=headers, content=content)
    assert answer.headers["content-type"] == MEDIA_TYPE
    found = msgspec.json.decode(answer.content, type=Problem, strict=True)
    assert (found.status, found.title) == (answer.status_code, KINDS[answer.status_code].title)
    assert found.faults
    assert (found.reason, found.path) == (found.faults[0].reason, found.faults[0].path)
    return found, answer.headers


@pytest.mark.parametrize(
    ("path", "faults"),
    [
        ("/v1/steps", {("missing_field", "query.by"), ("missing_field", "query.most")}),
        ("/v1/steps?by=days&most=x", {("invalid_value", "query.by"), ("invalid_value", "query.most")}),
        ("/v1/steps?by=day&most=0", {("invalid_value", "query.most")}),
    ],
)
async def test_all_that_is_wrong_with_parameters(path: str, faults: set[tuple[str, str]]) -> None:
    """Absent, of another kind, out of range: each under the name that the asker knows."""
    found, _ = await refused("GET", path)
    assert {(fault.reason, fault.path) for fault in found.faults} == faults
    assert all(fault.detail in found.detail for fault in found.faults)


@pytest.mark.parametrize(
    ("path", "key", "faults"),
    [
        ("/v1/own", "", {("missing_field", "query.most")}),
        ("/v1/own?most=1", "long", {("invalid_value", "header.Idempotency-Key")}),
    ],
)
async def test_only_what_the_asker_sends_is_named(path: str, key: str, faults: set[tuple[str, str]]) -> None:
    """And where it is sent: nobody can send what the service gives to its handlers."""
    found, _ = await refused("GET", path, **{"idempotency-key": key})
    assert {(fault.reason, fault.path) for fault in found.faults} == faults


async def test_words_that_may_stand_there() -> None:
    """They are listed, with the nearest."""
    found, _ = await refused("GET", "/v1/steps?by=days&most=1")
    assert (found.allowed, found.nearest) == (("day", "week"), "day")


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ("{}", {("missing_field", "$.sha256"), ("missing_field", "$.copies")}),
        ('{"sha256": 1, "copies": "a", "day": 2}', {("wrong_type", f"$.{one}") for one in ("sha256", "copies", "day")}),
        ('{"sha256": "a"}', {("invalid_value", "$.sha256"), ("missing_field", "$.copies")}),
        ("{", {("invalid_value", "$")}),
        ("[" * 5_000, {("invalid_value", "$")}),
    ],
)
async def test_all_that_is_wrong_with_a_body(body: str, faults: set[tuple[str, str]]) -> None:
    """Every field at fault, not only the first; of what is no JSON, that it is none."""
    found, _ = await refused("POST", "/v1/orders", body)
    assert {(fault.reason, fault.path) for fault in found.faults} == faults


@pytest.mark.parametrize(
    ("method", "path", "status", "reason"),
    [
        ("GET", "/v1/nothing", 404, "not_found"),
        ("PUT", "/v1/orders", 405, "method_not_allowed"),
        ("GET", "/v1/raise/anonymous", 401, "no_token"),
        ("GET", "/v1/raise/forbidden", 403, "not_allowed"),
        ("GET", "/v1/raise/often", 429, "too_many_requests"),
        ("GET", "/v1/raise/away", 503, "unavailable"),
        ("GET", "/v1/raise/unit", 404, "not_found"),
        ("POST", "/v1/raise/x", 405, "method_not_allowed"),
    ],
)
async def test_every_refusal_has_the_shape(method: str, path: str, status: int, reason: str) -> None:
    """Of handlers, of guards and of Litestar itself."""
    found, _ = await refused(method, path)
    assert (found.status, found.reason) == (status, reason)


async def test_headers_go_along() -> None:
    """When to ask again, and what to send."""
    assert (await refused("GET", "/v1/raise/away"))[1]["retry-after"] == "3"
    assert (await refused("GET", "/v1/raise/anonymous"))[1]["www-authenticate"] == "Bearer"


async def test_refusals_of_the_door_have_the_shape() -> None:
    """A stranger's host, and a request whose end is not sure."""
    assert (await refused("GET", "/healthz", host="evil.example"))[0].reason == "unknown_host"
    found, _ = await refused("GET", "/healthz", **{"content-length": "0", "transfer-encoding": "chunked"})
    assert found.status == 400


async def test_a_name_that_nobody_knows() -> None:
    """The nearest is told, and the others are not: who asks may not know them."""
    found, _ = await refused("GET", "/v1/raise/unit")
    assert (found.nearest, found.allowed) == ("north", ())


async def test_faults_of_several_reads_are_told_once() -> None:
    """Together, in their order."""
    found, _ = await refused("GET", "/v1/raise/all")
    assert found.faults == _TWO


def test_faults_and_words_are_bounded() -> None:
    """However much is wrong, however long a word is, the answer stays small and quick to make."""
    many = [Fault(reason="a", path="$", detail="x")] * (MOST * 3)
    assert len(problem(400, many).faults) == MOST
    assert nearest("x" * 100_000, ["x" * 100_000]) is None
    assert unknown("$", "no", "a", map(str, range(MOST + 1))).allowed == ()
