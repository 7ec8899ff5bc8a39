"""The logs that the services are told together, and in which order."""

import random
import subprocess
import sys
from datetime import date, timedelta

import msgspec

from cli.simulation.log import simulate
from shared.contracts import envelope
from tests import builders as make
from tests.unit.metrics.references import BESIDE, module

LATEST = "2026"
"""What is recorded ahead of the clock is refused at the door."""


def simulated() -> list[make.Event]:
    """A small municipality whose systems are as hostile as they get."""
    log = simulate(7, 70, 5, first=date(2022, 10, 1), last=date(2024, 4, 30), hostility=1, troubled="auto")
    return [msgspec.json.decode(envelope.encode(event)) for event in log]


def hostile() -> list[make.Event]:
    """The log of the oracle, where it is beside the project; without what is recorded after any clock's today.

    With bonuses, of which it has none: on the first day of every employment, and on days within a year of one another.
    """
    found = module("oracle_v2", "genlog.py").generate(5, 40) if (BESIDE / "oracle_v2").exists() else []
    started = [event for event in found if event["type"] == "hr.employment.started.v1"]
    for n, event in enumerate(started):
        person, day = event["subject"].removeprefix("person/"), date.fromisoformat(event["data"]["effective"])
        kind = ("referral", "experience", "other")[n % 3]
        for later in (0, 20 * n):
            paid = make.bonus_paid(person, f"{day + timedelta(later)}", kind, source="hostile", id=f"b{n}-{later}")
            found += [paid, make.retracted(paid)] if n % 7 == 0 else [paid]
    return [event for event in found if event["time"] < LATEST]


def mfg10() -> list[make.Event]:
    """Ten years of a company, where they are beside the project."""
    program = BESIDE / "data" / "mfg10" / "events.py"
    if not program.exists():
        return []
    lines = subprocess.run([sys.executable, program], capture_output=True, check=True).stdout.splitlines()
    return [msgspec.json.decode(line) for line in lines]


def shuffled(events: list[make.Event]) -> list[make.Event]:
    """In any order, with repeats."""
    rng = random.Random(5)  # noqa: S311  (a seed makes the same order each time)
    mixed = events + rng.sample(events, len(events) // 5)
    rng.shuffle(mixed)
    return mixed


def shuffled_year(events: int) -> list[make.Event]:
    """So many of a hostile year, shuffled: corrections and retractions meet what they change in another batch."""
    made = simulate(3, 60, 3, first=date(2023, 1, 1), last=date(2023, 12, 31), hostility=1, troubled="auto")
    found = [msgspec.json.decode(envelope.encode(event)) for event in made]
    random.Random(1).shuffle(found)  # noqa: S311  (a seed makes the same order each time)
    return found[:events]
