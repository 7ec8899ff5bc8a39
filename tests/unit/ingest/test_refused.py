"""What is refused, with which reason, at which path."""

from datetime import UTC, datetime

import pytest

from services.ingest.domain import identity_number
from services.ingest.domain.acceptance import judge
from services.ingest.domain.access import grant
from services.ingest.domain.decoding import IGNORED, LIMIT
from services.ingest.domain.outcome import Accepted, Incoming, Refused
from services.ingest.domain.personal_data import LONGEST
from shared.access.tokens import Token, sha256
from shared.contracts.erased import ERASED, SUMS_KEPT, TRIMMED
from tests import builders as make
from tests.unit.ingest.deciding import NOW, accepted, decided, pseudonym, refusal

STARTED = make.employment_started("anna", "2024-01-01")
ABSENT = make.absence_started("anna", "a1", "2024-01-01")


PULSE = make.event(
    "hr.pulse.reported.v1",
    "unit/u1",
    {"effective": "2024-01-01", "index": "hme", "invited": 9, "answers": 8, "score_sum": 800, "negative": 0},
)


def with_data(event: make.Event, **fields: object) -> make.Event:
    """The event with other data."""
    return {**event, "data": {**event["data"], **fields}}


def without(event: make.Event, name: str) -> make.Event:
    """The event without an attribute."""
    return {key: value for key, value in event.items() if key != name}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (None, ("empty_message", "$")),
        (b"", ("empty_message", "$")),
        (b"hello", ("not_json", "$")),
        (b'{"id":', ("not_json", "$")),
        (b'{"id": NaN}', ("not_json", "$")),
        (b'{"id": "a\x00b"}', ("not_json", "$")),
        (b"\xff\xfe", ("not_utf8", "$")),
        (make.encoded(STARTED).replace(b"u1", b"\xe5"), ("not_utf8", "$")),
        (b"[]", ("wrong_type", "$")),
        (b'"text"', ("wrong_type", "$")),
        (b"[" * 100_000 + b"]" * 100_000, ("wrong_type", "$")),
        (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", ("too_deep", "$")),
        (b" " * LIMIT + b"{}", ("too_large", "$")),
    ],
)
def test_what_is_no_event_at_all(body: bytes | None, expected: tuple[str, str]):
    """Bytes of any kind get a reason."""
    assert refusal(body) == expected


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (without(STARTED, "id"), ("missing_field", "$.id")),
        (without(STARTED, "source"), ("missing_field", "$.source")),
        (without(STARTED, "type"), ("missing_field", "$.type")),
        (without(STARTED, "subject"), ("missing_field", "$.subject")),
        (without(STARTED, "time"), ("missing_field", "$.time")),
        (without(STARTED, "specversion"), ("missing_field", "$.specversion")),
        (without(STARTED, "data"), ("missing_field", "$.data")),
        ({**STARTED, "data": None}, ("missing_field", "$.data")),
        ({**STARTED, "specversion": "0.3"}, ("invalid_value", "$.specversion")),
        ({**STARTED, "id": ""}, ("invalid_value", "$.id")),
        ({**STARTED, "id": 7}, ("wrong_type", "$.id")),
        ({**STARTED, "id": "x" * 501}, ("invalid_value", "$.id")),
        ({**STARTED, "type": "hr.employment.begun.v1"}, ("unknown_type", "$.type")),
        (make.event(ERASED, "person/anna", {"through": "2024-01-01"}), ("unknown_type", "$.type")),
        (
            make.event(TRIMMED, "person/anna", {"family": "time", "through": "2024-01-01"}),
            ("unknown_type", "$.type"),
        ),
        (make.event(SUMS_KEPT, "kept/a1", {"facts": []}), ("unknown_type", "$.type")),
        ({**STARTED, "time": "2024-01-01T08:00:00"}, ("invalid_value", "$.time")),
        ({**STARTED, "time": "yesterday"}, ("invalid_value", "$.time")),
        ({**STARTED, "time": "1899-12-31T23:59:59Z"}, ("date_out_of_range", "$.time")),
        ({**STARTED, "time": "2201-01-01T00:00:00Z"}, ("date_out_of_range", "$.time")),
        ({**STARTED, "time": "0001-01-01T00:00:00+10:00"}, ("date_out_of_range", "$.time")),
        ({**STARTED, "datacontenttype": "text/xml"}, ("wrong_content_type", "$.datacontenttype")),
        ({**STARTED, "delivery": ""}, ("invalid_value", "$.delivery")),
        ({**STARTED, "delivery": 7}, ("wrong_type", "$.delivery")),
        ({**STARTED, "deliverycount": 2}, ("missing_field", "$.delivery")),
        ({**STARTED, "delivery": "d1", "deliverycount": 0}, ("invalid_value", "$.deliverycount")),
        ({**STARTED, "delivery": "d1", "deliverycount": "2"}, ("wrong_type", "$.deliverycount")),
        ({**STARTED, "delivery": "d1", "deliverycount": 100_000_001}, ("invalid_value", "$.deliverycount")),
        ({**STARTED, "knownfrom": "spring"}, ("invalid_value", "$.knownfrom")),
        ({**STARTED, "knownfrom": "1899-12-31"}, ("date_out_of_range", "$.knownfrom")),
        ({**STARTED, "knownfrom": "2201-01-01"}, ("date_out_of_range", "$.knownfrom")),
        (
            {**STARTED, "time": "2024-03-01T00:30:00+02:00", "knownfrom": "2024-03-02"},
            ("date_out_of_range", "$.knownfrom"),
        ),
        ({**STARTED, "data": "text"}, ("wrong_type", "$.data")),
        ({**STARTED, "data": []}, ("wrong_type", "$.data")),
    ],
)
def test_faults_of_the_envelope(event: make.Event, expected: tuple[str, str]):
    """Every attribute is there, of its type and in its range."""
    assert refusal(event) == expected


