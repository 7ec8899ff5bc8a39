"""The command ``stadga propose staffing``."""

import csv
import io
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from shared.contracts.staffing import StaffingProposal
from tests import builders as make

NOBODY = "http://127.0.0.1:9"
WIDE = {"COLUMNS": "160"}


@pytest.fixture
def log(tmp_path: Path) -> str:
    """Two offices of a department: three case holders with 900 points, one with 100; and one that reports none."""
    events = [make.unit_defined("bou", name="Barn och unga", parent="ifo"), make.unit_defined("vux", parent="ifo")]
    for person, unit, points in (("a", "bou", 400), ("b", "bou", 300), ("c", "bou", 200), ("d", "vux", 100)):
        events.append(make.employment_started(person, "2024-01-01", unit, case_holder=True))
        events.append(make.caseload_reported(person, "2025-01-01", 10, points=points))
    events.append(make.employment_started("e", "2024-01-01", "fam", case_holder=True))
    file = tmp_path / "log.jsonl"
    file.write_bytes(make.lines(events))
    return str(file)


def run(*arguments: str) -> Result:
    """The outcome of ``stadga propose staffing`` for 1 March 2025."""
    return CliRunner().invoke(
        app, ["propose", "staffing", "--as-of", "2025-03-01", "--language", "en", *arguments], env=WIDE
    )


def cells(said: str) -> list[list[str]]:
    """The rows of a printed table."""
    lines = (line.replace("┃", "│") for line in said.splitlines() if line.startswith(("│", "┃")))
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in lines]


def test_table(log: str):
    """A row for each office with today, need, proposal and difference, one for all, and who is left out."""
    said = run(log, "--posts", "5").stdout
    assert cells(said) == [
        ["office", "case points", "posts today", "need", "proposal", "difference", "points per post", "as proposed"],
        ["Barn och unga", "900", "3.00", "6.00", "4.50", "+1.50", "300", "200"],
        ["Vux", "100", "1.00", "0.67", "0.50", "-0.50", "100", "200"],
        ["all", "1,000", "4.00", "6.67", "5.00", "+1.00", "250", "200"],
    ]
    assert "no case points reported, left out: fam" in said


def test_a_table_in_swedish(log: str):
    """Unless told otherwise: words and numbers, and what is left out."""
    done = CliRunner().invoke(
        app, ["propose", "staffing", "--as-of", "2025-03-01", "--posts", "5.25", log, "--norm", "0.5"], env=WIDE
    )
    assert "5,25 tjänster fördelade över enheter med ärenden efter ärendepoäng, 2025-03-01" in done.stdout
    assert cells(done.stdout)[0][:5] == ["kontor", "ärendepoäng", "tjänster i dag", "behov", "förslag"]
    assert cells(done.stdout)[1] == ["Barn och unga", "900", "3,00", "1 800,00", "4,75", "+1,75", "300", "189"]
    assert "normen 0,5 poäng per heltidstjänst" in done.stdout
    assert "inga ärendepoäng rapporterade, utelämnade: fam" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--posts", "5.1"], "5,1 tjänster: antalet måste vara helt eller i fjärdedelar, över noll och högst 10000"),
        (["--posts", "0.25"], "0,25 tjänster är för få: 2 kontor behöver minst 0,5"),
        (["--posts", "5", "--unit", "buo"], "ingen handläggare arbetar i en enhet 'buo'; menade du bou?"),
        (["--posts", "5", "--norm", "0"], "en norm på 0 poäng: den måste vara över noll"),
        (["--posts", "5", "--as-of", "2020-01-01"], "ärendepoäng och handläggare är kända först från och med 2025"),
    ],
)
def test_what_cannot_be_shared_is_said_in_swedish(log: str, arguments: list[str], said: str):
    """Unless told otherwise."""
    done = CliRunner().invoke(app, ["propose", "staffing", "--as-of", "2025-03-01", log, *arguments])
    assert (done.exit_code, done.stderr[: len(said)]) == (2, said)


def test_what_is_no_log_is_said_to_be_that(tmp_path: Path):
    """A folder, a PDF: in the language asked for."""
    pdf = tmp_path / "log.jsonl"
    pdf.write_bytes(b"%PDF-1.7\n")
    swedish, english = (
        CliRunner().invoke(app, ["propose", "staffing", "--posts", "5", str(pdf), "--language", language]).stderr
        for language in ("sv", "en")
    )
    assert "PDF" in swedish
    assert "PDF" in english
    assert swedish != english


def test_json(log: str):
    """The JSON is what the service answers, by the norm that was asked for."""
    found = msgspec.json.decode(
        run(log, "--posts", "5", "--norm", "100", "--format", "json").stdout, type=StaffingProposal
    )
    assert [(office.unit, office.need, office.proposal) for office in found.offices] == [
        ("bou", 9, 4.5),
        ("vux", 1, 0.5),
    ]
    assert (found.posts, found.norm, found.unit, found.unmeasured) == (5, 100, None, ["fam"])


def test_csv(log: str):
    """CSV has a line for each office, of the units right below the one asked for."""
    rows = list(csv.DictReader(io.StringIO(run(log, "--posts", "5", "--unit", "ifo", "--format", "csv").stdout)))
    assert [(row["as_of"], row["unit"], row["proposal"], row["itself"]) for row in rows] == [
        ("2025-03-01", "bou", "4.5", "false"),
        ("2025-03-01", "vux", "0.5", "false"),
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--posts", "5.1"], "5.1 posts: it must be whole or in quarters"),
        (["--posts", "5", "--unit", "buo"], "no case holder works in a unit 'buo'; did you mean bou?"),
        (["--posts", "5", "--norm", "0"], "a norm of 0 points"),
    ],
)
def test_what_cannot_be_shared(log: str, arguments: list[str], said: str):
    """What makes no sense is refused in one sentence, with exit code 2."""
    done = run(log, *arguments)
    assert done.exit_code == 2
    assert done.stderr.startswith(said)
    assert len(done.stderr.splitlines()) == 1


def test_without_files_the_service_is_asked():
    """Without files and without a service that answers, one sentence says so."""
    done = run("--posts", "5", "--url", NOBODY)
    assert done.exit_code == 2
    assert done.stderr.startswith(f"the metrics service does not answer at {NOBODY}")
