"""The command ``stadga report sickness``."""

import csv
import io
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from shared.contracts.sickness import Disclosure
from tests import builders as make

NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def log(tmp_path: Path) -> str:
    """Forty women and twelve men; one of the women is sick over new year, and a line is no event."""
    events = [make.unit_defined("u1", name="Barn och unga")]
    events += [make.employment_started(f"w{n}", "2024-01-01", gender="f", born=1990) for n in range(40)]
    events += [make.employment_started(f"m{n}", "2024-01-01", gender="m", born=1960) for n in range(12)]
    events += [make.absence_started("w1", "a", "2024-12-01", last_day="2025-01-31")]
    file = tmp_path / "log.jsonl"
    file.write_bytes(make.lines(events) + b"no event\n")
    return str(file)


def run(*arguments: str) -> Result:
    """The outcome of ``stadga report sickness`` for 2025 as known in March 2026."""
    return CliRunner().invoke(app, ["report", "sickness", "--year", "2025", "--as-of", "2026-03-01", *arguments])


def test_table_in_swedish(log: str):
    """Every figure stands beside its number, the days of full time behind it, and its place in the statute."""
    said = run(log).stdout
    assert said.startswith("Sjukfrånvaro 2025, hela kommunen\n1 januari 2025–31 december 2025")
    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert "1 Alla anställda 0,16 % 31 18 980 4:1 a, 1 st." in lines
    assert "2 Varav 60 dagar eller mer 100,00 % 31 31 4:1 a, 2 st. 1 p." in lines
    assert "3 Kvinnor 0,21 % 31 14 600 4:1 a, 2 st. 2 p." in lines
    assert "5 29 år eller yngre – 0 0 4:1 a, 2 st. 3 p." in lines


def test_table_in_english(log: str):
    """The same in English, of a unit by its name."""
    said = run(log, "--language", "en", "--unit", "u1").stdout
    assert said.startswith("Sickness absence 2025, Barn och unga\n1 January 2025–31 December 2025")
    assert "1 All staff 0.16% 31 18,980 4:1 a, 1 st." in [" ".join(line.split()) for line in said.splitlines()]


def test_hidden_in_the_table(log: str, tmp_path: Path):
    """What is hidden says so, and why; what hides it as well."""
    gone = tmp_path / "gone.jsonl"
    gone.write_bytes(make.lines([make.employment_ended(f"m{n}", "2025-11-30") for n in range(4)]))
    lines = [" ".join(line.split()) for line in run(log, str(gone)).stdout.splitlines()]
    men, women = lines.index("4 Män dolt 4:1 a, 2 st. 2 p."), lines.index("3 Kvinnor dolt 4:1 a, 2 st. 2 p.")
    assert (lines[men + 1], lines[women + 1]) == ("högst tio anställda", "skyddar en dold grupp")


def test_preliminary(log: str):
    """Before the year is over the table says so."""
    said = run(log, "--as-of", "2025-06-30").stdout
    assert "1 januari 2025–30 juni 2025, enligt vad som är känt den 30 juni 2025\nPreliminärt" in said


def test_no_sickness_at_all(log: str):
    """A year without any sickness is more likely a year that the source has not told of."""
    said = run(log, "--year", "2026").stdout
    assert "Ingen sjukfrånvaro är känd" in said
    assert "Ingen sjukfrånvaro är känd" not in run(log).stdout


def test_csv(log: str):
    """A line for each figure, exact, with the words of the language."""
    found = {row["name"]: row for row in csv.DictReader(io.StringIO(run(log, "--format", "csv").stdout))}
    women = found["women"]
    assert (women["key_figure"], women["sick_days"], women["of_days"]) == ("Kvinnor", "31.0", "14600.0")
    assert float(women["value"]) == 31 / 14_600
    assert (women["skr"], women["krl"], women["definition"]) == ("3", "4:1 a, 2 st. 2 p.", "stadga:sickness_women:1")


def test_json(log: str):
    """The same document as the service answers with."""
    found = msgspec.json.decode(run(log, "--format", "json").stdout, type=Disclosure)
    assert [figure.name for figure in found.figures if figure.status == "final"] == [
        "all_staff",
        "long_spells",
        "women",
        "men",
        "from_30_to_49",
        "from_50",
    ]


@pytest.mark.parametrize("how", ["table", "csv", "json"])
def test_file(log: str, how: str, tmp_path: Path):
    """With ``--output`` the report is in the file and not printed."""
    file = tmp_path / "report"
    assert run(log, "--format", how, "--output", str(file)).stdout == ""
    printed = run(log, "--format", how).stdout
    assert file.read_text("utf-8").split()[:40] == printed.split()[:40]


def test_lines_that_are_no_events(log: str):
    """They are told on standard error; the rest is reported."""
    told = run(log)
    assert (told.exit_code, told.stderr.count("log.jsonl:55:")) == (0, 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--year", "1812", "--language", "en"], "1812 is not a year between 1900 and 2200"),
        (
            ["--year", "2019", "--language", "en"],
            "nobody is known to have been employed between 2019-01-01 and 2019-12-31",
        ),
        (["--unit", "u2", "--language", "en"], "no unit 'u2' is known"),
        (["--year", "2027", "--language", "en"], "2027 has not begun on 2026-03-01: nothing is known of it"),
        (["--year", "1812"], "1812 är inget år mellan 1900 och 2200"),
        (["--unit", "u2"], "ingen enhet 'u2' är känd"),
        (["--year", "2027"], "2027 har inte börjat den 2026-03-01: inget är känt om det"),
    ],
)
def test_nothing_to_report(log: str, arguments: list[str], said: str):
    """Where there is nothing to disclose, one sentence says why, and the exit code is 2."""
    told = run(log, *arguments)
    assert (told.exit_code, told.stdout, told.stderr.splitlines()[-1]) == (2, "", said)


def test_no_service():
    """Without files and without a service, one sentence says so, and the exit code is 2."""
    told = run("--url", NOBODY)
    assert (told.exit_code, len(told.stderr.splitlines())) == (2, 1)
    assert NOBODY in told.stderr
