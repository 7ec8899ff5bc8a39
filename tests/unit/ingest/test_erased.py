"""What ingest publishes of somebody who is erased: what metrics comes to is the same as of all that was sent."""

import random
from collections.abc import Iterable
from datetime import date, datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.ingest.domain.erased import left
from services.ingest.domain.outcome import Accepted
from services.ingest.sealing import Seals
from shared.contracts import envelope, sealed
from shared.contracts.erasure import Erasure, erasure
from shared.contracts.event_types import RETRACTED
from shared.kit.sealing import cipher
from shared.kit.sealing.cipher import PersonKey
from tests import builders as make
from tests.unit.ingest.deciding import accepted, decided
from tests.unit.metrics.folding import fold_batches
from tests.unit.metrics.test_erasure import AFTER, BEFORE, ERASED_AT, LATE, erased

ERASURE = erasure(datetime.fromisoformat(ERASED_AT), date(2025, 6, 1))


def published(event: make.Event) -> make.Event | None:
    """An event as ingest publishes it once it knows of the erasing; None: with nothing in it."""
    found = left(accepted(event), ERASURE)
    return msgspec.json.decode(envelope.encode(found)) if found else None


def as_known(events: Iterable[make.Event]) -> list[make.Event]:
    """Events as metrics gets them of an ingest that does not know of it."""
    return [msgspec.json.decode(envelope.encode(accepted(event))) for event in events]


PERSON = as_known(BEFORE)[0]["subject"].removeprefix("person/")


@pytest.mark.parametrize("event", BEFORE, ids=lambda event: event["id"])
def test_of_before_nothing_is_left(event: make.Event):
    """Of whatever type."""
    assert published(event) is None


@pytest.mark.parametrize("event", AFTER, ids=lambda event: event["id"])
def test_a_return_is_published_as_it_is(event: make.Event):
    """Nothing of it is changed."""
    assert left(accepted(event), ERASURE) == accepted(event)


def test_a_correction_of_before_only_ends_what_it_corrects():
    """It is a retraction of that, and tells nothing else; a late report is nothing."""
    late, correction, retraction = LATE
    assert published(late) is None
    found = published(correction)
    assert found is not None
    assert (found["type"], found["corrects"], "data" in found) == (RETRACTED, "s", False)
    assert left(accepted(retraction), ERASURE) == accepted(retraction)


@given(st.randoms(use_true_random=False), st.booleans())
@settings(deadline=None, max_examples=150)
def test_metrics_comes_to_the_same(chance: random.Random, late: bool):
    """In whatever order, and from whichever moment on ingest knows of the erasing."""
    log = [*BEFORE, *AFTER, *LATE, *chance.sample([*BEFORE, *LATE], 3)]
    chance.shuffle(log)
    marker, since = erased(PERSON), chance.randrange(len(log) + 1)
    first = as_known(log[:since])
    kept = [*first, *filter(None, map(published, log[since:]))]
    sent = [*first, *as_known(log[since:])]
    place = since if late else 0
    whole = [[*sent[:place], marker, *sent[place:]], [*kept[:place], marker, *kept[place:]]]
    found, wanted = (fold_batches([batch]) for batch in whole)
    assert (found.facts, found.anomalies) == (wanted.facts, wanted.anomalies)


def test_how_it_travels():
    """What counts by the person's key; what does not with nothing in it; how many those were is told."""
    before, after = decided(BEFORE[0]), decided(AFTER[0])
    assert isinstance(before, Accepted)
    assert isinstance(after, Accepted)
    subject = before.event.subject
    key = PersonKey(*cipher.new(PERSON, ERASURE))
    seals = Seals({subject: key}, {subject: ERASURE})
    empty, whole = sealed.decode(seals.body(before)), sealed.decode(seals.body(after))
    assert (empty.sealed, empty.data_base64) == (sealed.ERASED, b"")
    assert cipher.unseal(whole, key) == after.event
    assert seals.emptied([before, after, before, decided(b"{")]) == 2
    assert Seals({subject: key}).emptied([before]) == 0


def test_who_is_erased_later_still():
    """An erasing of later takes the return as well."""
    later = Erasure(ERASURE.at * 2, ERASURE.through + 1_000)
    assert [left(accepted(event), later) for event in AFTER] == [None] * len(AFTER)
