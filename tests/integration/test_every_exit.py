"""Every exit that values leave by, walked: none tells of the health of ten people or fewer, nor of six answers."""

from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.offline.charting.question import UNFIT
from cli.offline.computing.log import Computed
from cli.offline.computing.rows import Question, report
from services.metrics.app import metrics
from services.metrics.settings import MetricsSettings
from shared.contracts.catalogue import METRICS
from shared.contracts.metrics import GroupComputed
from tests import builders as make
from tests.integration.asking import TODAY, asking
from tests.integration.computing import computed
from tests.integration.exits import (
    BY_MONTH,
    NO_VALUES,
    NUMBERS,
    PAIRS,
    SINGLE,
    UNITS,
    WALKED,
    WALKS,
    Heard,
    Left,
    Told,
    left,
    numbers,
    of_group,
    of_row,
    scraped,
)
from tests.integration.small_groups import Months, is_few, late, log


def heard_of(gone: Left) -> dict[str, Heard]:
    """Scrapes and messages."""
    scrapes, messages = Heard([], set()), Heard([], set())
    for text in gone.scrapes:
        scrapes.take(text, scraped(text))
    for message in msgspec.to_builtins(gone.messages):
        messages.take(message, of_row(message, message["as_of"], 12))
    return {"/metrics": scrapes, "workforce.metrics": messages}


def run(*arguments: str) -> dict[str, Any] | None:
    """What a command prints, None if it refuses."""
    said = CliRunner().invoke(app, arguments)
    assert said.exit_code in {0, 2}, said.output
    return msgspec.json.decode(said.stdout) if said.exit_code == 0 else None


def computing(file: Path) -> Heard:
    """``stadga compute``, of every day, window and breakdown."""
    heard = Heard([], set())
    days = [(as_of, "365") for as_of in ("2024-05-31", "2024-05-20")] + [("2024-04-30", "30"), ("2024-05-31", "31")]
    for (as_of, window), by in product(days, (*SINGLE, *PAIRS)):
        more = ["--by", by] if by else []
        found = run("compute", str(file), "--as-of", as_of, "--window", window, "--format", "json", "--measures", *more)
        assert found
        told = (one for row in found["rows"] for one in of_row(row, as_of, 12 if window == "365" else 1))
        heard.take(found["rows"], told)
    return heard


