"""The AsyncAPI document: whole, and true of the events that travel."""

import re

import jsonschema
import pytest

from shared.contracts import event_types, events, sealed, topics
from shared.contracts.asyncapi import BY_METRICS, document
from shared.contracts.erased import ERASED, OWN, SUMS_KEPT, TRIMMED
from tests import builders as make
from tests.references import references, resolve

DOCUMENT = document()

STARTED = make.employment_started("ada", "2025-01-01", fte=0.75, gender="f", born=1990)
EXAMPLES = [
    STARTED,
    make.employment_changed("ada", "2025-02-01", unit="u2"),
    make.employment_ended("ada", "2025-03-31"),
    make.absence_started("ada", "a1", "2025-02-03", extent=0.5),
    make.absence_changed("ada", "a1", "2025-02-10", 0.25),
    make.absence_ended("ada", "a1", "2025-02-14"),
    make.milestone_reached("ada", "mentor_assigned", "2025-01-08"),
    make.time_reported("ada", "2025-01-06", "2025-01-12", 38.5, overtime_hours=1.5),
    make.caseload_reported("ada", "2025-01-31", 17, points=142.5),
    make.assignment_started("c1", "2025-01-01", covers="v1"),
    make.assignment_changed("c1", "2025-02-01", fte=0.5),
    make.assignment_ended("c1", "2025-02-28", "hired"),
    make.vacancy_opened("v1", "2025-01-01"),
    make.vacancy_closed("v1", "2025-03-01"),
    make.unit_defined("u1", parent="ifo"),
    make.unit_closed("u1", "2025-12-31"),
    make.incident_reported("u1", "2025-01-15", serious=True),
    make.measure_updated("plan", "mentor", "2025-01-15"),
    make.retracted(STARTED),
]
FACT = ["u1", "nurse", "f", "40-49", 1, 739_000, -1_000_000]
BY = {"source": "stadga/metrics"}
KEPT = make.event(SUMS_KEPT, "kept/a1", {"facts": [FACT], "told": [["s", STARTED["type"], "u1", False, 739_000]]}, **BY)
TRIM = make.event(TRIMMED, "person/ada", {"family": "time", "through": "2021-12-31"}, **BY)
ERASING = [make.event(ERASED, "person/ada", {"through": "2025-06-01"}, **BY), TRIM, KEPT]


def _problems(event: make.Event) -> list[str]:
    payload = DOCUMENT["components"]["messages"][event["type"]]["payload"]
    validator = jsonschema.Draft7Validator(
        {**payload, "components": DOCUMENT["components"]}, format_checker=jsonschema.FormatChecker()
    )
    return [error.message for error in validator.iter_errors(event)]


@pytest.mark.parametrize("topic", topics.ALL, ids=lambda t: t.name)
def test_every_topic_is_a_channel_with_messages(topic: topics.Topic) -> None:
    """Each topic stands in the document with its partitions, its retention and what it carries."""
    channel = DOCUMENT["channels"][topic.name]
    kafka = channel["bindings"]["kafka"]
    assert kafka["partitions"] == topic.partitions
    assert kafka["topicConfiguration"]["retention.ms"] == topic.retention_ms
    assert channel["messages"]


def test_servers_say_who_may_sign_in_how() -> None:
    """Others come by TLS and sign in; the listener without either is for the services alone."""
    servers, schemes = DOCUMENT["servers"], DOCUMENT["components"]["securitySchemes"]
    assert {name: server["protocol"] for name, server in servers.items()} == {
        "others": "kafka-secure",
        "inside": "kafka",
    }
    assert {one["$ref"].rpartition("/")[2] for one in servers["others"]["security"]} == set(schemes)
    assert all("host" in server["variables"] for server in servers.values())


def test_every_event_type_is_a_message_on_both_event_topics() -> None:
    """No type of the public contract is missing from ``hr.raw`` or ``hr.events``."""
    types = {*events.TYPES, event_types.RETRACTED}
    assert set(DOCUMENT["channels"]["hr.raw"]["messages"]) == types
    assert set(DOCUMENT["channels"]["hr.events"]["messages"]) == types | {sealed.TYPE, *OWN}


@pytest.mark.parametrize("name", [ERASED, TRIMMED, SUMS_KEPT])
def test_what_metrics_alone_says_is_marked_and_on_one_topic(name: str) -> None:
    """A system that reads the document does not take it for something to publish."""
    assert DOCUMENT["components"]["messages"][name]["summary"] == BY_METRICS
    assert [topic for topic, channel in DOCUMENT["channels"].items() if name in channel["messages"]] == ["hr.events"]


def test_every_reference_resolves_inside_the_document() -> None:
    """The document stands alone: each ``$ref`` points at a part of it."""
    assert all(resolve(DOCUMENT, pointer) for pointer in set(references(DOCUMENT)))


@pytest.mark.parametrize("name", DOCUMENT["components"]["schemas"])
def test_every_schema_is_valid_json_schema_with_a_meaning(name: str) -> None:
    """Each schema is JSON Schema draft 7, the dialect AsyncAPI assumes, and says what it describes."""
    schema = DOCUMENT["components"]["schemas"][name]
    jsonschema.Draft7Validator.check_schema(schema)
    assert re.match(r"[A-Z`]", schema["description"])


@pytest.mark.parametrize("event", [*EXAMPLES, *ERASING], ids=lambda e: e["type"])
def test_event_as_it_travels_fits_its_message(event: make.Event) -> None:
    """An event that the services accept is valid against its documented message."""
    assert _problems(event) == []


@pytest.mark.parametrize(
    "event",
    [
        {**STARTED, "subject": "unit/u1"},
        {**STARTED, "data": {**STARTED["data"], "fte": 1.5}},
        {**STARTED, "data": {**STARTED["data"], "effective": "soon"}},
        {name: value for name, value in STARTED.items() if name != "data"},
        {name: value for name, value in make.retracted(STARTED).items() if name != "corrects"},
        {**KEPT, "data": {"facts": [FACT[:-1]]}},
        {**KEPT, "data": {"facts": [[*FACT, 1]]}},
        {**KEPT, "data": {"facts": [[*FACT[:-1], "much"]]}},
        {**KEPT, "subject": "person/ada"},
    ],
    ids=[
        *("subject of another kind", "share above one", "not a date", "no data", "retraction of nothing"),
        *("sum too short", "sum too long", "sum that is no number", "sums of a person"),
    ],
)
def test_faulty_event_does_not_fit_its_message(event: make.Event) -> None:
    """The document refuses what the services refuse."""
    assert _problems(event)
