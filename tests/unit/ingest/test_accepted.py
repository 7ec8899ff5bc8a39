"""What is accepted, and what of it is published."""

from datetime import date

import msgspec
import pytest

from services.ingest.domain.outcome import Accepted
from shared.contracts.event_types import RETRACTED
from shared.contracts.events import TYPES
from tests import builders as make
from tests.unit.ingest.deciding import accepted, decided, pseudonym

NUMBER = "198112189876"
PSEUDONYM = pseudonym(NUMBER, 2024)
EVERY_TYPE = [
    make.employment_started("anna", "2024-01-01"),
    make.employment_changed("anna", "2024-02-01", fte=0.5),
    make.employment_ended("anna", "2024-03-01"),
    make.absence_started("anna", "a1", "2024-01-01", last_day="2024-01-01"),
    make.absence_changed("anna", "a1", "2024-01-02", 0.5),
    make.absence_ended("anna", "a1", "2024-01-03"),
    make.milestone_reached("anna", "check_in_held", "2024-01-01"),
    make.time_reported("anna", "2024-01-01", "2024-01-31", 160.5),
    make.caseload_reported("anna", "2024-01-01", 17),
    make.bonus_paid("anna", "2024-01-01"),
    make.assignment_started("c1", "2024-01-01"),
    make.assignment_changed("c1", "2024-01-01", fte=0.5),
    make.assignment_ended("c1", "2024-01-01"),
    make.vacancy_opened("v1", "2024-01-01"),
    make.vacancy_closed("v1", "2024-01-01"),
    make.unit_defined("u1"),
    make.unit_closed("u1", "2024-01-01"),
    make.incident_reported("u1", "2024-01-01"),
    make.event(
        "hr.pulse.reported.v1",
        "unit/u1",
        {"effective": "2024-01-01", "index": "spring", "invited": 9, "answers": 8, "score_sum": 500, "negative": 1},
    ),
    make.event(
        "hr.cost.reported.v1",
        "unit/u1",
        {"from": "2024-01-01", "to": "2024-01-31", "personnel_cost": 1e6, "agency_cost": 2e5},
    ),
    make.event("hr.handover.reported.v1", "unit/u1", {"effective": "2024-01-01", "cases": 3}),
    make.measure_updated("plan", "m1", "2024-01-01"),
    make.retracted(make.unit_defined("u1")),
]


def data_of(event: make.Event) -> dict[str, object]:
    """The published data of an event."""
    return msgspec.json.decode(accepted(event).data, type=dict[str, object])


def test_the_examples_are_of_every_type():
    """No type of the contract is forgotten below."""
    assert {event["type"] for event in EVERY_TYPE} == {*TYPES, RETRACTED}


@pytest.mark.parametrize("event", EVERY_TYPE, ids=lambda event: event["type"])
def test_every_type_is_accepted(event: make.Event):
    """A well-formed event of each type goes through with its identity and time."""
    published = accepted(event)
    assert (published.id, published.source, published.type) == (event["id"], event["source"], event["type"])
    assert published.time.isoformat().replace("+00:00", "Z") == event["time"]


@pytest.mark.parametrize("event", EVERY_TYPE, ids=lambda event: event["type"])
def test_what_is_published_is_accepted_again(event: make.Event):
    """The published form is itself valid; only its person is another."""
    first = decided(event)
    assert isinstance(first, Accepted)
    again = decided(first.body)
    assert isinstance(again, Accepted)
    assert again.unknown_fields == 0


def test_the_key_is_the_published_subject():
    """All events of a subject go to one partition."""
    outcome = decided(make.employment_started(NUMBER, "2024-01-01"))
    assert isinstance(outcome, Accepted)
    assert outcome.key == f"person/{PSEUDONYM}".encode()


@pytest.mark.parametrize("spelling", ["19811218-9876", "811218-9876", "8112189876"])
def test_a_person_is_replaced_wherever_named(spelling: str):
    """Subject, manager and the default employment id get the same pseudonym, however the number is written."""
    event = make.employment_started(NUMBER, "2024-01-01", employment=spelling, manager=spelling)
    assert accepted(event).subject == f"person/{PSEUDONYM}"
    assert {data_of(event)[field] for field in ("employment", "manager")} == {PSEUDONYM}


