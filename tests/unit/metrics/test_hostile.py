"""The property test's logs are as hostile as they claim to be: a census of what they hold and what they come to."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from services.metrics.domain.facts.absence import LEAVE
from services.metrics.domain.facts.career import Career
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.period import periods
from services.metrics.domain.record.record import JOB, Part
from shared.contracts.event_types import EMPLOYMENT, RETRACTED
from shared.contracts.events import TYPES
from tests import builders as make
from tests.unit.metrics.folding import Folded, changes, fold, named, received
from tests.unit.metrics.hostile import FAMILIES, logs

SAMPLE = settings(
    database=None,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
SAMPLED = 250
OFTEN = 3
"""In at least so many of the sampled logs."""
ANOMALIES = (
    "restated",
    "change_without_start",
    "end_without_start",
    "end_before_start",
    "absence_outside_employment",
    "hours_outside_employment",
    "posts_above_full_time",
)


@pytest.fixture(scope="module")
def census() -> Counter[str]:
    """In how many logs each type, measure, anomaly and kind of tangle occurs."""
    seen: Counter[str] = Counter()
    for family in FAMILIES:

        @settings(SAMPLE, max_examples=SAMPLED)
        @given(logs(family))
        def look(log: list[make.Event]) -> None:
            folded = fold(*log)
            seen.update({e["type"] for e in log} | named(folded) | folded.anomalies.keys() | set(_tangles(log, folded)))

        look()
    return seen


def _tangles(log: list[make.Event], folded: Folded) -> Iterator[str]:
    yield from (name for name, is_there in TANGLES.items() if is_there(log, folded))


def career(folded: Folded) -> Career:
    """The career on record of the one person."""
    stored = folded.memory.rows["person/p"].get(JOB)
    return (stored and msgspec.msgpack.decode(stored.body, type=Part).career) or Career()


def capped_sickness(log: list[make.Event], folded: Folded) -> bool:
    """Sick time cut down by leave on the same days."""
    without = fold(*(e for e in log if e.get("data", {}).get("kind") not in LEAVE))
    sick, whole = (changes(f, Measure.sick_fte) for f in (folded, without))
    return bool(sick) and sick != whole and career(folded) == career(without)


def correction_of_a_correction(log: list[make.Event], _: Folded) -> bool:
    """An event that corrects a correction."""
    corrects = {e["id"]: e.get("corrects") for e in log}
    return any(corrects.get(target) for target in corrects.values() if target)


def rivals(log: list[make.Event], _: Folded) -> bool:
    """Two events that correct the same one."""
    targets = [e["corrects"] for e in log if "corrects" in e]
    return len(targets) > len(set(targets))


def two_posts_at_once(_: list[make.Event], folded: Folded) -> bool:
    """More than one employment on the same day."""
    return any(len(stretch.posts) > 1 for stretch in career(folded).stretches)


def bridged_gap(_: list[make.Event], folded: Folded) -> bool:
    """A stay that goes over days without employment."""
    known = career(folded)
    gaps = [(a, b) for a, b in pairwise(s for s in known.stretches if s.form == "permanent") if a.last + 1 < b.first]
    return any(stay.first <= a.first and b.last <= stay.last for a, b in gaps for stay in known.stays)


def two_periods(log: list[make.Event], _: Folded) -> bool:
    """Somebody who comes back under the same employment."""
    found = periods(
        [t for e in log if e["subject"] == "person/p" and e["type"] in EMPLOYMENT for t in [received(e)[1]]], "p"
    )
    names = [one.employment for one in found.found]
    return len(names) > len(set(names))


def reorganised(log: list[make.Event], folded: Folded) -> bool:
    """A change of unit that would be a move if it did not say what it is."""
    plain = [{**e, "data": {k: v for k, v in e.get("data", {}).items() if v != "reorganisation"}} for e in log]
    return changes(fold(*plain), Measure.moved_out) != changes(folded, Measure.moved_out)


def successor(_: list[make.Event], folded: Folded) -> bool:
    """A closed unit under another."""
    return any(unit in folded.tree.parents for unit in folded.tree.closed)


def loop(_: list[make.Event], folded: Folded) -> bool:
    """Definitions that would close a loop."""
    return "unit_loop" in folded.tree.contradictions


TANGLES: dict[str, Callable[[list[make.Event], Folded], bool]] = {
    check.__name__: check
    for check in (
        capped_sickness,
        correction_of_a_correction,
        rivals,
        two_posts_at_once,
        bridged_gap,
        two_periods,
        reorganised,
        successor,
        loop,
    )
}


@pytest.mark.parametrize("type_", sorted(TYPES.keys() - {"plan.measure.updated.v1"} | {RETRACTED}))
def test_every_type(census: Counter[str], type_: str):
    """Events of every type are made."""
    assert census[type_] >= OFTEN


@pytest.mark.parametrize("measure", [m.name for m in Measure])
def test_every_measure(census: Counter[str], measure: str):
    """Each measure gets facts."""
    assert census[measure] >= OFTEN


@pytest.mark.parametrize("kind", ANOMALIES)
def test_every_contradiction(census: Counter[str], kind: str):
    """Each kind of anomaly occurs."""
    assert census[kind] >= OFTEN


@pytest.mark.parametrize("tangle", TANGLES)
def test_every_tangle(census: Counter[str], tangle: str):
    """What is hard to fold occurs."""
    assert census[tangle] >= OFTEN
