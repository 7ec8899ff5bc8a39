"""A town in which some people are recognised wherever they turn up: by every name, number and day that is theirs.

Everybody else is like everybody else. ``anna`` works in a unit of many, alone in her occupation. ``bertil`` is alone
in his unit, and his system calls him by his personal identity number. ``cecilia`` leads both, in a unit of three, which
``disa`` has left at her own request. ``egon`` is a consultant.
"""

import base64
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from cli.reference.exposures import Kind
from services.ingest.domain.pseudonym import pseudonyms
from tests import builders as make

KEY = "a key of the marked"
LARGE, ALSO_LARGE, THREE, ALONE = "lindgarden", "ekgarden", "trion", "ensamheten"
ABOVE = "socialtjanst"
FEW = (THREE, ALONE)
OCCUPATION, RARE = "socialsekreterare", "kvastbindare"
HEADS = {LARGE: 26, ALSO_LARGE: 24, THREE: 2}


class Person(NamedTuple):
    """Somebody, as the source speaks of them; ``called`` begins the names of their events and records."""

    ref: str
    called: str
    surname: str
    unit: str
    occupation: str
    pay: float
    day: date

    @property
    def pseudonym(self) -> str:
        """As everything behind ingest knows them."""
        return pseudonyms(KEY.encode(), "kommun")(self.ref, self.day.year)

    @property
    def days(self) -> list[date]:
        """On which something of theirs happened, and nobody else's."""
        return [self.day + timedelta(days=n) for n in (0, 9, 17, 38)]

    @property
    def numbers(self) -> list[float]:
        """What nobody else has: pay, its supplement, hours, a bonus."""
        supplement, bonus = (round(self.pay * share, 2) for share in (0.0613, 0.1319))
        return [self.pay, supplement, round(self.pay * 0.0017, 4), bonus]

    def free(self) -> dict[str, str]:
        """What a careless source sends besides, for which the contract has no place."""
        return {"name": self.surname, "email": f"{self.surname}@kommun.example".lower(), self.surname: "x"}


ANNA = Person("anstref-anna", "anna", "Kvastmakare", LARGE, RARE, 83_917.37, date(2023, 2, 11))
BERTIL = Person("8507099805", "bertil", "Sotarhjelm", ALONE, OCCUPATION, 71_353.29, date(2023, 4, 15))
CECILIA = Person("anstref-cecilia", "cecilia", "Tegelslagare", THREE, OCCUPATION, 96_553.83, date(2022, 7, 13))
DISA = Person("anstref-disa", "disa", "Vantstickare", THREE, OCCUPATION, 62_417.71, date(2022, 9, 21))
PEOPLE = (ANNA, BERTIL, CECILIA, DISA)
CONSULTANT, HOURLY_COST = "egonpost-uppdrag", 1_373.37
UNIT_COST = 108_219.43
"""What a month of the unit of one costs: what he earns, with the employer's contributions."""


def log() -> Iterator[make.Event]:
    """Everything that the town's system tells, as it should."""
    yield make.unit_defined(ABOVE, level="office")
    for unit in (*HEADS, ALONE):
        yield make.unit_defined(unit, parent=ABOVE)
    yield from _everybody_else()
    yield from _about_units()
    for one in PEOPLE:
        yield from told_of(one)
    terms = {"hourly_cost": HOURLY_COST, "covers": "egonpost-vakans", "time": "2025-01-01T08:00:00Z"}
    yield make.assignment_started(CONSULTANT, "2024-03-03", THREE, OCCUPATION, id="egonmark-1", **terms)