@pytest.mark.parametrize(
    ("type_", "subject"),
    [
        ("hr.employment.started.v1", "unit/u1"),
        ("hr.employment.started.v1", "anna"),
        ("hr.employment.started.v1", "person/"),
        ("hr.employment.started.v1", "person/ "),
        ("hr.employment.started.v1", "Person/anna"),
        ("hr.vacancy.opened.v1", "person/anna"),
        ("hr.event.retracted.v1", "thing/x"),
        ("plan.measure.updated.v1", "measure/plan"),
        ("plan.measure.updated.v1", "measure/plan/"),
        ("plan.measure.updated.v1", "measure//m1"),
    ],
)
def test_a_subject_that_does_not_fit(type_: str, subject: str):
    """The kind is the type's, and the reference is there."""
    assert refusal({**STARTED, "type": type_, "subject": subject}) == ("subject_mismatch", "$.subject")


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (with_data(STARTED, unit=None), ("wrong_type", "$.data.unit")),
        (with_data(STARTED, unit=""), ("invalid_value", "$.data.unit")),
        (with_data(STARTED, unit="a\u0000b"), ("invalid_value", "$.data.unit")),
        (with_data(STARTED, unit="a\nb"), ("invalid_value", "$.data.unit")),
        (with_data(STARTED, fte="1"), ("wrong_type", "$.data.fte")),
        (with_data(STARTED, fte=True), ("wrong_type", "$.data.fte")),
        (with_data(STARTED, fte=1.01), ("invalid_value", "$.data.fte")),
        (with_data(PULSE, score_sum=1e10 + 1), ("invalid_value", "$.data.score_sum")),
        (with_data(STARTED, fte=-0.01), ("invalid_value", "$.data.fte")),
        (with_data(STARTED, form="seasonal"), ("invalid_value", "$.data.form")),
        (with_data(STARTED, born=1812), ("invalid_value", "$.data.born")),
        (with_data(STARTED, monthly_pay=-1), ("invalid_value", "$.data.monthly_pay")),
        (with_data(STARTED, manager=" "), ("invalid_value", "$.data.manager")),
        (with_data(STARTED, effective="2024-02-30"), ("invalid_value", "$.data.effective")),
        (with_data(STARTED, effective="2024-01-01T00:00:00Z"), ("invalid_value", "$.data.effective")),
        (with_data(STARTED, effective="1899-12-31"), ("date_out_of_range", "$.data.effective")),
        (with_data(STARTED, effective="2201-01-01"), ("date_out_of_range", "$.data.effective")),
        (
            make.event("hr.employment.ended.v1", "person/anna", {"reason": "other"}),
            ("missing_field", "$.data.last_day"),
        ),
        (
            make.employment_ended("anna", "9999-12-31", time="2024-01-01T00:00:00Z"),
            ("date_out_of_range", "$.data.last_day"),
        ),
        (with_data(ABSENT, last_day="2023-12-31"), ("ends_before_start", "$.data.last_day")),
        (with_data(ABSENT, last_day="0001-01-01"), ("date_out_of_range", "$.data.last_day")),
        (with_data(ABSENT, extent=2), ("invalid_value", "$.data.extent")),
        (make.time_reported("anna", "2024-01-02", "2024-01-01", 8), ("ends_before_start", "$.data.to")),
        (make.time_reported("anna", "2024-01-01", "2201-01-01", 8), ("date_out_of_range", "$.data.to")),
        (make.caseload_reported("anna", "2024-01-01", -1), ("invalid_value", "$.data.open_cases")),
    ],
)
def test_faults_of_the_data(event: make.Event, expected: tuple[str, str]):
    """Every field has its type and range, and no end comes before its start."""
    assert refusal(event) == expected


