"""Nine years of England's children's social workers as one event log, made from what each council published of itself.

A year of a council ends on 30 September. Everything that holds on that day is made to hold all year, and each leaver
is replaced the same day: then the mean headcount of the year is the headcount on the day, which the source divides by.
Who is too many from one year to the next moves elsewhere, which is no exit. What a region has beyond its councils is a
council of its own.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import zip_longest
from typing import NamedTuple

import msgspec

from tests.unit.metrics.references import beside

YEARS = range(2017, 2026)
ENGLAND, LONDON, ELSEWHERE = "England", "London", "elsewhere"
TENTHS = 10
"""Published amounts have one decimal; an amount here is a number of tenths."""

Row = dict[str, str]
Key = tuple[str, int]
"""A place and a year."""


def cases_of(place: str) -> str:
    """The unit of a council's case holders: the source counts consultants among them, so it stands by itself."""
    return f"{place} cases"


def numeric(cell: str) -> float | None:
    """A number, or None for the codes that say why there is none."""
    try:
        return float(cell)
    except ValueError:
        return None


def published() -> dict[Key, Row]:
    """Every row of the source, by place and year: councils by code, regions and the country by name."""
    path = beside("data", "dfe_csww", "csww_indicators_2017_to_2025.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {(_place(row), int(row["time_period"])): row for row in csv.DictReader(file)}


def is_council(row: Row) -> bool:
    """Whether a row is of a council, not of a region or the country."""
    return bool(row["la_name"])


def _place(row: Row) -> str:
    return row["new_la_code"] or row["region_name"] or ENGLAND


def log(rows: dict[Key, Row]) -> Iterator[bytes]:
    """The events of everything, as lines of JSON."""
    country = Country()
    for place, parent in _tree(rows).items():
        country.tell("unit.defined", f"unit/{place}", date(2016, 1, 1), name=place, level="unit", parent=parent)
    for year in YEARS:
        country.live({**_councils(rows, year), **_rest(rows, year)}, year)
        yield from country.told()


def _tree(rows: dict[Key, Row]) -> dict[str, str | None]:
    """Every place and what it lies in: councils in regions, the two halves of London in London, all in England."""
    parents: dict[str, str | None] = {ENGLAND: None}
    for place, row in ((place, row) for (place, _), row in rows.items() if place != ENGLAND):
        half = not is_council(row) and LONDON in place and place != LONDON
        parents[place] = row["region_name"] if is_council(row) else LONDON if half else ENGLAND
    return parents | {_rest_of(region): region for region in set(parents.values()) if region}


def _rest_of(region: str) -> str:
    return f"{region}, the rest"


class Amounts(NamedTuple):
    """What a place has in a year: people, leavers, cases; the rest in tenths of a full-time post. Unknown is none."""

    people: int
    leavers: int
    fte: int = 0
    agency: int = 0
    cover: int = 0
    vacant: int = 0
    holders: int = 0
    cases: int = 0


def _councils(rows: dict[Key, Row], year: int) -> dict[str, Amounts]:
    return {place: _amounts(row) for (place, of), row in rows.items() if of == year and is_council(row)}


def _amounts(row: Row) -> Amounts:
    def whole(column: str) -> int:
        return round(numeric(row[column]) or 0)

    def tenths(column: str) -> int:
        return round(TENTHS * (numeric(row[column]) or 0))

    agency = tenths("agency_fte")
    return Amounts(
        whole("inpost_headcount"),
        whole("leavers_headcount"),
        tenths("inpost_fte"),
        agency,
        min(agency, tenths("agency_cover_fte")),
        tenths("vacancy_fte"),
        tenths("case_holders_fte"),
        whole("cases"),
    )


def _rest(rows: dict[Key, Row], year: int) -> dict[str, Amounts]:
    """The people and leavers of a region, or of the country, that are in none of the places it is made of."""
    known = {place: _amounts(row) for (place, of), row in rows.items() if of == year}
    inside: dict[str, Amounts] = defaultdict(lambda: Amounts(0, 0))
    for place, parent in _tree(rows).items():
        if place in known and parent:
            so_far = inside[parent]
            inside[parent] = Amounts(so_far.people + known[place].people, so_far.leavers + known[place].leavers)
    return {
        _rest_of(place): Amounts(known[place].people - all_.people, known[place].leavers - all_.leavers)
        for place, all_ in inside.items()
    }


class Country:
    """Tells events, and numbers them and what they are about."""

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._ids = 0
        self._councils: dict[str, Council] = {}

    def live(self, amounts: dict[str, Amounts], year: int) -> None:
        """A year of every place that was ever told of; one that is no more has nobody."""
        for place in amounts.keys() - self._councils.keys():
            self._councils[place] = Council(place, self)
        for place, council in sorted(self._councils.items()):
            council.live(amounts.get(place, Amounts(0, 0)), year)

    def number(self) -> int:
        """A number not given before."""
        self._ids += 1
        return self._ids

    def tell(self, kind: str, subject: str, day: date, field: str = "effective", **data: object) -> None:
        """An event of a day."""
        event = {
            "specversion": "1.0",
            "id": str(self.number()),
            "source": "dfe",
            "type": f"hr.{kind}.v1",
            "subject": subject,
            "time": f"{day}T08:00:00Z",
            "data": {field: day, **{name: value for name, value in data.items() if value is not None}},
        }
        self._lines.append(msgspec.json.encode(event) + b"\n")

    def told(self) -> list[bytes]:
        """The lines since this was last asked."""
        lines, self._lines = self._lines, []
        return lines


def full_time(tenths: int) -> list[int]:
    """As many full-time posts as there are, and the last part of one."""
    posts, part = divmod(tenths, TENTHS)
    return [TENTHS] * posts + [part] * bool(part)


class Council:
    """Who and what a place has: of each kind a list of (number, tenths), kept as long as wanted, year by year."""

    def __init__(self, place: str, country: Country) -> None:
        self._place, self._country = place, country
        self._held: dict[str, list[tuple[int, int]]] = defaultdict(list)

    def live(self, amounts: Amounts, year: int) -> None:
        """A year from 1 October to 30 September."""
        day = date(year - 1, 10, 1)
        staff = full_time(min(amounts.fte, TENTHS * amounts.people))
        self._keep("staff", staff + [0] * (amounts.people - len(staff)), day)
        self._keep("fixed_term", full_time(max(0, amounts.fte - TENTHS * amounts.people)), day)
        self._keep("cover", full_time(amounts.cover), day)
        self._keep("agency", full_time(amounts.agency - amounts.cover), day)
        self._keep("vacancy", full_time(amounts.vacant), day)
        self._keep("holder", full_time(amounts.holders), day)
        for number, _ in self._held["holder"][:1]:
            self._country.tell("caseload.reported", f"person/{number}", day, open_cases=amounts.cases)
        self._replace(amounts.leavers, date(year, 4, 1))

    def _keep(self, kind: str, wanted: list[int], day: date) -> None:
        kept = []
        for old, new in zip_longest(self._held[kind], wanted):
            if old and old[1] == new:
                kept.append(old)
                continue
            if old and (new is None or kind == "vacancy"):
                self._stop(kind, old[0], day)
            if new is not None:
                goes_on = old and kind != "vacancy"
                kept.append(self._change(kind, old[0], new, day) if goes_on else self._start(kind, new, day))
        self._held[kind] = kept

    def _start(self, kind: str, tenths: int, day: date) -> tuple[int, int]:
        number, fte = self._country.number(), tenths / TENTHS
        at = {"unit": cases_of(self._place) if kind == "holder" else self._place, "occupation": "social worker"}
        match kind:
            case "staff":
                self._country.tell("employment.started", f"person/{number}", day, fte=fte, **at)
            case "fixed_term" | "holder":
                terms = {"form": "fixed_term", "case_holder": kind == "holder"}
                self._country.tell("employment.started", f"person/{number}", day, fte=fte, **terms, **at)
            case "vacancy":
                self._country.tell("vacancy.opened", f"vacancy/{number}", day, fte=fte, form="permanent", **at)
            case _:
                covers = "a post" if kind == "cover" else None
                self._country.tell("assignment.started", f"assignment/{number}", day, fte=fte, covers=covers, **at)
        return number, tenths

    def _change(self, kind: str, number: int, tenths: int, day: date) -> tuple[int, int]:
        what = "assignment" if kind in {"agency", "cover"} else "employment"
        subject = f"{'person' if what == 'employment' else what}/{number}"
        self._country.tell(f"{what}.changed", subject, day, fte=tenths / TENTHS)
        return number, tenths

    def _stop(self, kind: str, number: int, day: date) -> None:
        last_day = day - timedelta(1)
        match kind:
            case "staff":
                self._country.tell("employment.changed", f"person/{number}", day, unit=ELSEWHERE)
            case "vacancy":
                self._country.tell("vacancy.closed", f"vacancy/{number}", day, outcome="filled")
            case "agency" | "cover":
                self._country.tell("assignment.ended", f"assignment/{number}", last_day, "last_day", outcome="finished")
            case _:
                self._country.tell("employment.ended", f"person/{number}", last_day, "last_day", reason="contract_end")

    def _replace(self, leavers: int, day: date) -> None:
        staff = self._held["staff"]
        for place, (number, tenths) in enumerate(staff[:leavers]):
            self._country.tell(
                "employment.ended", f"person/{number}", day - timedelta(1), "last_day", reason="own_request"
            )
            staff[place] = self._start("staff", tenths, day)