def test_the_end_of_a_default_employment_names_the_pseudonym():
    """A source that names the default employment explicitly still means the person's employment."""
    event = make.employment_ended("anna", "2024-03-01", employment="anna")
    assert data_of(event)["employment"] == accepted(event).subject.removeprefix("person/")


def test_another_employment_keeps_its_id():
    """Only the person's own reference is a person reference."""
    assert data_of(make.employment_started("anna", "2024-01-01", employment="job-2"))["employment"] == "job-2"


def test_unknown_fields_are_left_out_and_counted():
    """Nothing that the type does not know travels on."""
    outcome = decided(make.employment_started("anna", "2024-01-01", name="Anna A", address="Vägen 1\n123 45 Orten"))
    assert isinstance(outcome, Accepted)
    assert outcome.unknown_fields == 2
    assert b"Anna" not in outcome.body


def test_what_belongs_together_travels_as_it_came():
    """Which delivery an event is of, how many that has, and from when all is told."""
    known = accepted(make.unit_defined("u1") | {"delivery": "2024-w05", "deliverycount": 12, "knownfrom": "2019-01-01"})
    assert (known.delivery, known.deliverycount, known.knownfrom) == ("2024-w05", 12, date(2019, 1, 1))
    unsaid = accepted(make.unit_defined("u1"))
    assert (unsaid.delivery, unsaid.deliverycount, unsaid.knownfrom) == (None, None, None)


@pytest.mark.parametrize("day", ["1900-01-01", "2024-03-01"])
def test_all_is_told_from_a_day_on_until_the_day_after_recording(day: str):
    """Where the source is the day may have begun that in UTC has not; and what is published is accepted again."""
    outcome = decided(make.unit_defined("u1", time="2024-03-01T00:30:00+02:00") | {"knownfrom": day})
    assert isinstance(outcome, Accepted)
    assert isinstance(decided(outcome.body), Accepted)


def test_unknown_attributes_are_left_out():
    """Extensions of the envelope do not travel on either."""
    assert b"trace" not in make.encoded({}) + _body(
        make.employment_started("anna", "2024-01-01") | {"traceparent": "00"}
    )


def _body(event: make.Event) -> bytes:
    outcome = decided(event)
    assert isinstance(outcome, Accepted)
    return outcome.body


@pytest.mark.parametrize("data", [None, {}])
def test_a_retraction_may_have_empty_data(data: object):
    """Some libraries always write the member."""
    event = {**make.retracted(make.unit_defined("u1")), "data": data}
    assert accepted(event).corrects == event["corrects"]
    assert b'"data"' not in _body(event)


def test_null_stands_for_an_absent_optional_field():
    """Sources that write every field write null where they know nothing."""
    event = make.employment_started("anna", "2024-01-01", manager=None, gender=None, employment=None, born=None)
    assert data_of(event).keys() == {"effective", "unit", "occupation"}


def test_time_is_published_in_utc():
    """The same instant, in one zone."""
    event = make.employment_started("anna", "2024-01-01", time="2024-01-02T00:30:00+02:00")
    assert b'"time":"2024-01-01T22:30:00Z"' in _body(event)


def test_a_note_may_have_lines():
    """Free text is free, but for identity numbers."""
    event = make.measure_updated("plan", "m1", "2024-01-01", note="first\nsecond")
    assert data_of(event)["note"] == "first\nsecond"


@pytest.mark.parametrize(
    "id_", ["8f14e45f-ceea-467f-a0e6-123456789012", "81121898x761234567890", "20240101-1234", "e1-000123", "123456789"]
)
def test_ids_made_of_digits_are_accepted(id_: str):
    """UUIDs, digits with a letter between, wrong check digits and short numbers are no identity numbers."""
    assert accepted({**make.unit_defined("u1"), "id": id_}).id == id_
