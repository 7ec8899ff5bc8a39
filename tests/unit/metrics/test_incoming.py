"""What hr.events may bring: read, refused with its reason, or folded without fail."""

from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.ingest.domain import plausible
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record import incoming
from services.metrics.domain.record.incoming import UnreadableError, read
from services.metrics.domain.record.memory import Memory, by_subject
from shared.contracts.event_types import RETRACTED
from shared.contracts.events import TYPES
from shared.contracts.subjects import SUBJECT_KINDS
from tests import builders as make

EVENT = make.employment_started("p", "2024-01-01")
REPORT = make.time_reported("p", "2024-03-02", "2024-03-01", 8)
COST = make.event(
    "hr.cost.reported.v1",
    "unit/u",
    {"from": "2024-01-01", "to": "2025-01-01", "personnel_cost": 8, "agency_cost": 8},
)
TYPES_HERE = sorted(TYPES.keys() - {"plan.measure.updated.v1"})
DAYS = (date(1900, 1, 1), date(1900, 1, 2), date(2024, 2, 29), date(2024, 12, 31), date(2200, 12, 31))
MOST = 1e6
"""Of what has no upper bound of its own."""

REFUSED = [
    (None, "empty_message"),
    (b"", "empty_message"),
    (b"{", "not_json"),
    (b'{"id": "\xe5"}', "not_json"),
    (make.encoded(EVENT).replace(b'"data":{', b'"data":{"deep":' + b"[" * 100_000), "not_json"),
    (b"{}", "wrong_type"),
    (make.encoded(EVENT | {"type": "hr.person.promoted.v1"}), "unknown_type"),
    (make.encoded(EVENT | {"subject": "person/"}), "wrong_type"),
    (make.encoded(EVENT | {"subject": "person"}), "wrong_type"),
    (make.encoded(EVENT | {"subject": "nobody/x", "type": RETRACTED, "corrects": "e"}), "wrong_type"),
    (make.encoded(make.employment_started("p", "9999-12-31")), "wrong_type"),
    (make.encoded(make.employment_started("p", "0001-01-01")), "wrong_type"),
    (make.encoded(REPORT), "wrong_type"),
    (make.encoded(make.time_reported("p", "2024-01-01", "2025-01-01", 8)), "wrong_type"),
    (make.encoded(COST), "wrong_type"),
    (make.encoded(make.absence_started("p", "a", "1960-01-01", last_day="2024-01-01")), "wrong_type"),
]


@pytest.mark.parametrize(("value", "reason"), REFUSED, ids=lambda value: repr(value)[:40])
def test_what_breaks_the_contract_is_refused(value: bytes | None, reason: str):
    """With one of the reasons that there are."""
    with pytest.raises(UnreadableError) as refused:
        read(value)
    assert refused.value.reason == reason


def test_what_ingest_lets_through_is_read():
    """Periods may be as long here as there."""
    assert (incoming.REPORT_DAYS, incoming.ABSENCE_DAYS) == (plausible.REPORT_DAYS, plausible.ABSENCE_DAYS)
    assert read(make.encoded(make.time_reported("p", "2024-01-01", "2024-12-31", 8)))


@pytest.mark.parametrize("type_", TYPES_HERE)
def test_a_subject_of_another_kind_is_refused(type_: str):
    """A type is about one kind of subject; a fold of another would not know what to do with it."""
    for kind in {*SUBJECT_KINDS, "other"} - {TYPES[type_][0], "measure"}:
        with pytest.raises(UnreadableError, match="subject"):
            read(make.encoded(EVENT | {"type": type_, "subject": f"{kind}/x"}))


def test_what_is_of_a_plan_is_left_to_others():
    """It is read no further than that."""
    assert read(make.encoded(make.measure_updated("p", "m", "2024-01-01") | {"data": 1})) is None


def values(kind: msgspec.inspect.Type) -> st.SearchStrategy[Any]:
    """The least, the greatest and a few other values that a field may have."""
    match kind:
        case msgspec.inspect.DateType():
            return st.sampled_from(DAYS).map(date.isoformat)
        case msgspec.inspect.FloatType(ge=least, le=most) | msgspec.inspect.IntType(ge=least, le=most):
            return st.sampled_from((least or 0, most or MOST))
        case msgspec.inspect.StrType():
            return st.sampled_from(("a", "b"))
        case msgspec.inspect.LiteralType(values=named):
            return st.sampled_from(named)
        case msgspec.inspect.BoolType():
            return st.booleans()
        case msgspec.inspect.UnionType(types=types):
            return st.one_of(*(values(one) for one in types if not isinstance(one, msgspec.inspect.NoneType)))
        case _:
            pytest.fail(f"the contract has a field of a kind that no values are made of here: {kind}")


@st.composite
def events(draw: st.DrawFn, kind: str) -> make.Event:
    """Any event of one record, each of whose fields may be at an end of what it may say."""
    type_ = draw(st.sampled_from([t for t in TYPES_HERE if TYPES[t][0] == kind]))
    about = msgspec.inspect.type_info(TYPES[type_][1])
    assert isinstance(about, msgspec.inspect.StructType)
    fields = [f for f in about.fields if f.required or draw(st.booleans())]
    data = {field.encode_name: draw(values(field.type)) for field in fields}
    others = {"corrects": draw(st.sampled_from("0123"))} if draw(st.booleans()) else {}
    return make.event(type_, f"{kind}/x", data, id=draw(st.sampled_from("0123456789")), **others)


@pytest.mark.parametrize("kind", ["person", "assignment", "vacancy", "unit"])
@given(data=st.data())
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_what_is_read_is_folded(kind: str, data: st.DataObject):
    """However far its values go and in whatever order it comes: a fold that fails would stop the service."""
    memory, tally = Memory(), Tally()
    for event in data.draw(st.lists(events(kind), min_size=1, max_size=12)):
        try:
            arrival = read(make.encoded(event))
        except UnreadableError:
            continue
        assert arrival is not None
        memory.fold(by_subject([(arrival.subject, arrival.told)]), tally)
