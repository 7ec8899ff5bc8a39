"""Counts a simulated log by hand, straight from its events: slow, simple, and no part of the product's arithmetic.

Works on logs without corrections. Stocks are counted on one day, flows over the 365 days that end with it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import msgspec

from shared.contracts.envelope import CloudEvent

YEAR = 365
ENDLESS = date(2200, 1, 1)


class Log:
    """The events of a log by type and subject, each as its data with the dates read."""

    def __init__(self, events: Iterable[CloudEvent]) -> None:
        self.by_type: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
        for event in events:
            data = msgspec.json.decode(event.data)
            for name in ("effective", "last_day"):
                if name in data:
                    data[name] = date.fromisoformat(data[name])
            self.by_type[event.type.removeprefix("hr.").removesuffix(".v1")][event.subject].append(data)

    def attributes(self, person: str, day: date) -> dict[str, Any] | None:
        """The person's employment as it is on a day, or None."""
        (start,) = self.by_type["employment.started"][person]
        if not start["effective"] <= day <= self.last_day("employment.ended", person):
            return None
        got = {"form": "permanent", "fte": 1.0, "case_holder": False} | start
        for change in sorted(self.by_type["employment.changed"][person], key=lambda c: c["effective"]):
            if change["effective"] <= day:
                got |= change
        return got

    def last_day(self, end_type: str, subject: str) -> date:
        """The last day of something, far away if it has not ended."""
        ends = self.by_type[end_type].get(subject)
        return ends[0]["last_day"] if ends else ENDLESS

    def employed(self, day: date) -> list[dict[str, Any]]:
        """Everyone employed on a day, with what they are that day."""
        found = (self.attributes(person, day) | {"person": person} for person in self._there(day))
        return list(found)

    def _there(self, day: date) -> list[str]:
        return [p for p in self.by_type["employment.started"] if self.attributes(p, day) is not None]

    def mean_headcount(self, day: date) -> Counter[str]:
        """Permanent staff by unit (and ``*``), the mean of twelve days a month apart."""
        counted: Counter[str] = Counter()
        for month in range(12):
            for person in self.employed(day - timedelta(days=30 * month)):
                counted.update(dict.fromkeys((person["unit"], "*"), person["form"] == "permanent"))
        return Counter({unit: number / 12 for unit, number in counted.items()})

    def leavers(self, day: date, *reasons: str) -> Counter[str]:
        """Permanent staff whose last day lies in the year before ``day``, by unit (and ``*``)."""
        counted: Counter[str] = Counter()
        for person, (end, *_) in self.by_type["employment.ended"].items():
            inside = day - timedelta(days=YEAR) <= end["last_day"] < day
            if inside and end["reason"] in reasons:
                unit = self.attributes(person, end["last_day"])["unit"]
                counted.update((unit, "*"))
        return counted

    def agency_fte(self, day: date) -> float:
        """Consultants at work on a day."""
        return sum(
            start["fte"]
            for subject, (start,) in self.by_type["assignment.started"].items()
            if start.get("kind", "agency") == "agency"
            and start["effective"] <= day <= self.last_day("assignment.ended", subject)
        )

    def vacant_fte(self, day: date) -> float:
        """Posts vacant on a day."""
        closed = {v: end["effective"] for v, (end,) in self.by_type["vacancy.closed"].items()}
        return sum(
            opened["fte"]
            for vacancy, (opened,) in self.by_type["vacancy.opened"].items()
            if opened["effective"] <= day < closed.get(vacancy, ENDLESS)
        )

    def caseload(self, day: date, unit: str | None = None) -> float:
        """Open cases per full-time case holder on a day."""
        people = [p for p in self.employed(day) if unit in (None, p["unit"])]
        reports = self.by_type["caseload.reported"]
        cases = sum(max(reports[p["person"]], key=_effective)["open_cases"] for p in people if p["person"] in reports)
        return cases / sum(p["fte"] for p in people if p["case_holder"])

    def sick_share(self, day: date, unit: str | None = None) -> float:
        """People away sick, at any extent, among those employed: the mean of twelve days a month apart."""
        days = [day - timedelta(days=30 * month) for month in range(12)]
        there = [(p["person"], d) for d in days for p in self.employed(d) if unit in (None, p["unit"])]
        return sum(self._is_sick(person, d) for person, d in there) / len(there)

    def _is_sick(self, person: str, day: date) -> bool:
        ended = {end["absence"]: end["last_day"] for end in self.by_type["absence.ended"].get(person, ())}
        return any(
            start["kind"] == "sick" and start["effective"] <= day <= ended.get(start["absence"], ENDLESS)
            for start in self.by_type["absence.started"].get(person, ())
        )


def _effective(report: dict[str, Any]) -> date:
    return report["effective"]
