"""Which events hold: duplicates, corrections, rivals and retractions, in whatever order they come."""

from itertools import permutations

import pytest

from services.metrics.domain.facts.entry import entry_of
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.record.identities import Identities
from shared.contracts import envelope
from tests import builders as make
from tests.unit.metrics.folding import Folded, changes, fold, fold_batches

ORIGINAL = make.employment_started("p", "2024-01-01", id="original", time="2024-01-01T08:00:00Z")
MOVED = make.corrected(ORIGINAL, effective="2024-02-01", id="moved", time="2024-01-02T08:00:00Z")
RIVAL = make.corrected(ORIGINAL, effective="2024-03-01", id="rival", time="2024-01-03T08:00:00Z")


def in_every_order(*events: make.Event) -> list[Folded]:
    """The events one by one in every order."""
    return [fold_batches([[e] for e in order]) for order in permutations(events)]


def since(folded: Folded) -> list[str]:
    """The days on which headcount changes."""
    return list(changes(folded, Measure.headcount))


def test_duplicate_changes_nothing():
    """The same id and source again is counted as a duplicate and no more, in the same batch or later."""
    folded = fold_batches([[ORIGINAL, ORIGINAL], [ORIGINAL]])
    assert (since(folded), folded.anomalies, folded.memory.duplicates) == (["2024-01-01"], {}, 2)


def test_same_id_from_another_source_is_another_event():
    """Identity is id and source together."""
    report = make.incident_reported("u1", "2024-02-01", id="1")
    folded = fold(report, report | {"source": "another"})
    assert changes(folded, Measure.incidents) == {"2024-02-01": 2}


@pytest.mark.parametrize(("a", "b"), [(("a", "b:c"), ("a:b", "c")), (("1:a", "x"), ("1", "a:x"))])
def test_identities_that_read_alike(a: tuple[str, str], b: tuple[str, str]):
    """Where source ends and id begins is never mixed up."""
    reports = [make.incident_reported("u1", "2024-02-01", source=source, id=id_) for source, id_ in (a, b)]
    assert changes(fold(*reports), Measure.incidents) == {"2024-02-01": 2}


def test_correction_replaces_as_a_whole():
    """Only the correction holds, before or after what it corrects, and it is no anomaly."""
    for folded in in_every_order(ORIGINAL, MOVED):
        assert (since(folded), folded.anomalies) == (["2024-02-01"], {})


def test_what_its_correction_came_before_comes_once():
    """It is new although a row stands for it already, and a repeat is not."""
    told = [entry_of(envelope.decode(make.encoded(event))).entry for event in (MOVED, ORIGINAL, ORIGINAL)]
    identities = Identities()
    for entry in told:
        identities.arrive(entry, "job")
    assert identities.came == told[:2]


def test_correction_of_what_never_comes():
    """It holds by itself."""
    assert since(fold(MOVED)) == ["2024-02-01"]


def test_later_recorded_rival_wins():
    """Of two corrections of the same event the later recorded holds."""
    for folded in in_every_order(ORIGINAL, MOVED, RIVAL):
        assert since(folded) == ["2024-03-01"]


def test_rivals_of_the_same_instant():
    """The greater id holds."""
    tied = RIVAL | {"time": MOVED["time"]}
    for folded in in_every_order(ORIGINAL, MOVED, tied):
        assert since(folded) == ["2024-03-01"]


def test_correction_corrected():
    """The correction of a correction holds."""
    again = make.corrected(MOVED, effective="2024-04-01", id="again", time="2024-01-04T08:00:00Z")
    for folded in in_every_order(ORIGINAL, MOVED, again):
        assert since(folded) == ["2024-04-01"]


def test_retraction():
    """A retracted event never happened, in whatever order the two come."""
    for folded in in_every_order(ORIGINAL, make.retracted(ORIGINAL)):
        assert folded.facts == {}


def test_retraction_of_a_correction():
    """Retracting a correction does not bring back what it replaced."""
    for folded in in_every_order(ORIGINAL, MOVED, make.retracted(MOVED)):
        assert folded.facts == {}


def test_correction_of_a_retraction():
    """A retraction replaced by an event leaves that event, and what was retracted stays so."""
    retraction = make.retracted(ORIGINAL, id="retraction")
    instead = make.employment_started("p", "2024-05-01", id="instead", corrects="retraction")
    for folded in in_every_order(ORIGINAL, retraction, instead):
        assert since(folded) == ["2024-05-01"]


def test_retraction_against_correction():
    """A retraction and a correction of one event are rivals: the later recorded holds."""
    early = make.retracted(ORIGINAL, id="r", time="2024-01-01T09:00:00Z")
    late = make.retracted(ORIGINAL, id="r", time="2024-01-05T09:00:00Z")
    assert [since(f) for f in in_every_order(ORIGINAL, MOVED, early)] == [["2024-02-01"]] * 6
    assert [since(f) for f in in_every_order(ORIGINAL, MOVED, late)] == [[]] * 6


def test_correction_moves_an_absence_to_another_name():
    """A correction may name another absence than what it corrects: both parts change."""
    employed = make.employment_started("p", "2024-01-01")
    absence = make.absence_started("p", "a", "2024-02-01", last_day="2024-02-10", id="a1")
    renamed = make.corrected(absence, absence="b", id="a2")
    end = make.absence_ended("p", "b", "2024-02-05")
    for folded in in_every_order(employed, absence, renamed, end):
        assert changes(folded, Measure.sick_fte) == {"2024-02-01": 1, "2024-02-06": -1}


def test_ids_tied_in_time():
    """Of two starts recorded at the same instant the greater id holds."""
    tied = make.employment_started("p", "2024-06-01", id="z", time=ORIGINAL["time"])
    for folded in in_every_order(ORIGINAL, tied):
        assert since(folded) == ["2024-06-01"]
