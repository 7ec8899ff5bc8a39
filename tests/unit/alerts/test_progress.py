"""How far a measure has come, from its events."""

from datetime import date

import pytest

from services.alerts.domain.alert.incoming import UnreadableError, update
from services.alerts.domain.plan.progress import Progress, Update, began, standings
from tests import builders as make

NAME = ("social", "mentor")
TODAY = date(2026, 3, 1)
PLANNED = make.measure_updated(*NAME, "2026-01-10", "planned")
STARTED = make.measure_updated(*NAME, "2026-02-01", "started", note="The first eight are appointed.")


def heard(event: make.Event) -> Update:
    """The event as it is kept."""
    found = update({}, event["subject"].encode(), make.encoded(event))
    assert found is not None
    return found


def stands(*events: make.Event, today: date = TODAY) -> Progress | None:
    """Where the measure stands."""
    return standings({NAME: [heard(event) for event in events]}, today).get(NAME)


def test_the_latest_status_holds():
    """A measure stands where its latest status, by the day it is from, says; in whatever order they are heard."""
    expected = Progress("started", date(2026, 2, 1), "The first eight are appointed.")
    assert stands(PLANNED, STARTED) == stands(STARTED, PLANNED) == expected


def test_a_status_of_a_later_day_waits():
    """What is from tomorrow on does not hold today."""
    assert stands(PLANNED, STARTED, today=date(2026, 1, 31)) == Progress("planned", date(2026, 1, 10))
    assert stands(PLANNED, STARTED, today=date(2026, 1, 9)) is None


def test_a_correction_replaces_what_it_names():
    """A corrected status is the correction's; a correction that is heard first is no different."""
    fixed = make.corrected(STARTED, effective="2026-02-15", time="2026-02-20T08:00:00Z")
    assert stands(PLANNED, STARTED, fixed) == stands(fixed, STARTED, PLANNED)
    assert (stands(PLANNED, STARTED, fixed) or Progress("planned", TODAY)).since == date(2026, 2, 15)


def test_of_two_corrections_the_later_holds():
    """Two events that correct the same one: the one recorded later."""
    first = make.corrected(STARTED, status="done", time="2026-02-20T08:00:00Z")
    second = make.corrected(STARTED, status="cancelled", time="2026-02-21T08:00:00Z")
    found = stands(second, STARTED, first)
    assert found is not None
    assert found.status == "cancelled"


def test_a_retracted_status_never_was():
    """Without its only status a measure stands nowhere."""
    assert stands(STARTED, make.retracted(STARTED, time="2026-02-20T08:00:00Z")) is None


def test_events_about_others_are_passed_over():
    """The key says whom an event is about; what is about no measure is not even read."""
    assert update({}, b"person/p1", b"not JSON") is None
    assert update({}, None, b"not JSON") is None


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (STARTED | {"type": "hr.unit.closed.v1"}, 'type "hr.unit.closed.v1", expected "plan.measure.updated.v1"'),
        (STARTED | {"subject": "measure/social"}, 'subject "measure/social", expected "measure/<plan>/<id>"'),
        (
            STARTED | {"data": {"effective": "2026-02-01", "status": "begun"}},
            "Invalid enum value 'begun' - at `$.status`",
        ),
    ],
    ids=["another type", "no measure", "an unknown status"],
)
def test_what_cannot_be_read_is_told(event: make.Event, message: str):
    """An event that is about a measure and makes no sense is refused, with the reason."""
    with pytest.raises(UnreadableError, match=message.replace("$", r"\$")) as refused:
        heard(event)
    assert refused.value.reason == "wrong_type"


def test_a_measure_that_no_plan_has_is_refused_with_the_nearest_name():
    """Of a plan that does not run yet any is believed."""
    event = make.measure_updated("social", "mentorr", "2026-01-10", "planned")
    key, body = event["subject"].encode(), make.encoded(event)
    with pytest.raises(UnreadableError, match='has no measure "mentorr"; did you mean "mentor"') as error:
        update({"social": ("mentor", "pool")}, key, body)
    assert error.value.reason == "unknown_measure"
    assert update({"other": ()}, key, body) is not None
    assert update({"social": ("mentorr",)}, key, body) is not None


@pytest.mark.parametrize(
    ("events", "day"),
    [
        ((PLANNED,), None),
        ((PLANNED, STARTED), date(2026, 2, 1)),
        ((STARTED, make.measure_updated(*NAME, "2026-02-20", "done")), date(2026, 2, 1)),
        ((make.measure_updated(*NAME, "2026-02-20", "cancelled"),), None),
        ((STARTED, make.corrected(STARTED, effective="2026-02-15", time="2026-02-20T08:00:00Z")), date(2026, 2, 15)),
        ((make.measure_updated(*NAME, "2026-03-02", "started"),), None),
    ],
)
def test_a_measure_begins_when_it_is_first_on_its_way(events: tuple[make.Event, ...], day: date | None):
    """Not when it is planned or given up, and not on a day that has not come; a correction holds."""
    assert began([heard(event) for event in events], TODAY) == day
