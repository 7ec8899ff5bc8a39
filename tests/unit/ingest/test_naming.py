"""What an event may call things: nothing that stops, renames or hides what others see."""

import pytest

from services.ingest.domain.naming import LONGEST_NOTE
from services.ingest.domain.outcome import Refused
from tests import builders as make
from tests.unit.ingest.deciding import accepted, decided, refusal

STARTED = make.employment_started("anna", "2024-01-01", employment="e1")
ABSENT = make.absence_started("anna", "a1", "2024-01-01")
ASSIGNED = make.assignment_started("c1", "2024-01-01", covers="v1")
DEFINED = make.unit_defined("u1", parent="d1", name="One")
MEASURE = make.measure_updated("plan", "m1", "2024-01-01", note="begun")
PULSE = make.event(
    "hr.pulse.reported.v1",
    "unit/u1",
    {"effective": "2024-01-01", "index": "hme", "invited": 9, "answers": 8, "score_sum": 800, "negative": 0},
)
HANDOVER = make.event("hr.handover.reported.v1", "unit/u1", {"effective": "2024-01-01", "cases": 3})
INCIDENT = make.incident_reported("u1", "2024-01-01")
NAMED = [
    *((event, "unit") for event in (STARTED, ASSIGNED, make.vacancy_opened("v1", "2024-01-01"))),
    *((event, "occupation") for event in (STARTED, ASSIGNED, make.vacancy_opened("v1", "2024-01-01"))),
    *((event, "occupation") for event in (INCIDENT, HANDOVER)),
    *((make.employment_changed("anna", "2024-01-01"), field) for field in ("unit", "occupation")),
    *((make.assignment_changed("c1", "2024-01-01"), field) for field in ("unit", "occupation")),
    (DEFINED, "parent"),
    (PULSE, "index"),
]
REFERRED = [
    (STARTED, "employment"),
    (ABSENT, "absence"),
    (ABSENT, "employment"),
    (ASSIGNED, "covers"),
    (DEFINED, "name"),
]
REFERRED += [(make.employment_ended("anna", "2024-01-01"), "employment")]
NO_REFERENCES = (
    "*",
    " ",
    " u1",
    "u1 ",
    "-",
    "a\x1fb",
    "a\nb",
    "a\x85b",
    "a\u202eb",
    "a\u200bb",
    "a\u2028b",
    "a\ue000b",
    "a\u3164b",
    "\uffa0",
    "a\u2800b",
)
NO_NAMES = (*NO_REFERENCES, "u1|nurse", "../u1", "/u1")


def with_field(event: make.Event, field: str, text: str) -> make.Event:
    """The event with another text in its data."""
    return {**event, "data": {**event["data"], field: text}}


@pytest.mark.parametrize("text", NO_NAMES)
@pytest.mark.parametrize(("event", "field"), NAMED)
def test_what_is_no_name(event: make.Event, field: str, text: str):
    """Units, occupations and sets of questions are parts of keys, labels and links."""
    assert refusal(with_field(event, field, text)) == ("invalid_value", f"$.data.{field}")


@pytest.mark.parametrize("text", NO_REFERENCES)
@pytest.mark.parametrize(("event", "field"), REFERRED)
def test_what_is_no_reference(event: make.Event, field: str, text: str):
    """Reserved, blank, padded or unseen, wherever a thing is named."""
    assert refusal(with_field(event, field, text)) == ("invalid_value", f"$.data.{field}")


@pytest.mark.parametrize("text", NO_REFERENCES[3:])
@pytest.mark.parametrize("attribute", ["id", "source", "corrects", "delivery"])
def test_what_is_no_id_or_source(attribute: str, text: str):
    """They are shown, logged, and compared."""
    assert refusal({**STARTED, attribute: text}) == ("invalid_value", f"$.{attribute}")


@pytest.mark.parametrize(
    ("event", "subject"),
    [
        *((DEFINED, f"unit/{text}") for text in (*NO_NAMES[:1], *NO_NAMES[2:], "x" * 201)),
        *((ASSIGNED, f"assignment/{text}") for text in ("*", " c1", "a\u200bb")),
        *(
            (MEASURE, f"measure/{ref}")
            for ref in ("*/m1", "plan/*", "plan|x/m1", "plan/m1|x", "plan/../m1", " plan/m1")
        ),
        *(
            (STARTED, f"person/{ref}")
            for ref in ("*", "-", "a\x00b", "a\x1fb", "\u200b*", "＊", "a\u2028b", "a\ue000b")
        ),
    ],
)
def test_what_is_no_subject(event: make.Event, subject: str):
    """A unit is a name, the plan and the id of a measure are; a person is somebody."""
    assert refusal({**event, "subject": subject}) == ("invalid_value", "$.subject")


def test_a_manager_is_somebody():
    """Not everybody, and nothing unseen."""
    for text in ("*", "\u200b", "a\x00b"):
        assert refusal(with_field(STARTED, "manager", text)) == ("invalid_value", "$.data.manager")


def test_the_sentence_says_what_is_wrong_and_quotes_nothing():
    """A person reads it, and it may go anywhere."""
    outcome = decided(with_field(STARTED, "unit", "secret|unit"))
    assert isinstance(outcome, Refused)
    assert outcome.message == "unit holds the reserved character |"


def test_a_note_may_have_lines_but_nothing_unseen():
    """It stands in mails, and has an end."""
    assert accepted(with_field(MEASURE, "note", "first\r\n\tsecond"))
    for text in ("a\x1bb", "a\u202eb", "x" * (LONGEST_NOTE + 1)):
        assert refusal(with_field(MEASURE, "note", text)) == ("invalid_value", "$.data.note")


def test_names_as_people_give_them_are_accepted():
    """Of letters, digits and signs in any script."""
    for text in ("Barn och unga", "IFO/BoU", "1:a linjen (väster)", "中心", "soc*"):
        assert accepted(with_field(with_field(STARTED, "unit", text), "occupation", text))