def told_of(one: Person) -> Iterator[make.Event]:
    """One of each type of event that is about a person, with what the contract has no place for."""
    numbers = iter(range(100))
    first, second, third, fourth = (day.isoformat() for day in one.days)
    pay, supplement, hours, bonus = one.numbers
    of = {"employment": f"{one.called}post-anstallning"}
    away = f"{one.called}post-franvaro"

    def said() -> dict[str, object]:
        return {"id": f"{one.called}mark-{next(numbers)}", **one.free()}

    terms = {"monthly_pay": pay, "variable_pay": supplement, "gender": "f", "born": 1984, "case_holder": True}
    who = {"manager": CECILIA.ref} if one is not CECILIA else {"role": "manager"}
    yield make.employment_started(one.ref, "2022-01-03", one.unit, one.occupation, **terms, **who, **of, **said())
    yield make.employment_changed(one.ref, first, fte=0.75, **of, **said())
    yield make.absence_started(one.ref, away, first, extent=0.8137, **of, **said())
    yield make.absence_changed(one.ref, away, second, 0.3119, **said())
    yield make.absence_ended(one.ref, away, third, **said())
    yield make.absence_started(one.ref, f"{away}-2", "2026-04-07", last_day="2026-05-11", **said())
    yield make.milestone_reached(one.ref, "mentor_assigned", fourth, **said())
    yield make.bonus_paid(one.ref, second, "experience", bonus, **said())
    yield make.bonus_paid(one.ref, "2026-02-25", "experience", bonus, **said())
    yield make.time_reported(one.ref, "2026-04-01", "2026-05-31", hours, overtime_hours=21, **said())
    yield make.caseload_reported(one.ref, "2026-05-04", 17, points=160, **said())
    if one is DISA:
        yield make.employment_ended(one.ref, "2026-05-19", "own_request", **of, **said())


def contradictions() -> Iterator[make.Event]:
    """What fits the contract and not the record: samples are told of it."""
    for one in PEOPLE:
        days = {"last_day": "2019-03-09", "id": f"{one.called}mark-fore"}
        yield make.absence_started(one.ref, f"{one.called}post-fore", "2019-03-02", **days)
        yield make.time_reported(one.ref, "2019-03-02", "2019-03-09", one.numbers[2], id=f"{one.called}mark-timmar")
    yield make.assignment_changed("egonpost-okand", "2024-04-04", id="egonmark-okand", hourly_cost=HOURLY_COST)


def corrections() -> Iterator[make.Event]:
    """What comes late about some of them, so that values are restated."""
    yield make.employment_changed(
        BERTIL.ref, "2026-06-10", occupation=RARE, employment="bertilpost-anstallning", id="bertilmark-ny"
    )
    yield make.incident_reported(ALONE, "2026-06-11", "violence")
    yield make.employment_ended(CECILIA.ref, "2026-06-24", employment="ceciliapost-anstallning", id="ceciliamark-slut")


def _everybody_else() -> Iterator[make.Event]:
    for unit, heads in HEADS.items():
        for n in range(heads):
            ref = f"{unit}-{n}"
            terms = {"gender": "fm"[n % 2], "born": 1984, "monthly_pay": 38_000 + 50 * n, "case_holder": True}
            yield make.employment_started(ref, "2021-01-04", unit, OCCUPATION, **terms)
            yield make.time_reported(ref, "2021-01-04", "2021-01-29", 150)
            yield make.time_reported(ref, "2025-07-01", "2026-06-28", 1_700, overtime_hours=50)
            yield make.caseload_reported(ref, "2021-03-01", 12, points=110)
            yield make.milestone_reached(ref, "mentor_assigned", "2021-02-01")
            yield make.absence_started(ref, "early", "2021-05-03", "study", last_day="2021-05-04")
            if n % 3 == 0:
                yield make.absence_started(ref, "ill", "2026-04-13", last_day="2026-05-20")
                yield make.bonus_paid(ref, "2026-03-25", "experience", 3_000)
            if n % 8 == 1:
                yield make.absence_started(ref, "study", "2026-01-12", "study", extent=0.5)
    for n in range(3):
        ref = f"{LARGE}-gone-{n}"
        yield make.employment_started(ref, "2021-01-04", LARGE, OCCUPATION, gender="f", born=1984)
        yield make.employment_ended(ref, "2026-02-28", "own_request")


