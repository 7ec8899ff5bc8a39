"""References inside a JSON document: where they point, and what is there."""

from collections.abc import Iterator
from typing import Any


def references(value: object) -> Iterator[str]:
    """Every ``$ref`` in a document."""
    if isinstance(value, dict):
        yield from [value["$ref"]] if "$ref" in value else []
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


def resolve(document: dict[str, Any], pointer: str) -> object:
    """What a reference of the form ``#/…`` points at; raises KeyError if it is not there."""
    found: Any = document
    for step in pointer.removeprefix("#/").split("/"):
        found = found[step.replace("~1", "/")]
    return found
