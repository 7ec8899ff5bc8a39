"""Refusals on their way out: whatever a handler or Litestar itself raises becomes the one shape of a problem."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any, Literal, NoReturn, get_args, get_origin

import msgspec
from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    LitestarException,
    NotFoundException,
    SerializationException,
    ValidationException,
)
from litestar.params import HeaderParameter, ParameterKwarg, QueryParameter
from litestar.typing import FieldDefinition

from shared.contracts.problems import LONGEST_WORD, MEDIA_TYPE, WHOLE, Fault, Problem, faults, problem, simple, unknown

_MISSING = re.compile(r"Missing required (?P<where>query|header|path|cookie) parameter '(?P<name>[^']+)'")
_OURS = "the service is at fault, and its log says why"
BODY = "stadga.body"
"""Where a request keeps what its body says."""


def refuse(*found: Fault) -> NoReturn:
    """Raise what is answered by 400 with all of the faults."""
    raise ValidationException("; ".join(fault.detail for fault in found), extra=list(found))


def all_of(*reads: Callable[[], object]) -> None:
    """Read everything that a question says, and refuse it for all that is wrong with it, not only for the first."""
    found: list[Fault] = []
    for read in reads:
        try:
            read()
        except ValidationException as error:
            told = error.extra if isinstance(error.extra, list) else []
            found += told or [Fault(reason="invalid_value", path=WHOLE, detail=error.detail)]
    if found:
        refuse(*dict.fromkeys(found))


def missing(path: str, detail: str, word: str, known: Iterable[str], said: str | None = None) -> NoReturn:
    """Raise what is answered by 404: a name that nobody knows, with the one most like it, and without the others.

    ``said`` takes the place of ``detail`` and the nearest.
    """
    found = unknown(path, detail, word, known, "not_found")
    fault = Fault(reason=found.reason, path=path, detail=said or found.detail, nearest=found.nearest)
    raise NotFoundException(fault.detail, extra=[fault])


def faulty(found: Problem, headers: Mapping[str, str] | None = None) -> Response[Problem]:
    """The answer that says so."""
    return Response(found, status_code=found.status, media_type=MEDIA_TYPE, headers=headers)


def answered_with(request: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    """The answer to a request that ended with an error; of a fault of the service it says nothing."""
    if isinstance(error, SerializationException):
        return faulty(simple(HTTPStatus.BAD_REQUEST, error.detail))
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.INTERNAL_SERVER_ERROR
    if status == HTTPStatus.INTERNAL_SERVER_ERROR or not isinstance(error, LitestarException):
        return faulty(simple(status, _OURS))
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    if status == HTTPStatus.UNAUTHORIZED:
        headers.setdefault("WWW-Authenticate", "Bearer")
    found = list(_faults(request, error))
    return faulty(problem(status, found) if found else simple(status, error.detail), headers)


def _faults(request: Request[Any, Any, Any], error: LitestarException) -> Iterator[Fault]:
    """Those that came with the error: our own, or what Litestar found wrong with parameters and body."""
    if lacking := _MISSING.match(error.detail):
        yield from _all_missing(request, lacking["where"], lacking["name"])
    told = getattr(error, "extra", None)
    for one in told if isinstance(told, list) else []:
        if isinstance(one, Fault):
            yield one
        elif isinstance(one, Mapping) and "message" in one:
            yield from _of_litestar(request, one)


def _all_missing(request: Request[Any, Any, Any], where: str, first: str) -> Iterator[Fault]:
    """Litestar stops at the first parameter that must be there."""
    asked = {name for name, field in _queried(request).items() if field.is_required}
    names = sorted(asked - set(request.query_params)) if where == "query" else [first]
    yield from (Fault(reason="missing_field", path=f"{where}.{name}", detail=f"{name} is missing") for name in names)


def _of_litestar(request: Request[Any, Any, Any], told: Mapping[str, Any]) -> Iterator[Fault]:
    key, said = str(told.get("key", "")), str(told["message"])
    if "source" in told and str(getattr(told["source"], "value", told["source"])) == "body":
        yield from _of_body(request, key, said)
        return
    where, name = _place(request, key)
    path, words = f"{where}.{name}" if name else WHOLE, tuple(_words(_queried(request).get(name)))
    if words:
        word = str(request.query_params.get(name, ""))[:LONGEST_WORD]
        yield unknown(path, f"{name}={word!r}: expected one of {', '.join(words)}", word, words)
    else:
        yield Fault(reason="invalid_value", path=path, detail=f"{name}: {said}" if name else said)


def _of_body(request: Request[Any, Any, Any], key: str, said: str) -> Iterator[Fault]:
    """Every field of the body that is at fault, where it is an object; else what was said of it."""
    body, field = request.scope.get(BODY), request.route_handler.parsed_fn_signature.parameters.get("data")
    if field and isinstance(body, Mapping) and field.is_subclass_of(msgspec.Struct):
        found = list(faults(field.annotation, body))
    else:
        found = []
    yield from found or [Fault(reason="invalid_value", path=f"{WHOLE}.{key}".removesuffix(".data"), detail=said)]


def _place(request: Request[Any, Any, Any], key: str) -> tuple[str, str]:
    """Where a parameter of the handler stands in the request, and the name that the asker knows it by."""
    if key in request.path_params:
        return "path", key
    for where, kind in (("query", QueryParameter), ("header", HeaderParameter)):
        for name, field in _given(request, kind).items():
            if key in {name, field.name}:
                return where, name
    return "query", key


def _queried(request: Request[Any, Any, Any]) -> dict[str, FieldDefinition]:
    """The parameters of the query, by the names that the asker knows them by."""
    return _given(request, QueryParameter)


def _given(request: Request[Any, Any, Any], kind: type[ParameterKwarg]) -> dict[str, FieldDefinition]:
    """The parameters that are declared to be of a kind; what is only provided to a handler is of none."""
    handler = request.scope.get("route_handler")
    fields = handler.parsed_fn_signature.parameters.values() if handler else ()
    return {of.name or field.name: field for field in fields if isinstance(of := field.kwarg_definition, kind)}


def _words(field: FieldDefinition | None) -> Iterator[str]:
    """The words that a parameter may be, if it is one of some words."""

    def literals(annotation: Any) -> Iterator[str]:  # noqa: ANN401  (any type at all)
        if get_origin(annotation) is Literal:
            yield from map(str, get_args(annotation))
        else:
            for part in get_args(annotation):
                yield from literals(part)

    yield from literals(field.annotation) if field else ()
