"""The simulated log as a log: repeatable, in order, valid, and streaming."""

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from cli.offline.computing.log import compute
from cli.simulation.journal import HR_SYSTEM, SOURCES
from cli.simulation.log import simulate, simulate_scenario
from cli.simulation.refusal import SimulationError
from cli.simulation.scenarios.scenario import LASTS
from services.ingest.domain.identity_number import is_in
from shared.contracts.envelope import CloudEvent, encode
from shared.contracts.events import TYPES

FIRST, LAST = date(2024, 7, 1), date(2025, 12, 31)
VALUES = re.compile(r"'[^']*'|\d+(?:[.-]\d+)*")
"""What a sentence quotes."""
DIGEST = """
import hashlib, datetime
from cli.simulation.log import simulate
from shared.contracts.envelope import encode
first, last = datetime.date(2025, 1, 1), datetime.date(2025, 6, 30)
log = simulate(5, 60, 4, first=first, last=last, hostility=0.5, troubled="auto")
print(hashlib.sha256(b"".join(map(encode, log))).hexdigest())
"""


def small(seed: int = 1, hostility: float = 0.0) -> Iterator[CloudEvent]:
    """A year and a half of 150 people in 8 units, one of which goes wrong."""
    return simulate(seed, 150, 8, first=FIRST, last=LAST, hostility=hostility, troubled="auto")


@pytest.fixture(scope="module")
def clean() -> list[CloudEvent]:
    """The small log without hostility."""
    return list(small())


@pytest.fixture(scope="module", params=(0.0, 1.0))
def log(request: pytest.FixtureRequest) -> list[CloudEvent]:
    """The small log, clean and as hostile as it can be."""
    return list(small(hostility=request.param))


def digest(events: Iterator[CloudEvent]) -> str:
    """What a log amounts to, byte for byte."""
    return hashlib.sha256(b"".join(encode(event) for event in events)).hexdigest()


def test_same_seed():
    """The same seed gives the same bytes."""
    assert digest(small(3, 0.3)) == digest(small(3, 0.3))


def test_other_seed():
    """Another seed gives another municipality."""
    assert digest(small(3)) != digest(small(4))


def test_hash_seed():
    """The log does not depend on how Python salts its hashes."""
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, "PYTHONHASHSEED": salt},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for salt in ("1", "2")
    }
    assert len(digests) == 1


def test_order(log: list[CloudEvent]):
    """Events come in the order in which they were recorded."""
    assert all(earlier.time <= later.time for earlier, later in pairwise(log))


def test_span(log: list[CloudEvent]):
    """Nothing is recorded before the first day or after the last."""
    assert {FIRST <= event.time.date() <= LAST for event in log} == {True}


def test_valid(log: list[CloudEvent]):
    """The data of every event can be read by the structure of its type, and its subject is of the type's kind."""
    for event in log:
        if event.type in TYPES:
            kind, structure = TYPES[event.type]
            msgspec.json.decode(event.data, type=structure)
            assert event.subject.startswith(f"{kind}/")


def test_ids(log: list[CloudEvent]):
    """An id of a source names one event, however often it is handed over."""
    contents: dict[tuple[str, str], bytes] = {}
    assert all(contents.setdefault((event.source, event.id), encode(event)) == encode(event) for event in log)


def test_sources(clean: list[CloudEvent]):
    """Events come from the HR system, payroll, the caseload system and the survey tool."""
    assert {event.source for event in clean} == {source.name for source in (HR_SYSTEM, *SOURCES.values())}


def test_every_type(clean: list[CloudEvent]):
    """Every HR type of the contract occurs, but bonuses, which are paid where a plan promises them (Borås)."""
    assert {event.type for event in clean} == {n for n in TYPES if n.startswith("hr.")} - {"hr.bonus.paid.v1"}
    boras = {event.type for event in simulate_scenario(1, "boras", first=LAST - LASTS, last=LAST)}
    assert "hr.bonus.paid.v1" in boras


def test_no_identity_number(log: list[CloudEvent]):
    """Nothing in the log could be taken for a personal identity number."""
    assert not any(is_in(encode(event).decode()) for event in log)


def test_no_person_in_data(clean: list[CloudEvent]):
    """A person's reference stands only where ingest replaces it: in the subject, and as somebody's manager."""
    people = {event.subject.removeprefix("person/") for event in clean if event.subject.startswith("person/")}
    values = {v for e in clean for k, v in msgspec.json.decode(e.data).items() if k != "manager" and isinstance(v, str)}
    assert not people & values
    assert not any(value.startswith(f"{person}-") for person in people for value in values)


def test_clean_log_makes_sense(tmp_path: Path, clean: list[CloudEvent]):
    """At hostility 0 every event is accepted and none contradicts another."""
    file = tmp_path / "log.jsonl"
    file.write_bytes(b"".join(encode(event) + b"\n" for event in clean))
    counts = compute([file], None).counts
    assert (counts.accepted, counts.rejected, counts.duplicates, counts.anomalies) == (len(clean), 0, 0, 0)


def test_streams():
    """The first event of a long log is there before the log is."""
    assert next(simulate(1, 20, 2, first=date(1971, 1, 1), last=LAST)).time.date() == date(1971, 1, 1)


@pytest.mark.parametrize("days", [date(2025, 3, 1), date(2025, 3, 2), date(2025, 4, 1)])
def test_short_logs(days: date):
    """A log may be one day long, when nobody has done anything yet, or a few."""
    people = {event.subject for event in simulate(1, 9, 3, first=date(2025, 3, 1), last=days)}
    assert len([subject for subject in people if subject.startswith("person/")]) >= 9


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"units": 0}, "units: at least 1"),
        ({"people": 2}, "people: at least one a unit"),
        ({"last": date(2023, 1, 1)}, "last: 2023-01-01 is before"),
        ({"first": date(1960, 1, 1)}, "first and last: days from 1970-01-01"),
        ({"hostility": 1.5}, "hostility: a share"),
        ({"troubled": "Nowhere"}, "no unit is called 'Nowhere'"),
    ],
)
def test_bad_arguments(arguments: dict[str, object], complaint: str):
    """A number out of range or an unknown unit is refused at once, by name."""
    good = {"people": 30, "units": 3, "first": FIRST, "last": LAST}
    with pytest.raises(SimulationError, match=complaint) as refused:
        simulate(1, **good | arguments)
    sv, en = refused.value.said("sv"), str(refused.value)
    assert sv != en
    assert sorted(VALUES.findall(sv)) == sorted(VALUES.findall(en))
