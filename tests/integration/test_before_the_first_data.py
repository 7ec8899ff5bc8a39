"""Before the first data there is no number: in no answer, no message, no page of Prometheus and no document."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from shared.contracts.catalogue import METRICS
from tests import builders as make
from tests.integration.asking import TODAY, asking
from tests.integration.evaluating import Day, evaluating, published
from tests.polling import until

FIRST = date(2024, 6, 11)
"""The day of the first delivery: a register of who is there, whoever came when, and what else was so for long."""
TIME = f"{FIRST}T08:00:00Z"
LOG = [
    *(make.employment_started(f"p{n}", "2010-01-01", "u1", time=TIME, monthly_pay=40_000 + n) for n in range(30)),
    *(make.caseload_reported(f"p{n}", "2015-01-01", 10, points=100, time=TIME) for n in range(30)),
    make.absence_started("p1", "a", "2016-01-01", last_day="2016-12-31", time=TIME),
    make.employment_ended("p2", "2017-05-31", time=TIME),
    make.vacancy_opened("v", "2016-02-01", "u1", "socialsekreterare", time=TIME),
    make.assignment_started("c", "2016-01-01", "u1", "socialsekreterare", kind="agency", time=TIME),
    make.time_reported("p3", "2016-01-01", "2016-01-31", 160, time=TIME),
    make.unit_defined("u1", "2010-01-01", name="Norr", time=TIME),
]
NUMBERS = {"value", "numerator", "denominator", "low", "high"}
ALL_METRICS = ",".join(metric.name for metric in METRICS)
RUN = CliRunner()


def told(answer: object) -> Iterator[Mapping[str, Any]]:
    """Every value within an answer: what has a status and a definition."""
    if isinstance(answer, dict):
        if "status" in answer:
            yield answer
        for part in answer.values():
            yield from told(part)
    elif isinstance(answer, list):
        for part in answer:
            yield from told(part)


def without_numbers(answer: object) -> bool:
    """Whether there are values in an answer, none of which has a number."""
    values = list(told(answer))
    nothing = {"incomplete", "not_reported", "suppressed", "not_applicable"}
    return bool(values) and all(
        value["status"] in nothing and all(value.get(name) is None for name in NUMBERS) for value in values
    )


async def test_every_question(postgres: str):
    """Of a day, of years, of how values were restated, of sickness, of staffing."""
    before = FIRST - timedelta(1)
    async with asking(postgres, LOG, known_since_ever=False) as asked:
        for unit in ("*", "u1"):
            for day in (date(2016, 6, 30), before):
                found = await asked.ask("/v1/metrics", as_of=f"{day}", unit=unit, metrics=ALL_METRICS)
                assert without_numbers(found.json()), found.text
            for step, window in (("month", "step"), ("year", "step"), ("quarter", "365")):
                span = {"from": "2015-01-01", "to": "2023-12-31", "step": step, "window": window, "unit": unit}
                for metric in METRICS:
                    found = await asked.ask("/v1/series", metrics=metric.name, **span)
                    assert without_numbers(found.json()), found.text
        for metric in METRICS:
            if not metric.by_month:
                asked_of = {"metric": metric.name, "from": f"{before - timedelta(20)}", "to": f"{before}"}
                revisions = (await asked.ask("/v1/revisions", **asked_of)).json()["revisions"]
                assert not revisions or without_numbers(revisions), metric.name
        for year in ("2016", "2023", "2024"):
            report = await asked.ask("/v1/reports/sickness", year=year)
            assert (report.status_code, "known from 2024-06-11" in report.text) == (400, True), report.text
        for day, status in ((before, 400), (FIRST, 200)):
            shared = await asked.ask("/v1/proposals/staffing", posts="9", as_of=f"{day}")
            assert shared.status_code == status, shared.text
        there = (await asked.ask("/v1/metrics", as_of=f"{TODAY}", metrics="headcount,leaver_rate")).json()
        headcount, leavers = (there["groups"][0]["metrics"][name] for name in ("headcount", "leaver_rate"))
    assert headcount["value"] == 29
    assert (leavers["status"], leavers["known_from"], leavers["complete_from"]) == (
        "incomplete",
        "2024-06-11",
        "2025-06-10",
    )


async def test_what_is_published(kafka_with_topics: str, postgres: str):
    """Days that are restated and lie before it; Prometheus shows what has a number today."""
    day = Day()
    day.now = datetime(2024, 6, 30, 20, tzinfo=UTC)
    async with evaluating(kafka_with_topics, postgres, day, LOG, known_since_ever=False) as running:
        people = 'stadga_headcount_people{unit="*",unit_name="*",occupation="*"}'

        def shown() -> bytes:
            return b"".join(running.exposition.business())

        await until(lambda: b"stadga_headcount" in shown(), f"a scrape shows {people}")
        page = shown().decode()
        groups = await published(kafka_with_topics)
    days = {group.as_of for group in groups}
    assert min(days) < FIRST < max(days)
    for group in groups:
        numbers = {name for name, value in group.metrics.items() if value.value is not None}
        assert not numbers if group.as_of < FIRST else "headcount" in numbers or group.as_of > FIRST
        assert "leaver_rate" not in numbers
    assert not re.search(r"^stadga_leaver_rate\S* ", page, re.MULTILINE)


@pytest.fixture
def log(tmp_path: Path) -> str:
    """The log as a file."""
    file = tmp_path / "log.jsonl"
    file.write_bytes(make.lines([*LOG, make.unit_defined("u9", time="2024-09-30T12:00:00Z")]))
    return str(file)


def test_documents(log: str, tmp_path: Path):
    """Computed, reported, proposed and charted from files."""
    computed = RUN.invoke(app, ["compute", log, "--as-of", "2016-06-30", "--format", "json", "--min-group", "0"])
    assert computed.exit_code == 0
    assert without_numbers(msgspec_json(computed.stdout))
    table = RUN.invoke(app, ["compute", log, "--as-of", "2016-06-30", "--format", "csv"]).stdout.splitlines()
    header = table[0].split(",")
    for line in table[1:]:
        cells = dict(zip(header, line.split(","), strict=True))
        assert not any(cells[name] for name in NUMBERS), line
    report = RUN.invoke(app, ["report", "sickness", "--year", "2016", "--as-of", "2024-06-30", log])
    assert (report.exit_code, "kända från och med 2024-06-11" in report.output) == (2, True), report.output
    shared = RUN.invoke(app, ["propose", "staffing", "--posts", "9", "--as-of", "2024-06-10", log])
    assert (shared.exit_code, "kända först från och med 2024-06-11" in shared.output) == (2, True), shared.output
    chart = ["chart", log, "--unit", "u1", "--from", "2016-01", "--format", "json"]
    assert "ingen källa berättar" in RUN.invoke(app, [*chart, "--metric", "pulse_score"]).output
    drawn = msgspec_json(RUN.invoke(app, [*chart, "--metric", "headcount"]).stdout)["chart"]
    assert drawn["known_from"] == f"{FIRST}"
    for point in drawn["points"]:
        assert (point["value"] is None) == (point["as_of"] < f"{FIRST}"), point


def msgspec_json(text: str) -> Any:  # noqa: ANN401  (whatever it holds)
    """A document, decoded."""
    import msgspec

    return msgspec.json.decode(text)
