"""Hostile questions to the APIs of metrics and alerts: as their OpenAPI documents do not allow, and far from them."""

import asyncio
import contextlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from shared.contracts.catalogue import METRICS
from tests.harm.doors import DOCUMENTED, Door, each
from tests.harm.hostile import DATES, Hostile

ANSWERS = DOCUMENTED | {200, 204, 304, 504}
UNHOLDABLE = ("%00", "a%00b", "%00/1/1", "%ED%A0%80/1/1", "%FF", "9" * 30, f"topic/{2**31}/{2**63}")
"""What no name can be and no column can hold, as a path or a query says it."""
DEEP = ("[", '{"a":', '[{"a":')
DEPTHS = (900, 3_000, 100_000)
FAR = ("1900-01-01", "2200-12-31", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59")
Described = Mapping[str, Any]
"""An OpenAPI document."""


async def described(url: str) -> Described:
    """The document of a running service."""
    async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
        document: Described = (await client.get(f"{url}/schema/openapi.json")).raise_for_status().json()
    return document


async def generated(name: str, url: str, examples: int, number: int) -> Door:
    """What schemathesis generates to break the document of a service, ``examples`` for each way to ask."""
    answers, faults = Counter[str](), list[str]()
    schema = schemathesis.openapi.from_dict(dict(await described(url)))
    for operation in (found.ok() for found in schema.get_all_operations()):

        @seed(number)
        @settings(
            max_examples=examples,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
        def ask(case: schemathesis.Case) -> None:
            answer = case.call(base_url=url, timeout=120)
            answers[str(answer.status_code)] += 1
            if answer.status_code not in ANSWERS:
                faults.append(f"{case.method} {case.formatted_path}: {answer.status_code}")

        with contextlib.suppress(Unsatisfiable):  # a way to ask without parameters has nothing to break
            await asyncio.to_thread(ask)
    return Door(f"{name}, by schemathesis", sum(answers.values()), answers, tuple(faults))


async def hostile(name: str, url: str, made: Hostile, inputs: int) -> Door:
    """Questions with any parameter changed."""
    answers, faults = Counter[str](), list[str]()
    document = await described(url)
    ways = [(path, known["get"].get("parameters", [])) for path, known in document["paths"].items() if "get" in known]

    async def send(client: httpx.AsyncClient, _number: int) -> None:
        path, parameters = made.chance.choice(ways)
        queried = [p for p in parameters if p["in"] == "query"]
        broken = {p["name"] for p in made.chance.sample(queried, min(len(queried), made.chance.choice((0, 1, 1, 2))))}
        asked = [
            (p["name"], made.text() if p["name"] in broken else _sound(p, made))
            for p in queried
            if p.get("required") or p["name"] in broken or made.chance.random() < 0.4
        ]
        answer = await client.get(url + _filled(path, made), params=asked)
        answers[str(answer.status_code)] += 1
        if answer.status_code not in ANSWERS:
            faults.append(f"{path} {asked}: {answer.status_code}")

    await each(range(inputs), send)
    return Door(f"{name}, questions", inputs, answers, tuple(faults))


async def unholdable(name: str, url: str) -> Door:
    """Every way to ask and to order, with what PostgreSQL cannot hold in every text, and bodies without bottom."""
    answers, faults = Counter[str](), list[str]()
    document = await described(url)
    ways = [
        (method, path, way)
        for path, known in document["paths"].items()
        for method, way in known.items()
        if method in {"get", "post"}
    ]

    async def send(client: httpx.AsyncClient, asked: tuple[str, str, bytes]) -> None:
        method, target, body = asked
        answer = await client.request(method, url + target, content=body, headers={"content-type": "application/json"})
        answers[str(answer.status_code)] += 1
        if answer.status_code not in ANSWERS:
            faults.append(f"{method} {target} {body[:100]!r}: {answer.status_code}")

    asked = [one for method, path, way in ways for one in _unholdable(method, path, way, document)]
    await each(asked, send)
    return Door(f"{name}, unholdable", len(asked), answers, tuple(faults))


def _unholdable(method: str, path: str, way: Described, document: Described) -> Iterator[tuple[str, str, bytes]]:
    body = way.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    told = json.dumps(_nul(body, document)).encode() if body else b""
    queried = [one["name"] for one in way.get("parameters", ()) if one["in"] == "query"]
    for word in UNHOLDABLE:
        filled = re.sub(r"\{[^}]*\}", lambda _, word=word: word.partition("/")[0], path)
        yield method, filled + "".join(f"?{name}={word}" for name in queried[:1]), told
        yield from ((method, f"{path}?{name}={word}", told) for name in queried)
    if body:
        plain = re.sub(r"\{[^}]*\}", "x", path)
        yield method, plain, told
        yield from ((method, plain, (levels * depth).encode()) for levels in DEEP for depth in DEPTHS)


def _nul(kind: Described, document: Described) -> object:
    """The smallest value of a schema, every text of which is NUL."""
    if "$ref" in kind:
        return _nul(document["components"]["schemas"][kind["$ref"].rpartition("/")[2]], document)
    if options := kind.get("oneOf", kind.get("anyOf")):
        return _nul(next(one for one in options if one.get("type") != "null"), document)
    if kind.get("type") == "object":
        return {name: _nul(value, document) for name, value in kind.get("properties", {}).items()}
    if kind.get("type") == "array":
        return [_nul(kind["items"], document)]
    return "\0" if kind.get("type") == "string" else 1


def _filled(path: str, made: Hostile) -> str:
    while "{" in path:
        before, _, rest = path.partition("{")
        path = before + "".join(c for c in made.text() if c.isalnum()) + "x" + rest.partition("}")[2]
    return path


def _sound(parameter: Mapping[str, Any], made: Hostile) -> str:
    """A value of the right form, often an expensive or a far one."""
    name, kind = parameter["name"], parameter.get("schema", {})
    if name in {"unit", "plan", "target"}:
        return made.chance.choice(("*", *made.units))
    if name in {"metric", "metrics"}:
        return made.chance.choice(METRICS).name
    if known := [str(one) for one in _choices(kind)]:
        return made.chance.choice(known)
    if "date" in str(kind):
        return made.chance.choice((*DATES, *FAR, "2025-06-30", "2024-01-01"))
    return str(made.chance.choice((0, 1, 30, 365, 2025, -1, 10**9, 2**63)))


def _choices(kind: Mapping[str, Any]) -> Sequence[object]:
    if "enum" in kind:
        return list(kind["enum"])
    return [one for part in kind.get("oneOf", kind.get("anyOf", ())) for one in _choices(part)]
