"""The record of processing, the assessment and the page for employees say what the code does."""

import re
from pathlib import Path

import msgspec
import pytest

from cli.reference.exposures import EXPOSED, SWEDISH, Kind
from cli.reference.processing import FREE, MARKED, WHOM, fields, filled
from shared.contracts.envelope import CloudEvent
from shared.contracts.event_types import RETRACTED
from shared.contracts.events import TYPES
from shared.contracts.topics import ALL
from tests.unit.shared.test_who_may_what import EXPECTED

ROOT = Path(__file__).parents[2]
RECORD, ASSESSMENT, EMPLOYEES = (
    (ROOT / "docs" / f"{name}.md").read_text("utf-8")
    for name in ("registerforteckning", "konsekvensbedomning", "for-medarbetare")
)
ROWS = {type_: cells.split(" | ") for type_, cells in re.findall(r"^\| `([\w.]+)` \| (.*) \|$", RECORD, re.MULTILINE)}


def test_every_event_is_in_the_record():
    """Each type has its line, and each line of an event is of a type."""
    assert {name for name in ROWS if name.endswith(".v1")} == {*TYPES, RETRACTED}


@pytest.mark.parametrize("type_", TYPES)
def test_every_field_is_in_the_record(type_: str):
    """In the order of the contract, none twice and none that is not there."""
    assert re.findall(r"`(\w+)`", ROWS[type_][1]) == fields(type_)


def test_every_attribute_is_in_the_record():
    """What comes with an event, but for what says nothing of what it is about."""
    formal = {"specversion", "type", "data", "datacontenttype"}
    named = {field.encode_name for field in msgspec.structs.fields(CloudEvent)} - formal
    assert {name for name in named if f"`{name}`" not in RECORD} == set()


def test_what_is_marked_is_there():
    """A mark on a field that was renamed would mark nothing; every absence is health."""
    assert {(type_, name) for type_, names in MARKED.items() for name in names if name not in fields(type_)} == set()
    absences = [type_ for type_ in TYPES if ".absence." in type_]
    assert absences
    assert all("**hälsa**" in ROWS[type_][1] for type_ in absences)


def test_free_text_is_marked_and_of_no_person():
    """Texts of any length are in one field, which is of a measure."""
    free = {(type_, name) for type_, names in MARKED.items() for name, mark in names.items() if mark == FREE}
    assert free == {("plan.measure.updated.v1", "note")}


def test_every_kind_of_subject_is_described():
    """Whom an event is about, also of a kind that is new."""
    assert WHOM.keys() == {subject for subject, _ in TYPES.values()}
    assert SWEDISH.keys() == {*Kind}


def test_exposures_are_of_ways_that_are_there():
    """A route that was renamed would be let through under its old name."""
    ways = {f"{service} {route}" for service, some in EXPECTED.items() for route in some}
    assert {one.way for one in EXPOSED} <= ways | {f"topic {topic.name}" for topic in ALL}
    assert len({one.way for one in EXPOSED}) == len(EXPOSED)
    assert all(one.kinds and one.to and one.why for one in EXPOSED)


def test_a_part_that_nobody_writes():
    """A misspelt mark is an error and no empty table."""
    with pytest.raises(KeyError):
        filled("<!-- av koden: annat -->\n<!-- slut -->")


def test_each_risk_names_what_enforces_its_measure():
    """The assessment names tests and settings that exist, in every row of its risks."""
    table = ASSESSMENT.partition("## Risker och skydd")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 10
    named = [path for _, _, held, _ in rows for path in re.findall(r"`(tests/[\w./]+)`", held)]
    assert [path for path in named if not (ROOT / path).is_file()] == []
    unheld = [risk for risk, _, held, _ in rows if "`" not in held]
    assert unheld == ["Färre vågar anmäla tillbud eller svara på mätningar"]


@pytest.mark.parametrize("page", [RECORD, ASSESSMENT], ids=["record", "assessment"])
def test_what_the_municipality_fills_in_is_marked_alike(page: str):
    """So that a search finds all of it; an English reader is told."""
    assert page.count("**[FYLL I") > 10
    assert len(re.findall(r"FYLL I", page)) == page.count("**[FYLL I")
    assert "**[FYLL I]**" in page.partition("## In English")[2]


@pytest.mark.parametrize("page", [RECORD, ASSESSMENT, EMPLOYEES], ids=["record", "assessment", "employees"])
def test_each_page_has_both_languages(page: str):
    """The English is below, and led to."""
    assert "(#in-english)" in page.partition("## ")[0]
    assert len(page.partition("## In English")[2]) > 800
