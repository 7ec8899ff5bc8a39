"""History as it was known, how it was restated and why, on a running metrics service."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import pytest

from cli.offline.computing.log import Computed
from cli.simulation.log import simulate
from services.alerts.domain.alert.months import Month, whole
from services.alerts.metrics_service import MetricsService
from shared.contracts import envelope
from shared.contracts.catalogue import BY_NAME, METRICS
from shared.contracts.history import Revision, Revisions, Series
from tests import builders as make
from tests.integration.computing import computed, rows_by
from tests.integration.metering import (
    TODAY,
    Service,
    message,
    metrics,
    send,
    standing,
    told_of,
)

ZONE = ZoneInfo("Europe/Stockholm")
LEFT = "2024-03-31"
HEALTH = [metric.name for metric in METRICS if metric.by_month]


class Twice(NamedTuple):
    """A service that was told a log in two parts, when the first had come in, and what each came to."""

    service: Service
    first: Computed
    noon: str
    all: Computed


UNKNOWN = {"incomplete", "not_reported"}


@pytest.fixture(scope="module")
async def twice(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Twice]:
    """A small municipality and a unit of twelve, of whom two turn out to have left while one was ill."""
    folder = tmp_path_factory.mktemp("history")
    log = [
        msgspec.json.decode(envelope.encode(event))
        for event in simulate(3, 40, 3, first=date(2023, 4, 1), last=date(2024, 4, 30), hostility=0, troubled="auto")
    ]
    cut = len(log) * 2 // 3
    first = [*log[:cut], *(make.employment_started(f"p{n}", "2023-01-01", unit="late") for n in range(12))]
    then = [
        *log[cut:],
        make.absence_started("p5", "a", "2024-03-01", last_day="2024-03-10"),
        make.employment_ended("p0", LEFT),
        make.employment_ended("p1", LEFT),
    ]
    async with standing(folder, "metrics") as stack:
        await send(stack.kafka_bootstrap_servers, map(message, first))
        await told_of(stack)
        noon = datetime.now(UTC).isoformat()
        for event in then[-3:]:
            await send(stack.kafka_bootstrap_servers, [message(event)])
            await told_of(stack)
        await send(stack.kafka_bootstrap_servers, map(message, then[:-3]))
        await told_of(stack)
        yield Twice(metrics(stack), of(folder, first), noon, of(folder, [*first, *then]))


def of(folder: Path, events: list[make.Event]) -> Computed:
    """A log as ``stadga compute`` reads it."""
    file = folder / "log.jsonl"
    file.write_bytes(make.lines(events))
    return computed([file])


def of_all_but_health(groups: dict[Any, dict[str, Any]]) -> dict[Any, dict[str, Any]]:
    """The numbers that are told as they were known at an earlier time."""
    return {group: {n: v for n, v in numbers.items() if n not in HEALTH} for group, numbers in groups.items()}


async def test_alerts_is_told_of_whole_months(twice: Twice):
    """Every month that it asks for, also of those before the first event, which have no number."""
    first, last = date(2021, 1, 1), date(2024, 4, 30)
    service = MetricsService(twice.service.url)
    async with service.asked():
        series = await service.patiently().each_month("late", "*", "leaver_rate", first, last)
    assert series
    told = [
        Month(*one)
        for one in zip((p.as_of for p in series.points), series.groups[0].metrics["leaver_rate"], strict=True)
    ]
    assert whole(told, first, last)
    numbers = {month.last: month.measured.value for month in told}
    assert [day for day, value in numbers.items() if value] == [last]  # who was there until March left in April
    assert numbers[date(2022, 12, 31)] is None


@pytest.mark.parametrize("by", ["occupation", "gender", "age"])
async def test_values_as_they_were_known(twice: Twice, by: str):
    """At an earlier time, the values of every group were those of the events that had come in."""
    then = await twice.service.groups(TODAY, by=by, known_at=twice.noon)
    now = await twice.service.groups(TODAY, by=by)
    assert of_all_but_health(then) == of_all_but_health(rows_by(twice.first, TODAY, by))
    assert of_all_but_health(now) == of_all_but_health(rows_by(twice.all, TODAY, by))
    assert then != now
    assert {numbers[name]["status"] for numbers in then.values() for name in HEALTH} == {"suppressed"}


async def test_groups_by_two(twice: Twice):
    """The municipality by occupation and gender, each by itself and both together."""
    found = await twice.service.groups(TODAY, unit="*", by="occupation,gender")
    wanted = of_all_but_health(rows_by(twice.all, TODAY, "occupation", "gender"))
    assert of_all_but_health(found) == {group: numbers for group, numbers in wanted.items() if group[0] == "*"}
    assert any("*" not in group[1:3] for group in found)


async def test_it_is_said_of_whom_no_health_may_be_told(twice: Twice):
    """Where health is asked for it is hidden of those, and told of the others once known; else nothing is said."""
    asked = {"by": "gender", "metrics": "headcount,sick_rate"}
    day = (await twice.service.ask("/v1/metrics", as_of=TODAY, **asked)).json()["groups"]
    told = {(one["metrics"]["sick_rate"]["status"], one["private"]) for one in day}
    assert {True, False} == {private for status, private in told if status not in UNKNOWN}
    assert all(private == (status == "suppressed") for status, private in told if status not in UNKNOWN)
    months = {"to": TODAY, "step": "month", "window": "step", "unit": "*"}
    for one in (await twice.service.ask("/v1/series", **asked, **months)).json()["groups"]:
        told = set(zip((value["status"] for value in one["metrics"]["sick_rate"]), one["private"], strict=True))
        assert all(private == (status == "suppressed") for status, private in told if status not in UNKNOWN)
    for path, when in (("/v1/metrics", {"as_of": TODAY}), ("/v1/series", months)):
        without = (await twice.service.ask(path, by="gender", metrics="headcount", **when)).json()["groups"]
        assert {one["private"] for one in without} == {None}


async def test_nothing_was_known_before_anything_came_in(twice: Twice):
    """The ledger was empty in the year 2000."""
    found = await twice.service.groups(TODAY, unit="*", metrics="headcount", known_at="2000-01-01T00:00:00Z")
    assert [numbers["headcount"].get("value") for numbers in found.values()] in ([], [None])


@pytest.mark.parametrize("known", ["then", "now"])
async def test_series_is_every_days_values(twice: Twice, known: str):
    """Each point of a series has the values of its day."""
    question = {"known_at": twice.noon} if known == "then" else {}
    found = await series(
        twice.service, unit="late", step="quarter", **{"from": "2023-04-01", "to": "2024-05-31"}, **question
    )
    assert [str(point.as_of) for point in found.points] == ["2023-06-30", "2023-09-30", "2023-12-31", "2024-03-31"]
    for n, point in enumerate(found.points):
        wanted = await twice.service.groups(str(point.as_of), unit="late", **question)
        assert [
            msgspec.to_builtins({name: values[n] for name, values in group.metrics.items()}) for group in found.groups
        ] == [
            {name: {"definition": BY_NAME[name].definition, **number} for name, number in numbers.items()}
            for numbers in wanted.values()
        ]


async def series(service: Service, **question: str) -> Series:
    """One GET of a series."""
    answer = await service.ask("/v1/series", **question)
    assert answer.is_success, answer.text
    return msgspec.json.decode(answer.content, type=Series)


async def revisions(service: Service, metric: str, **question: str) -> list[Revision]:
    """How a metric of the late unit was restated around the end of March, once its people were known."""
    answer = await service.ask("/v1/revisions", **{"unit": "late", "metric": metric} | question)
    assert answer.is_success, answer.text
    found = msgspec.json.decode(answer.content, type=Revisions)
    assert found.omitted == 0
    return [r for r in found.revisions if not any(c.type == "hr.employment.started.v1" for c in r.causes)]


async def test_a_late_leaver_restates_the_days_after(twice: Twice):
    """Each day from the day after the last has the value before and after, when that became known, and why."""
    found = await revisions(twice.service, "headcount", **{"from": "2024-03-30", "to": "2024-04-02"})
    told = [(str(r.as_of), r.before.value, r.after.value) for r in found]
    assert told == [("2024-04-01", 12, 11), ("2024-04-02", 12, 11), ("2024-04-01", 11, 10), ("2024-04-02", 11, 10)]
    for revision in found:
        late = revision.known_at.astimezone(ZONE).date() - date(2024, 4, 1)
        assert told_by(revision) == [("hr.employment.ended.v1", 1, True)]
        assert revision.causes[0].days_late == late.days
    assert found[0].revision < found[2].revision


def told_by(revision: Revision) -> list[tuple[str, int, bool]]:
    """The types of events behind a revision, how many, and whether that is certain."""
    return [(cause.type, cause.events, cause.certain) for cause in revision.causes]


async def test_only_the_measures_of_a_metric_count(twice: Twice):
    """What the late events did not change has no revision."""
    assert await revisions(twice.service, "caseload", **{"from": "2024-03-30", "to": "2024-04-02"}) == []


@pytest.mark.parametrize(
    ("path", "question", "said"),
    [
        ("metrics", {"known_at": "noon"}, "known_at='noon': expected a time such as"),
        ("metrics", {"metrics": "fte,sick_rate", "known_at": "2024-01-01"}, "sick_rate tells of absence, and as known"),
        ("series", {"metrics": "sick_rate", "known_at": "2024-01-01"}, "since may be about one person: leave known_at"),
        ("revisions", {"metric": "short_spell_rate"}, "since may be about one person: ask /v1/series for it"),
        ("metrics", {"by": "sex"}, "by='sex': expected occupation, gender, age"),
        ("metrics", {"unit": "late", "by": "age,gender"}, "by one of occupation, gender and age"),
        ("metrics", {"as_of": "1066-10-14"}, "as_of=1066-10-14: expected a day from 1900-01-01"),
        ("series", {"metrics": "sick"}, "no metric 'sick'"),
        ("series", {"from": "2024-02-01", "to": "2024-01-01"}, "from=2024-02-01 is after to=2024-01-01"),
        ("series", {"from": "2000-01-01", "step": "day"}, "more than 400 points, a day apart"),
        ("series", {"from": "2024-01-02", "to": "2024-01-30"}, "no month ends from 2024-01-02 to 2024-01-30"),
        ("series", {"by": "occupation", "step": "day"}, "more than 25000 values"),
        ("series", {"window": "year"}, "window='year': expected one of 1 to 3660 days, 12m, step"),
        ("series", {"step": "decade"}, "step"),
        ("revisions", {}, "metric"),
        ("revisions", {"metric": "heads"}, "no metric 'heads'"),
        ("revisions", {"metric": "headcount", "from": "2023-01-01"}, "more than 92 days: ask for fewer"),
    ],
)  # fmt: skip
async def test_wrong_question(twice: Twice, path: str, question: dict[str, str], said: str):
    """400, naming what is wrong."""
    answer = await twice.service.ask(f"/v1/{path}", **question)
    assert answer.status_code == 400, answer.text
    assert said in answer.text


@pytest.mark.parametrize("path", ["metrics", "series", "revisions?metric=headcount", "anomalies"])
async def test_unit_that_nobody_knows(twice: Twice, path: str):
    """404 with the nearest name, not an empty answer."""
    route, _, more = path.partition("?")
    answer = await twice.service.ask(f"/v1/{route}", unit="lat", **dict([more.split("=")] if more else []))
    told = answer.json()
    assert (answer.status_code, told["reason"], told["path"], told["nearest"]) == (
        404,
        "not_found",
        "query.unit",
        "late",
    )
    assert told["detail"] == "no unit 'lat'; did you mean late?"


@pytest.mark.parametrize("path", ["revisions", "as-known"])
@pytest.mark.parametrize("name", ["heads", "sick_rate"])
async def test_where_one_metric_is_wrong(twice: Twice, path: str, name: str):
    """The parameter has the name that it has in the question."""
    answer = await twice.service.ask(f"/v1/{path}", metric=name)
    assert (answer.status_code, answer.json()["path"]) == (400, "query.metric")


async def test_all_that_is_wrong_with_a_question(twice: Twice):
    """Each fault with its place, and what may stand there, in one answer."""
    question = {"metrics": "fte,heads,sick", "as_of": "1066-10-14", "window": "year", "by": "sex"}
    answer = await twice.service.ask("/v1/metrics", **question)
    faults = {(fault["path"], fault.get("nearest")) for fault in answer.json()["faults"]}
    assert {path for path, _ in faults} == {"query.metrics", "query.as_of", "query.window", "query.by"}
    assert len(answer.json()["faults"]) == 5
