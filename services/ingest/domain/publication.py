"""The event that travels on: person references replaced, nothing in it but what its type knows."""

from datetime import UTC

import msgspec

from services.ingest.domain import naming, personal_data
from services.ingest.domain.pseudonym import Pseudonyms, canonical
from shared.contracts.envelope import CloudEvent
from shared.contracts.events import Data
from shared.contracts.names import not_a_reference
from shared.contracts.subjects import PERSON_PREFIX

_encoder = msgspec.json.Encoder()
_ABSENT = next(f.default for f in msgspec.structs.fields(CloudEvent) if f.name == "data")
"""The default itself, since msgspec leaves out no other."""


def published(event: CloudEvent, data: Data | None, pseudonym: Pseudonyms) -> CloudEvent:
    """A valid event as it travels on; raises RefusalError where an identity number would remain."""
    subject = event.subject
    if subject.startswith(PERSON_PREFIX):
        ref, year = subject[len(PERSON_PREFIX) :], event.time.year
        _check_person("$.subject", ref, year)
        subject = PERSON_PREFIX + pseudonym(ref, year)
        data = data and _without_persons(data, ref, year, pseudonym)
    travels = _canonical(event, subject, data)
    personal_data.check_published(travels)
    return travels


def _canonical(event: CloudEvent, subject: str, data: Data | None) -> CloudEvent:
    return CloudEvent(
        specversion="1.0",
        id=event.id,
        source=event.source,
        type=event.type,
        subject=subject,
        time=event.time.astimezone(UTC),
        corrects=event.corrects,
        delivery=event.delivery,
        deliverycount=event.deliverycount,
        knownfrom=event.knownfrom,
        tenant=event.tenant,
        data=msgspec.Raw(_encoder.encode(data)) if data else _ABSENT,
    )


def _without_persons(data: Data, ref: str, year: int, pseudonym: Pseudonyms) -> Data:
    """``manager`` is a person; so is ``employment`` when it repeats the subject, which is what names it by default."""
    manager: str | None = getattr(data, "manager", None)
    employment: str | None = getattr(data, "employment", None)
    replaced = {}
    if manager is not None:
        _check_person("$.data.manager", manager, year)
        replaced["manager"] = pseudonym(manager, year)
    if employment is not None and canonical(employment, year) == canonical(ref, year):
        replaced["employment"] = pseudonym(ref, year)
    return msgspec.structs.replace(data, **replaced) if replaced else data


def _check_person(path: str, ref: str, year: int) -> None:
    """What is a reference as it stands stays one in its one spelling."""
    if not_a_reference(ref):
        naming.check(path, canonical(ref, year), not_a_reference)