def charting(file: Path) -> Heard:
    """``stadga chart`` of every unit's health."""
    heard = Heard([], set())
    for name, unit in product(sorted({*BY_MONTH} - UNFIT.keys()), UNITS):
        if found := run("chart", str(file), "--metric", name, "--unit", unit, "--to", "2024-04"):
            points = found["chart"]["points"]
            last = date.fromisoformat(points[-1]["as_of"])
            told = [
                Told((unit, "*", "*", "*"), Months(date.fromisoformat(p["as_of"]), 1), last, name, p) for p in points
            ]
            heard.take(found, told if name in BY_MONTH else [])
    return heard


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole log."""
    made = tmp_path_factory.mktemp("exits") / "log.jsonl"
    made.write_bytes(make.lines([*log(), *late()]))
    return made


def secrets(folded: Computed) -> set[str]:
    """The health of all groups of few in each month and in twelve, as numbers that nothing else comes to."""
    few, others = set[str](), set[str]()
    for (as_of, window), by in product(WINDOWS, (*SINGLE, *PAIRS)):
        asked = Question(
            date.fromisoformat(as_of), window, METRICS, 0, tuple(by.split(",")) if by else (), with_measures=False
        )
        for row in msgspec.to_builtins(report(folded, asked).rows):
            months = Months(asked.as_of, 12 if window == 365 else 1)
            for name, value in row["metrics"].items():
                is_secret = name in BY_MONTH and is_few(name, of_group(row), months, asked.as_of)
                amounts = [value[n] for n in NUMBERS if value[n] is not None]
                (few if is_secret else others).update(numbers([*amounts, *(window * one for one in amounts)]))
    return few - others


def is_of_late(message: GroupComputed) -> bool:
    """Whether a message is about those whom one came to late, and some answers."""
    return (message.unit, message.occupation, message.as_of) == ("late", "*", TODAY)


def numerators(gone: Left, metric: str) -> set[float | None]:
    """All that was ever told of them."""
    return {m.metrics[metric].numerator for m in gone.messages if is_of_late(m) and metric in m.metrics}


WINDOWS = [("2024-03-31", 31), ("2024-04-30", 30), ("2024-05-31", 31), ("2024-05-31", 365), ("2024-04-30", 365)]


async def test_every_exit(kafka_with_topics: str, postgres: str, file: Path):
    """No number of the health of few; and of many, something is told at each exit that tells of health."""
    gone = await left(kafka_with_topics, postgres)
    heard = {**heard_of(gone), "compute": computing(file), "chart": charting(file)}
    async with asking(postgres) as asked:
        for path, walk in WALKS.items():
            heard[path] = Heard([], set())
            await walk(asked, gone.noon, heard[path])
    silent = {path for path, one in heard.items() if not one.told}
    assert silent == {"/v1/revisions", "/v1/as-known", "/v1/proposals/staffing", "/v1/reports/pay-gap"}
    few = [(path, t) for path, one in heard.items() for t in one.told if is_few(t.metric, *t[:3])]
    assert few == []
    [[sick], [score]] = (numerators(gone, name) for name in ("sick_rate", "pulse_score"))
    assert (sick, bool(score)) == (None, True)
    assert {t.metric for one in heard.values() for t in one.told} >= {*BY_MONTH}
    found = secrets(computed([file]))
    assert len(found) > 500
    assert {path: one.numbers & found for path, one in heard.items() if one.numbers & found} == {}


def test_no_exit_is_left_out():
    """Every route of the service is walked with all it can be asked with, or tells of no values."""
    service = metrics(
        MetricsSettings(kafka_bootstrap_servers="127.0.0.1:1", database_url="postgresql://127.0.0.1/none")
    )
    assert {route.path for route in service.routes} == WALKED.keys() | NO_VALUES
    asked_with = {
        path: {one.name for one in item.get.parameters or ()}
        for path, item in (service.openapi_schema.paths or {}).items()
        if path in WALKED and item.get
    }
    assert asked_with == {path: names for path, names in WALKED.items() if path != "/metrics"}
    assert WALKS.keys() | {"/metrics"} == WALKED.keys()


REFUSED = [
    ("/v1/metrics", {"window": "30"}, "of whole months only"),
    ("/v1/metrics", {"window": "364", "as_of": "2024-05-31"}, "of whole months only"),
    ("/v1/metrics", {"known_at": "2024-06-01T12:00:00Z"}, "as known now only"),
    ("/v1/metrics", {"as_of": "2024-07-01"}, "not ahead of time"),
    ("/v1/series", {"step": "day", "from": "2024-06-01"}, "of whole months only"),
    ("/v1/series", {"step": "week", "from": "2024-06-01"}, "of whole months only"),
    ("/v1/series", {"window": "30", "from": "2024-05-01", "to": "2024-05-31"}, "of whole months only"),
    ("/v1/series", {"known_at": "2024-06-01T12:00:00Z"}, "as known now only"),
    ("/v1/series", {"to": "2024-12-31"}, "not ahead of time"),
]


async def test_what_is_refused(postgres: str):
    """Health that is asked for by name, where it is not told: in a sentence that says so."""
    async with asking(postgres, log()) as asked:
        for (path, question, why), name in product(REFUSED, BY_MONTH):
            answer = await asked.ask(path, metrics=name, **question)
            assert (answer.status_code, name in answer.text, why in answer.text) == (400, True, True), answer.text
        for name in BY_MONTH:
            assert (await asked.ask("/v1/revisions", metric=name)).status_code == 400
            assert (await asked.ask("/v1/as-known", metric=name)).status_code == 400