@pytest.mark.parametrize(
    ("event", "path"),
    [
        (with_data(PULSE, answers=10), "$.data.answers"),
        (with_data(PULSE, negative=9), "$.data.negative"),
        (with_data(PULSE, score_sum=800.5), "$.data.score_sum"),
        (with_data(STARTED, monthly_pay=12), "$.data.monthly_pay"),
        (with_data(STARTED, monthly_pay=38.5), "$.data.monthly_pay"),
        (with_data(STARTED, monthly_pay=3_850_000), "$.data.monthly_pay"),
        (make.employment_changed("anna", "2024-01-01", monthly_pay=190), "$.data.monthly_pay"),
    ],
)
def test_sums_that_cannot_be(event: make.Event, path: str):
    """Not more answers than invited, negative answers than answers, or points than those give; a pay somebody has."""
    assert refusal(event) == ("invalid_value", path)


def test_what_is_just_possible_is_accepted():
    """Everybody answered and gave the most; a pay at either limit."""
    for event in (PULSE, with_data(STARTED, monthly_pay=5_000), with_data(STARTED, monthly_pay=1_000_000)):
        assert accepted(event)


def test_numbers_that_json_does_not_have():
    """An infinite or overflowing number is refused where it stands."""
    body = make.encoded(with_data(STARTED, fte=0.5)).replace(b"0.5", b"1e400")
    assert refusal(body) == ("invalid_value", "$.data.fte")


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (without(make.retracted(STARTED), "corrects"), ("missing_field", "$.corrects")),
        ({**make.retracted(STARTED), "data": {"why": "typing error"}}, ("invalid_value", "$.data")),
        ({**make.retracted(STARTED), "data": []}, ("invalid_value", "$.data")),
    ],
)
def test_a_retraction_says_what_it_retracts_and_no_more(event: make.Event, expected: tuple[str, str]):
    """``corrects`` is needed, data are not."""
    assert refusal(event) == expected


