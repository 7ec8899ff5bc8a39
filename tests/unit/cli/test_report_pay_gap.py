"""The command ``stadga report pay-gap``."""

import csv
import io
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from shared.contracts.pay_gap import PayGapReport
from tests import builders as make

NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def log(tmp_path: Path) -> str:
    """Twenty women and ten men, four men in a category; somebody without pay, and a line that is no event."""
    events = [make.unit_defined("u1", name="Barn och unga")]
    for n in range(20):
        supplement = {"variable_pay": 500} if n < 8 else {}
        events.append(make.employment_started(f"w{n}", "2024-01-01", gender="f", monthly_pay=38_000, **supplement))
    for n in range(10):
        terms = {"category": "<i>chef</i>"} if n < 4 else {}
        events.append(make.employment_started(f"m{n}", "2024-01-01", gender="m", monthly_pay=40_000, **terms))
    events.append(make.employment_started("x", "2024-01-01"))
    events.append(make.employment_changed("w1", "2025-07-01", monthly_pay=39_000))
    file = tmp_path / "log.jsonl"
    file.write_bytes(make.lines(events) + b"no event\n")
    return str(file)


def run(*arguments: str) -> Result:
    """The outcome of ``stadga report pay-gap`` for 2025."""
    return CliRunner().invoke(app, ["report", "pay-gap", "--year", "2025", *arguments])


@pytest.mark.parametrize("width", [80, 100, 132])
def test_no_figure_is_cut_off_at_a_narrow_terminal(log: str, width: int, monkeypatch: pytest.MonkeyPatch):
    """All seven are there, to the last digit: what is cut off reads as another number."""
    monkeypatch.setenv("COLUMNS", str(width))
    table = run(log, "--language", "en").stdout.split("article 9.1")[0]
    lines = [line for line in table.splitlines() if line.strip()]
    assert max(map(len, lines)) <= width
    rule = next(n for n, line in enumerate(lines) if "──" in line)
    assert [letter for letter in "acbdefg" if any(letter in line.split() for line in lines[:rule])] == list("acbdefg")
    assert lines[rule + 1].split()[-1] == "4.9%"


def test_tables(log: str, tmp_path: Path):
    """A row for each group, in both languages; what is hidden says so, and five per cent are marked."""
    file = tmp_path / "table.txt"
    assert run(log, "--output", str(file)).exit_code == 0
    said = file.read_text("utf-8")
    assert said.startswith("Löneskillnader mellan kvinnor och män 2025\nUtan känd lön, och därför inte med: 1.\n")
    rows = [line.split() for line in said.splitlines()]
    everybody = next(row for row in rows if row[:1] == ["Alla"])
    assert everybody[1:8] == ["20", "10", "4,4", "%", "5,0", "%", "–"]
    run(log, "--language", "en", "--output", str(file))
    assert file.read_text("utf-8").startswith("Pay gap between women and men 2025\nWithout a pay that is known")


def test_page(log: str):
    """The page escapes what others wrote, and loads nothing."""
    page = run(log, "--format", "html").stdout
    assert page.startswith('<!doctype html><html lang=sv><meta charset="utf-8">')
    assert "&lt;i&gt;chef&lt;/i&gt;" in page
    assert "<i>" not in page
    assert "http" not in page


def test_csv_and_json(log: str):
    """A line for each figure of each group; the same numbers as in the JSON."""
    rows = list(csv.DictReader(io.StringIO(run(log, "--format", "csv").stdout)))
    report = msgspec.json.decode(run(log, "--format", "json").stdout, type=PayGapReport)
    everybody = {row["figure"]: row for row in rows if row["level"] == "all"}
    assert float(everybody["mean"]["value"]) == report.groups[0].mean.value == 0.044
    assert everybody["women_with_variable"]["value"] == "0.4"
    named = [group for group in report.groups if group.category]
    assert [(group.category, group.men, group.mean.status) for group in named] == [("<i>chef</i>", 4, "not_applicable")]
    assert len(rows) == len(report.groups) * 11


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--year", "1990", "--language", "en"), "nobody is known to have had monthly pay in 1990"),
        (("--year", "2199", "--language", "en"), "2199 is not over on"),
        (("--year", "1990"), "ingen är känd som har haft månadslön under 1990"),
        (("--year", "2199"), "2199 är inte slut den"),
    ],
)
def test_what_cannot_be_told(log: str, arguments: tuple[str, ...], why: str):
    """A sentence, and 2."""
    found = CliRunner().invoke(app, ["report", "pay-gap", *arguments, log])
    assert found.exit_code == 2
    assert why in found.stderr


def test_years_before_employments_are_known(log: str):
    """A source that tells since 2024 tells nothing of the pay of 2023."""
    hired = make.employment_started("old", "2020-01-01", monthly_pay=40_000, time="2024-06-01T08:00:00Z")
    Path(log).write_bytes(make.lines([hired]))
    found = CliRunner().invoke(app, ["report", "pay-gap", "--year", "2023", log])
    said = "anställningar är kända från och med 2024-06-01, vilket inte är hela 2023\n"
    assert (found.exit_code, found.stderr) == (2, said)


def test_no_service():
    """Without files the service is asked, and where there is none it is said."""
    found = run("--url", NOBODY)
    assert found.exit_code == 2
    assert NOBODY in found.stderr