def _about_units() -> Iterator[make.Event]:
    for unit, answers in {LARGE: 21, ALSO_LARGE: 19, THREE: 3, ALONE: 1}.items():
        for number, day in enumerate(("2021-03-01", "2026-04-20")):
            data = {"effective": day, "index": "hme", "invited": answers + 1, "answers": answers}
            sums = {"score_sum": 47.13 * answers, "negative": min(answers, 3)}
            yield make.event("hr.pulse.reported.v1", f"unit/{unit}", data | sums, id=f"pulse-{unit}-{number}")
        for day in ("2021-03-01", "2026-04-14", "2026-05-14"):
            yield make.incident_reported(unit, day, serious=True)
        yield make.event("hr.handover.reported.v1", f"unit/{unit}", {"effective": "2026-05-05", "cases": 2})
    for unit, cost in {LARGE: 1_400_000.0, ALSO_LARGE: 1_300_000.0, ALONE: UNIT_COST}.items():
        data = {"from": "2026-05-01", "to": "2026-05-31", "personnel_cost": cost, "agency_cost": 0}
        yield make.event("hr.cost.reported.v1", f"unit/{unit}", data, knownfrom="2021-01-01")


def recognised(text: bytes) -> set[Kind]:
    """By what anybody is, in a text as it left a service."""
    small = text.lower()
    return {kind for kind, marks in _MARKS.items() if any(mark.at(small) is not None for mark in marks)}


def around(text: bytes, kind: Kind) -> str:
    """What stands around it, where it is."""
    small = text.lower()
    at = next((found for mark in _MARKS[kind] if (found := mark.at(small)) is not None), 0)
    return text[max(0, at - 150) : at + 100].decode(errors="replace")


class _Mark(NamedTuple):
    """A text in small letters that is looked for, and what it must be a part of: looking for texts is fast."""

    text: bytes
    within: re.Pattern[bytes] | None = None

    def at(self, small: bytes) -> int | None:
        """Where it is, if it is there."""
        if (place := small.find(self.text)) < 0 or self.within is None:
            return None if place < 0 else place
        found = self.within.search(small)
        return found.start() if found else None


def _word(text: str) -> Iterator[_Mark]:
    """In whatever case, as PostgreSQL shows bytes, and within Base64 wherever it begins."""
    for form in (text, text.encode().hex(), *_in_base64(text.encode())):
        yield _Mark(form.lower().encode())


def _in_base64(text: bytes) -> Iterator[str]:
    for before, skipped in enumerate((0, 2, 3)):
        coded = base64.b64encode(b"\0" * before + text).decode()
        yield coded[skipped : (before + len(text)) * 8 // 6]


def _reference(ref: str) -> Iterator[_Mark]:
    """A personal identity number also with its century and signs within."""
    yield from _word(ref)
    if ref.isdigit():
        yield _Mark(ref[:6].encode(), re.compile(rf"{ref[:6]}\D{{1,2}}{ref[6:]}".encode()))


def _figure(number: float) -> Iterator[_Mark]:
    """However thousands and decimals are set off; also as binary sums come to it, or in whole thousands and ones."""
    whole, decimals = repr(number).split(".")
    just_below = f"{int(decimals) - 1:0{len(decimals)}}9"
    groups = re.findall(r"\d+?(?=(?:\d{3})*$)", whole)
    apart = r"(?:\s|,|'|\xc2\xa0|\xe2\x80\xaf|&nbsp;)"
    exact = rf"(?<![\d.,]){f'{apart}?'.join(groups)}[.,](?:{decimals}|{just_below})"
    rounded = rf"|(?<![\d.,]){apart.join(groups)}(?!\d)" if len(groups) > 1 else ""
    yield _Mark(groups[-1].encode(), re.compile((exact + rounded).encode("latin-1")))


_AMOUNTS = (*(number for one in PEOPLE for number in one.numbers), HOURLY_COST, UNIT_COST)
_CALLED = (*(one.called for one in PEOPLE), "egon")
_MARKS = {
    Kind.REFERENCE: [mark for one in PEOPLE for mark in _reference(one.ref)],
    Kind.PSEUDONYM: [mark for one in PEOPLE for mark in _word(one.pseudonym)],
    Kind.NAME: [mark for one in PEOPLE for mark in _word(one.surname)],
    Kind.RECORD: [mark for called in _CALLED for mark in _word(f"{called}post")],
    Kind.EVENT: [mark for called in _CALLED for mark in _word(f"{called}mark")],
    Kind.NUMBER: [mark for number in _AMOUNTS for mark in _figure(number)],
    Kind.DAY: [_Mark(day.isoformat().encode()) for one in PEOPLE for day in one.days],
}
