"""An example for any schema of a document: the same schema always has the same, and it fits."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

_DEEPEST = 12
"""Levels; a schema that refers to itself ends there."""
_WORDS: Mapping[str, Any] = {
    "unit": "ifo-bou-1",
    "unit_name": "Barn och unga 1",
    "unit_path": ["ifo-bou-1", "ifo-bou", "ifo"],
    "units": ["ifo-bou-1"],
    "occupation": "socialsekreterare",
    "gender": "*",
    "age": "*",
    "source": "hr-system",
    "id": "hr-4711a",
    "subject": "unit/ifo-bou-1",
    "plan": "socialsekreterare-2026",
    "target": "leavers",
    "metric": "leaver_rate",
    "definition": "stadga:leaver_rate:1",
    "measure": "mentor",
    "topic": "hr.events",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "reason": "invalid_value",
    "path": "$.data.form",
    "detail": "form: expected one of fixed_term, hourly, permanent; did you mean permanent?",
    "allowed": ["fixed_term", "hourly", "permanent"],
    "nearest": "permanent",
    "severity": "warning",
    "status": "final",
    "episode": "2026-02-01",
    "kind": "hours_outside_employment",
    "sv": "Timmar på en dag utan anställning",
    "en": "Hours on a day without an employment",
    "why": "the source sends it anew",
    "error": "DataError",
    "owner": "HR-direktören",
    "notify": ["head"],
    "measures": ["mentor"],
    "file": "socialsekreterare.yaml",
    "year": 2025,
    "window_days": 365,
    "revision": 1204,
    "version": 3,
    "numerator": 12.0,
    "denominator": 80.0,
    "value": 15.0,
    "low": 7.75,
    "high": 26.2,
    "manager": "m4711a",
    "parent": "ifo-bou",
    "successor": "ifo-bou-2",
    "name": "Barn och unga 1",
    "employment": "A1",
    "absence": "s1",
    "note": "Three of four places are filled.",
}
"""What a property of that name holds, where that fits."""
_KEYS: Mapping[str, str] = {
    "metrics": "leaver_rate",
    "title": "en",
    "recipients": "head",
    "progress": "mentor",
    "local": "ifo-bou-1",
}
"""Keys of objects that may have any."""
_FORMATS: Mapping[str, str] = {
    "date": "2026-03-01",
    "date-time": "2026-03-01T06:00:00Z",
    "uri": "https://stadga.kommun.example/",
}


def example(schema: Json, schemas: Mapping[str, Json], name: str = "", deep: int = 0) -> Any:  # noqa: ANN401  (JSON)
    """A value that fits a schema; ``schemas`` are those it may refer to, ``name`` is the property that holds it."""
    if "$ref" in schema:
        return example(schemas[schema["$ref"].rpartition("/")[2]], schemas, name, deep)
    if "const" in schema or "enum" in schema:
        return schema["const"] if "const" in schema else schema["enum"][0]
    if parts := schema.get("allOf"):
        return {key: value for part in parts for key, value in example(part, schemas, name, deep).items()}
    if choice := [one for key in ("oneOf", "anyOf") for one in schema.get(key, []) if one.get("type") != "null"]:
        return example(choice[0], schemas, name, deep)
    return _of_type(schema, schemas, name, deep)


def _of_type(schema: Json, schemas: Mapping[str, Json], name: str, deep: int) -> Any:  # noqa: ANN401  (JSON)
    of = schema.get("type", "object" if "properties" in schema else "string")
    kind = next(one for one in of if one != "null") if isinstance(of, list) else of
    if kind == "object":
        return _object(schema, schemas, name, deep)
    if kind == "array":
        items = schema.get("items", {})
        if isinstance(known := _WORDS.get(name), list) and items.get("type") == "string":
            return known
        return [example(items, schemas, name, deep + 1)]
    return _single(schema, kind, name)


def _object(schema: Json, schemas: Mapping[str, Json], name: str, deep: int) -> Json:
    """With all that is known of it; deep down only with what it must have."""
    wanted = schema.get("properties", {})
    if deep > _DEEPEST:
        wanted = {key: of for key, of in wanted.items() if key in schema.get("required", [])}
    found = {key: example(of, schemas, key, deep + 1) for key, of in wanted.items()}
    if isinstance(more := schema.get("additionalProperties"), dict) and not found:
        key = _KEYS.get(name, "ifo-bou-1")
        found[key] = example(more, schemas, _KEYS.get(name, name), deep + 1)
    return found


def _single(schema: Json, kind: str, name: str) -> Any:  # noqa: ANN401  (JSON)
    known = _WORDS.get(name)
    if kind == "string":
        if "format" in schema:
            return _FORMATS.get(schema["format"], "text")
        if "contentEncoding" in schema:
            return "e30="
        return known if isinstance(known, str) else _text(schema)
    if kind == "boolean":
        return False
    number = known if isinstance(known, int | float) else 1
    low, high = schema.get("minimum", number), schema.get("maximum", number)
    held = min(max(number, low), high)
    return float(held) if kind == "number" else int(held)


def _text(schema: Json) -> str:
    pattern = schema.get("pattern", "")
    return f"{pattern.removeprefix('^').partition('/')[0]}/ifo-bou-1" if "/.+" in pattern else "text"