@pytest.mark.parametrize(
    ("event", "path"),
    [
        (with_data(STARTED, unit="811218-9876"), "$.data.unit"),
        (with_data(STARTED, employment="121212+1212"), "$.data.employment"),
        (with_data(STARTED, employment="198112189876-2"), "$.data.employment"),
        (with_data(STARTED, comment="born 811218-9876"), "$.data"),
        (with_data(STARTED, comment={"deep": [1, {"er": "811218-9876"}]}), "$.data"),
        (with_data(STARTED, **{"811218-9876": 1}), "$.data"),
        (with_data(ABSENT, absence="811218-9876"), "$.data.absence"),
        ({**STARTED, "id": "198112189876"}, "$.id"),
        ({**STARTED, "source": "hr 811218-9876"}, "$.source"),
        ({**STARTED, "corrects": "811218-9876"}, "$.corrects"),
        (make.vacancy_opened("811218-9876", "2024-01-01"), "$.subject"),
        (make.assignment_started("19811218-9876", "2024-01-01"), "$.subject"),
        (make.measure_updated("plan", "m1", "2024-01-01", note="spoke with 811218-9876"), "$.data.note"),
    ],
)
def test_an_identity_number_where_none_belongs(event: make.Event, path: str):
    """Anywhere but in a person reference the event is refused, in fields that would be ignored too."""
    assert refusal(event) == ("personal_identity_number", path)


def test_an_escaped_identity_number_is_found():
    """Writing a digit as \\u0038 hides nothing."""
    body = make.encoded(with_data(STARTED, comment="x11218-9876")).replace(b"x1", b"\\u00381")
    assert refusal(body) == ("personal_identity_number", "$.data")


def test_a_source_the_sender_may_not_publish():
    """The token decides whose events may come."""
    allowed = grant([Token(sha256("t"), source="another")])
    outcome = judge(Incoming(make.encoded(STARTED)), pseudonym, allowed.check, NOW)
    assert isinstance(outcome, Refused)
    assert (outcome.reason, outcome.path) == ("source_not_allowed", "$.source")


def test_recorded_in_the_future():
    """A time more than 24 hours ahead of the clock would win over all that comes before it; a clock may be wrong."""
    now = datetime(2024, 6, 1, 12, tzinfo=UTC)
    for ahead, outcome in (("2024-06-02T12:00:00Z", None), ("2024-06-02T12:00:01Z", "recorded_in_future")):
        found = judge(Incoming(make.encoded({**STARTED, "time": ahead})), pseudonym, lambda _: None, now)
        assert (found.reason, found.path) == (outcome, "$.time") if outcome else isinstance(found, Accepted)


def test_a_refusal_keeps_the_bytes_and_what_identity_it_finds():
    """Whoever mends the source can find the event."""
    body = make.encoded({**STARTED, "id": "e1", "time": 7})
    outcome = decided(body)
    assert isinstance(outcome, Refused)
    assert (outcome.original, outcome.id, outcome.source) == (body, "e1", make.SOURCE)


def test_an_identity_of_the_wrong_type_is_left_out():
    """What should be a text and is not is not reported as one."""
    outcome = decided({**STARTED, "id": {"a": 1}})
    assert isinstance(outcome, Refused)
    assert (outcome.id, outcome.source) == (None, make.SOURCE)


LONG = "1" * (LONGEST + 1)


@pytest.mark.parametrize(
    ("event", "path"),
    [
        ({**STARTED, "x": "1" * 900_000}, "$"),
        ({**STARTED, "x": LONG}, "$"),
        ({**STARTED, LONG: "x"}, "$"),
        (with_data(STARTED, x="1" * 900_000), "$.data"),
        (with_data(STARTED, x=LONG), "$.data"),
        (with_data(STARTED, x={LONG: [1]}), "$.data"),
        (with_data(STARTED, x=[LONG[1:]] * (IGNORED // LONGEST)), "$.data"),
        (with_data(STARTED, x=[1] * IGNORED), "$.data"),
        ({**STARTED, "datacontenttype": "application/json;" + LONG}, "$"),
    ],
)
def test_what_is_too_long_is_not_looked_into(event: make.Event, path: str, monkeypatch: pytest.MonkeyPatch):
    """Looking for identity numbers takes a time for each digit: what no field could hold gets none of it."""
    looked: list[int] = []
    monkeypatch.setattr(identity_number, "is_in", lambda text: looked.append(len(text)) or False)
    assert refusal(event) == ("invalid_value", path)
    assert sum(looked) < IGNORED


def test_what_is_long_and_left_out_is_accepted():
    """A note of another system, and a few of its fields."""
    assert accepted(with_data(STARTED, x="a" * LONGEST, y=["b" * LONGEST] * 3))
