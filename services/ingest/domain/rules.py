"""What an event must satisfy beyond the types of its fields: dates in range and in order, a subject that fits."""

from datetime import UTC, date, datetime, timedelta

from services.ingest.domain.refusal import RefusalError
from shared.contracts.envelope import CloudEvent
from shared.contracts.event_types import RETRACTED
from shared.contracts.events import TYPES, Data
from shared.contracts.subjects import MEASURE, SUBJECT_KINDS

YEARS = range(1900, 2201)
LIFETIME = 70 * 366
"""Days: what a source records happened, or will happen, within a long life at work."""
AHEAD = timedelta(hours=24)
"""What a time of recording may be ahead of the clock: zones and clocks are set wrong."""
_STARTS = {"effective": "effective", "first": "from"}
_ENDS = {"last_day": "last_day", "last": "to"}
_dates = {
    kind: tuple(field for field in kind.__struct_fields__ if field in _STARTS | _ENDS) for _, kind in TYPES.values()
}


def check_time(time: datetime, now: datetime) -> None:
    """The instant of recording lies in 1900–2200 and is over: one ahead would win over all that comes before it."""
    if time.year not in YEARS:
        raise RefusalError("date_out_of_range", "$.time", "the year is outside 1900–2200")
    if time - now > AHEAD:
        raise RefusalError("recorded_in_future", "$.time", "more than 24 hours ahead of the clock")


def check_delivery(event: CloudEvent) -> None:
    """How many events a delivery has is said of one that is named; what a source tells all of has begun."""
    if event.deliverycount is not None and event.delivery is None:
        raise RefusalError("missing_field", "$.delivery", "delivery is missing: deliverycount says how many it has")
    if event.knownfrom is None:
        return
    if event.knownfrom.year not in YEARS:
        raise RefusalError("date_out_of_range", "$.knownfrom", "the year is outside 1900–2200")
    if event.knownfrom > event.time.astimezone(UTC).date() + timedelta(days=1):
        raise RefusalError("date_out_of_range", "$.knownfrom", "more than a day after the time of recording")


def check_subject(event: CloudEvent) -> None:
    """``kind/reference`` with the kind the type asks for; a measure is ``measure/plan/id``."""
    kind, _, ref = event.subject.partition("/")
    expected = (TYPES[event.type][0],) if event.type in TYPES else SUBJECT_KINDS
    if kind not in expected:
        raise RefusalError("subject_mismatch", "$.subject", f"this type needs a subject {' or '.join(expected)}/…")
    parts = ref.split("/", 1) if kind == MEASURE else [ref]
    if not all(part.strip() for part in parts) or (kind == MEASURE and len(parts) < 2):
        form = "measure/plan/id" if kind == MEASURE else f"{kind}/reference"
        raise RefusalError("subject_mismatch", "$.subject", f"the subject is not of the form {form}")


def check_type(event: CloudEvent) -> None:
    """The type is one of the contract's, and its content is JSON."""
    if event.type not in TYPES and event.type != RETRACTED:
        raise RefusalError("unknown_type", "$.type", "no type of the contract is called so")
    content = (event.datacontenttype or "application/json").partition(";")[0].strip().lower()
    if content != "application/json" and not content.endswith("+json"):
        raise RefusalError("wrong_content_type", "$.datacontenttype", "data is said not to be application/json")


def check_retraction(event: CloudEvent) -> None:
    """A retraction names what it retracts and says nothing else."""
    if event.corrects is None:
        raise RefusalError("missing_field", "$.corrects", "corrects is missing: the id of the event to retract")
    if bytes(event.data).translate(None, b" \t\r\n") not in {b"", b"null", b"{}"}:
        raise RefusalError("invalid_value", "$.data", "a retraction has no data")


def check_dates(data: Data) -> None:
    """Every date lies in 1900–2200 and no end comes before its start."""
    start = _checked(data, _STARTS)
    end = _checked(data, _ENDS)
    if start and end and end < start:
        name = next(json for field, json in _ENDS.items() if hasattr(data, field))
        raise RefusalError("ends_before_start", f"$.data.{name}", "it ends before it starts")


def check_lifetime(data: Data, recorded: date) -> None:
    """No date is further from when it was recorded than a long life at work."""
    for field in _dates[type(data)]:
        day: date | None = getattr(data, field)
        if day is not None and abs(day.toordinal() - recorded.toordinal()) > LIFETIME:
            path = f"$.data.{(_STARTS | _ENDS)[field]}"
            raise RefusalError("date_out_of_range", path, "more than 70 years from the time of recording")


def _checked(data: Data, names: dict[str, str]) -> date | None:
    for field, json in names.items():
        day: date | None = getattr(data, field, None)
        if day is not None:
            if day.year not in YEARS:
                raise RefusalError("date_out_of_range", f"$.data.{json}", "the year is outside 1900–2200")
            return day
    return None
