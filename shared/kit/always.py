"""Which fields an answer always has: those with a default too, where the struct does not leave defaults out."""

from collections.abc import Iterator
from typing import Any

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from msgspec import inspect

Json = dict[str, Any]
Structs = set[type[msgspec.Struct]]


def always(app: Litestar, document: Json) -> Json:
    """The OpenAPI document of an application, with such fields marked as required."""
    answered, asked = Structs(), Structs()
    for handler in _handlers(app):
        _add(answered, handler.parsed_fn_signature.return_type.annotation)
        data = handler.parsed_fn_signature.parameters.get("data")
        _add(asked, data.annotation if data else None)
    schemas = document["components"]["schemas"]
    for struct in answered - asked:
        if struct.__name__ in schemas and not struct.__struct_config__.omit_defaults:
            schemas[struct.__name__]["required"] = [f.encode_name for f in msgspec.structs.fields(struct)]
    return document


def _handlers(app: Litestar) -> Iterator[HTTPRouteHandler]:
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            yield from route.route_handlers


def _add(found: Structs, annotation: object) -> None:
    try:
        found |= set(_structs(inspect.type_info(annotation)))
    except TypeError:  # of a response, a stream and the like msgspec knows nothing
        return


def _structs(info: inspect.Type) -> Iterator[type[msgspec.Struct]]:
    """The structs that a type is made of; each is looked into once, so that one that holds itself ends."""
    waiting, seen = [info], Structs()
    while waiting:
        one = waiting.pop()
        if isinstance(one, inspect.StructType):
            if one.cls in seen:
                continue
            seen.add(one.cls)
            waiting += [field.type for field in one.fields]
        waiting += [part for part in _parts(one) if isinstance(part, inspect.Type)]
    yield from seen


def _parts(info: inspect.Type) -> Iterator[object]:
    for name in ("type", "item_type", "key_type", "value_type"):
        yield getattr(info, name, None)
    for name in ("types", "item_types"):
        yield from getattr(info, name, ())
