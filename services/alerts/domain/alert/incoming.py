"""Messages of ``workforce.metrics``, and of ``hr.events`` about measures of plans: read, or refused with a reason."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import msgspec

from services.alerts.domain.alert.trust import Reader, doubt, doubt_of_deliveries, doubt_of_source
from services.alerts.domain.plan import progress
from services.alerts.domain.plan.progress import Update
from shared.contracts import deliveries, envelope, metrics, sources
from shared.contracts.dead_letters import OTHER_TENANT, Reason
from shared.contracts.deliveries import DeliveriesReported
from shared.contracts.envelope import CloudEvent
from shared.contracts.metrics import COMPUTED, ONE_DAY_COMPUTED, GroupComputed
from shared.contracts.sources import REPORTED, SourceReported
from shared.contracts.subjects import MEASURE_PREFIX
from shared.contracts.tenants import ALONE, Tenant
from shared.written.faults import meant

SOURCE = "stadga/metrics"
NOT_OURS = "the message does not say that it is of this tenant"
T = TypeVar("T")
Told = GroupComputed | SourceReported | DeliveriesReported
"""What the metrics service says: values, how a source delivers, or which deliveries are not whole."""

_DECODERS: Mapping[str, msgspec.json.Decoder[Any]] = {
    COMPUTED: msgspec.json.Decoder(GroupComputed),
    ONE_DAY_COMPUTED: msgspec.json.Decoder(GroupComputed),
    REPORTED: msgspec.json.Decoder(SourceReported),
    deliveries.REPORTED: msgspec.json.Decoder(DeliveriesReported),
}


_DAY = date(2000, 1, 1)
GOOD_VALUES = GroupComputed(
    unit="probe",
    unit_name="probe",
    unit_path=("probe", "*"),
    occupation="*",
    as_of=_DAY,
    today=_DAY,
    window_days=365,
    revision=0,
    metrics={"headcount": metrics.MetricValue(status="final", definition="stadga:headcount:1", value=1)},
)
GOOD_UPDATE = Update(
    key=("stadga/alerts", "probe"),
    plan="probe",
    measure="probe",
    recorded=datetime(2000, 1, 1, tzinfo=UTC),
    corrects=None,
    progress=None,
)
"""What every sound service takes in, to tell a fault of its own from one of a message."""


class UnreadableError(Exception):
    """A message that can't be read; ``reason`` is one of a closed set, the text says what and where."""

    def __init__(self, reason: Reason, message: str) -> None:
        """The reason and the sentence."""
        super().__init__(message)
        self.reason = reason


def told(reader: Reader, key: bytes | None, value: bytes | None) -> Told:
    """What a message says, as far as ``reader`` can believe it; raises UnreadableError."""
    found = _read(value, lambda event: _told(event, reader.tenant), reader.tenant)
    if said := _key(key, found) or _doubt(found, reader):
        raise UnreadableError("not_believed", said)
    return found


def _doubt(found: Told, reader: Reader) -> str | None:
    match found:
        case GroupComputed():
            return doubt(found, reader)
        case SourceReported():
            return doubt_of_source(found, reader)
        case DeliveriesReported():
            return doubt_of_deliveries(found)


def _key(key: bytes | None, found: Told) -> str | None:
    match found:
        case GroupComputed():
            one = metrics.key(found)
        case SourceReported():
            one = sources.key(found)
        case DeliveriesReported():
            one = deliveries.KEY
    return None if key == one else "the key is not that of what is told of: its messages are in no order"


def update(
    measures: Mapping[str, Collection[str]], key: bytes | None, value: bytes | None, tenant: Tenant = ALONE
) -> Update | None:
    """What a message tells of a measure; None when its key says that it is about something else.

    ``measures`` are those of each plan that runs; of a plan that does not run yet any is believed. Raises
    UnreadableError.
    """
    if not (key or b"").startswith(MEASURE_PREFIX.encode()):
        return None
    found = _read(value, progress.update, tenant)
    known = measures.get(found.plan)
    if known is not None and found.measure not in known:
        what = f'plan "{found.plan}" has no measure "{found.measure}"{meant(found.measure, known).en}'
        raise UnreadableError("unknown_measure", what)
    return found


def _told(event: CloudEvent, tenant: Tenant) -> Told:
    if event.type not in _DECODERS:
        raise UnreadableError("unknown_type", f'type "{event.type}", expected "{COMPUTED}" or "{REPORTED}"')
    if event.source != (source := tenant.source(SOURCE)):
        raise UnreadableError("not_believed", f'source "{event.source}", expected "{source}"')
    found: Told = _DECODERS[event.type].decode(event.data)
    return found


def _read(value: bytes | None, read: Callable[[CloudEvent], T], tenant: Tenant) -> T:
    if not value:
        raise UnreadableError("empty_message", "the message has no value")
    try:
        event = envelope.decode(value)
        if not tenant.owns(event.tenant):
            raise UnreadableError(OTHER_TENANT, NOT_OURS)
        return read(event)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        if not tenant.takes(envelope.whose(value)):
            raise UnreadableError(OTHER_TENANT, NOT_OURS) from None
        is_json = isinstance(error, msgspec.ValidationError)
        raise UnreadableError("wrong_type" if is_json else "not_json", str(error)) from None
