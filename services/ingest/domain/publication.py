"""The event that travels on: person references replaced, nothing in it but what its type knows."""

from datetime import UTC

import msgspec

from services.ingest.domain import personal_data
from services.ingest.domain.outcome import Accepted
from services.ingest.domain.pseudonym import Pseudonyms, canonical
from services.ingest.domain.refusal import RefusalError
from shared.contracts.envelope import CloudEvent, encode
from shared.contracts.events import Data

_PERSON = "person/"
_encoder = msgspec.json.Encoder()
_ABSENT = next(f.default for f in msgspec.structs.fields(CloudEvent) if f.name == "data")
"""The default itself, since msgspec leaves out no other."""


def published(event: CloudEvent, data: Data | None, unknown_fields: int, pseudonym: Pseudonyms) -> Accepted:
    """The accepted form of a valid event; raises RefusalError where an identity number would remain."""
    subject = event.subject
    if subject.startswith(_PERSON):
        ref, year = subject[len(_PERSON) :], event.time.year
        subject = _PERSON + pseudonym(ref, year)
        data = data and _without_persons(data, ref, year, pseudonym)
    body = encode(_canonical(event, subject, data))
    personal_data.check_published(body)
    return Accepted(subject.encode(), body, event.type, unknown_fields)


def _canonical(event: CloudEvent, subject: str, data: Data | None) -> CloudEvent:
    return CloudEvent(
        specversion="1.0",
        id=event.id,
        source=event.source,
        type=event.type,
        subject=subject,
        time=event.time.astimezone(UTC),
        corrects=event.corrects,
        data=msgspec.Raw(_encoder.encode(data)) if data else _ABSENT,
    )


def _without_persons(data: Data, ref: str, year: int, pseudonym: Pseudonyms) -> Data:
    """``manager`` is a person; so is ``employment`` when it repeats the subject, which is what names it by default."""
    manager: str | None = getattr(data, "manager", None)
    employment: str | None = getattr(data, "employment", None)
    replaced = {}
    if manager is not None:
        if not manager.strip():
            raise RefusalError("invalid_value", "$.data.manager", "the reference is blank")
        replaced["manager"] = pseudonym(manager, year)
    if employment is not None and canonical(employment, year) == canonical(ref, year):
        replaced["employment"] = pseudonym(ref, year)
    return msgspec.structs.replace(data, **replaced) if replaced else data
