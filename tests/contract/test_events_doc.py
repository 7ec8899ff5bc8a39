"""``docs/events.md`` says of every event type what the code says, and its examples are events."""

import re
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from services.ingest.domain import plausible
from shared.contracts import rejections, topics
from shared.contracts.envelope import CloudEvent, decode
from shared.contracts.event_types import RETRACTED
from shared.contracts.events import TYPES, Data

PAGE = (Path(__file__).parents[2] / "docs" / "events.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^#### `([^`]+)`\n(.*?)(?=^#{2,4} |\Z)", PAGE, re.MULTILINE | re.DOTALL))
ON_EVERY_TYPE = pytest.mark.parametrize("kind", TYPES)


def rows(kind: str) -> dict[str, tuple[str, str]]:
    """The documented fields of a type: name → (values, default)."""
    lines = [line.strip("|").split("|") for line in SECTIONS[kind].splitlines() if line.startswith("| `")]
    return {name.strip(" `"): (values.strip(), default.strip()) for name, values, default, _ in lines}


def fields(kind: str) -> dict[str, msgspec.structs.FieldInfo]:
    """The fields of a type by their names in JSON."""
    return {field.encode_name: field for field in msgspec.structs.fields(TYPES[kind][1])}


def words(annotation: Any) -> set[str]:  # noqa: ANN401  (any annotation)
    """The words a field may hold, if it may hold only certain words."""
    found = {word for word in get_args(annotation) if isinstance(word, str)}
    return found.union(*(words(part) for part in get_args(annotation) if not isinstance(part, str)))


def stated(default: object) -> str:
    """How the page states a default."""
    if default in {None, msgspec.NODEFAULT}:
        return "*required*" if default is msgspec.NODEFAULT else ""
    return f"`{msgspec.json.encode(default).decode().strip(chr(34))}`"


def test_types():
    """Every type has a section, and every section is of a type."""
    assert set(SECTIONS) == {*TYPES, RETRACTED}


@ON_EVERY_TYPE
def test_fields(kind: str):
    """The section of a type lists exactly its fields, in the order of the code."""
    assert list(rows(kind)) == list(fields(kind))


@ON_EVERY_TYPE
def test_defaults(kind: str):
    """Which fields are required, and the defaults of the others, are those of the code."""
    assert {name: default for name, (_, default) in rows(kind).items()} == {
        name: stated(field.default) for name, field in fields(kind).items()
    }


@ON_EVERY_TYPE
def test_words(kind: str):
    """Where a field takes only certain words, the page lists exactly those."""
    documented = {name: set(re.findall(r"`(\w+)`", values)) for name, (values, _) in rows(kind).items()}
    assert documented == {name: words(field.type) for name, field in fields(kind).items()}


@ON_EVERY_TYPE
def test_subjects(kind: str):
    """A type stands under the heading of the subject it is about."""
    before = PAGE[: PAGE.index(f"#### `{kind}`")]
    heading = re.findall(r"^### .*`(\w+)/[^`]*`$", before, re.MULTILINE)[-1]
    assert heading == TYPES[kind][0]


@ON_EVERY_TYPE
def test_examples(kind: str):
    """The example of a type is valid data of that type, without unknown fields."""
    (example,) = re.findall(r"```json\n(.*?)\n```", SECTIONS[kind], re.DOTALL)
    structure: type[Data] = TYPES[kind][1]
    msgspec.json.decode(example, type=structure)
    assert set(msgspec.json.decode(example)) <= set(fields(kind))


def test_envelope():
    """The page lists every attribute of the envelope, and its example is an event."""
    section = PAGE[: PAGE.index("## How to publish")]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == [
        field.encode_name for field in msgspec.structs.fields(CloudEvent)
    ]
    (example,) = re.findall(r"```json\n(.*?)\n```", section, re.DOTALL)
    event = decode(example.encode())
    msgspec.json.decode(event.data, type=TYPES[event.type][1])


def test_amounts():
    """The page states the limits of every number as the code has them."""
    section = PAGE[PAGE.index("## Amounts") : PAGE.index("## Corrections")]
    stated_limits = {
        name: limits
        for names, limits in re.findall(r"^\| (`.+?`) \| ([0-9,–]+) \|", section, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", names)
    }
    assert stated_limits == {name: f"{limit.least:,.0f}–{limit.most:,.0f}" for name, limit in plausible.RANGES.items()}


def test_reasons():
    """Every reason for refusing an event is explained."""
    section = PAGE[PAGE.index("## Why an event is refused") :]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == set(get_args(rejections.Reason))


@pytest.mark.parametrize("topic", [topics.HR_RAW, topics.HR_EVENTS, topics.HR_REJECTED], ids=lambda t: t.name)
def test_topics(topic: topics.Topic):
    """The topics an event travels on are named."""
    assert f"`{topic.name}`" in PAGE
