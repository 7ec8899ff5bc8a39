"""What plans promise and the oracle beside the project does not count: against a count of every person on every day.

The persons are the oracle's own; what is counted of them is counted here.
"""

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from services.metrics.domain.facts.measures import Measure
from tests import builders as make
from tests.unit.metrics.folding import Folded, changes, fold_batches
from tests.unit.metrics.references import module

FIRST, LAST = date(2019, 1, 1), date(2026, 12, 31)
LEVELS = ("study_quarter_fte", "led_besides", "bonus_receivers")
BONUSES = {"referral": "referral_bonuses", "experience": "experience_bonuses", "retention": "other_bonuses"}
FLOWS = (*BONUSES.values(), "bonus_cost", "threats", "violence", "rotated_out")
UNITS = tuple(f"u{n}" for n in range(6))

Counted = Counter[tuple[str, str, date]]
"""By measure, unit and day: what happened; of a level, what there is."""


def log(seed: int) -> list[make.Event]:
    """A hostile log in which many moves are rotations and many are away to study, and people get bonuses."""
    rng = random.Random(seed)  # noqa: S311  (a seed makes the same log each time)
    told = module("oracle_v2", "genlog.py").generate(seed, 25)
    for event in told:
        if event["type"] == "hr.employment.changed.v1" and "unit" in event["data"] and rng.random() < 0.6:
            event["data"]["reason"] = "rotation"
        if event["type"] == "hr.absence.started.v1" and rng.random() < 0.4:
            event["data"] |= {"kind": "study", "extent": 0.25}
    people = sorted({event["subject"] for event in told if event["subject"].startswith("person/")})
    for n in range(150):
        day = (date(2020, 12, 1) + timedelta(rng.randrange(1_500))).isoformat()
        person = rng.choice(people).removeprefix("person/")
        kind = rng.choice([*BONUSES])
        paid = make.bonus_paid(person, day, kind, rng.choice((15_000, 2_500.5)), source="hostile", id=f"b{n}")
        told += [paid, make.retracted(paid)] if rng.random() < 0.1 else [paid]
    told += [
        make.incident_reported(rng.choice(UNITS), "2023-05-05", kind, id=f"i{n}")
        for n, kind in enumerate(("threat", "violence", "violence", "other", "threat"))
    ]
    return told


def counted(told: list[make.Event]) -> Counted:
    """All of it, day by day."""
    oracle, found = module("oracle_v2", "oracle.py"), Counted()
    by_subject: dict[str, list[make.Event]] = {}
    for event in oracle.effective_events(told):
        by_subject.setdefault(event["subject"], []).append(event)
    for subject, events in by_subject.items():
        kind, _, ref = subject.partition("/")
        if kind == "person":
            _person(oracle.Person(ref, events, FIRST, LAST), events, found)
        elif kind == "assignment":
            _assignment(oracle.Interval(events, "assignment"), found)
        for event in events:
            if event["type"] == "hr.incident.reported.v1" and event["data"]["kind"] != "other":
                measure = {"threat": "threats", "violence": "violence"}[event["data"]["kind"]]
                found[measure, ref, date.fromisoformat(event["data"]["effective"])] += 1
    return found


def _days() -> list[date]:
    return [FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)]


def _person(person, events: list[make.Event], found: Counted) -> None:  # noqa: ANN001  (the oracle's)
    bonuses: dict[date, list[make.Event]] = {}
    for event in events:
        if event["type"] == "hr.bonus.paid.v1":
            bonuses.setdefault(date.fromisoformat(event["data"]["effective"]), []).append(event["data"])
    before, got = None, None
    for day in _days():
        main, fixed, working = person.main(day), person.main(day, "fixed_term"), person.working(day)
        for paid in bonuses.get(day, ()):
            if working:
                found[BONUSES[paid["kind"]], working["unit"], day] += 1
                found["bonus_cost", working["unit"], day] += paid["amount"]
                got = day, working["unit"]
        if got and (day - got[0]).days < 365:
            found["bonus_receivers", got[1], day] += 1
        if fixed and not main and fixed.get("role", "staff") == "staff":
            found["led_besides", fixed["unit"], day] += 1
        for name, _, terms in person.active(day):
            if terms.get("form", "permanent") != "hourly" and person.sick(day, name)[2]["study"] == 0.25:
                found["study_quarter_fte", terms["unit"], day] += terms.get("fte", 1) / 4
        stays = any(first <= day <= last for first, last in person.stays)
        if main:
            moved = before and before["unit"] != main["unit"]
            if moved and main.get("unit_since") == (day.isoformat(), "rotation"):
                found["rotated_out", before["unit"], day] += 1
            before = main
        elif not stays:
            before = None


def _assignment(assignment, found: Counted) -> None:  # noqa: ANN001  (the oracle's)
    for day in _days():
        if terms := assignment.on(day):
            found["led_besides", terms["unit"], day] += 1


def computed(folded: Folded) -> Counted:
    """The same from facts."""
    found = Counted()
    for measure in (*LEVELS, *FLOWS):
        for unit in UNITS:
            moved, level = changes(folded, Measure[measure], unit), 0.0
            for day in _days():
                delta = moved.get(day.isoformat(), 0)
                level = level + delta if measure in LEVELS else delta
                if abs(level) > 1e-6:
                    found[measure, unit, day] = level
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_promised_is_what_a_daily_count_gives(seed: int):
    """Hostile logs in any order, in batches: every unit on every day of eight years."""
    told = log(seed)
    random.Random(seed).shuffle(told)  # noqa: S311  (likewise)
    got = computed(fold_batches([told[at : at + 40] for at in range(0, len(told), 40)]))
    want = {place: amount for place, amount in counted(told).items() if amount}
    assert {place[0] for place in want} == {*LEVELS, *FLOWS}
    assert got.keys() == want.keys()
    assert got == pytest.approx(want)
