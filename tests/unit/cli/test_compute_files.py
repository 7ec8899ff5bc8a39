"""``stadga compute`` of files that are no logs, and of a log of the future: said in a sentence."""

import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from cli.main import app
from shared.language.said import Said
from tests import builders as make
from tests.conftest import here
from tests.unit.cli.paxml import paxml, transaction, written

RUN = CliRunner()
TABLE = Said(
    "en tabell, inga händelser: gör händelser av den med stadga import employments",
    "a table, no events: make events of it with stadga import employments",
)
PAXML = Said("en PAXml-fil: läs in den med stadga import paxml", "a PAXml file: read it with stadga import paxml")
AHEAD = Said(
    "en del händelser ligger i framtiden, den sista 2052-", "some events are recorded in the future, the last at 2052-"
)


def table(folder: Path) -> Path:
    """A CSV file."""
    file = folder / "staff.csv"
    file.write_text("Anstnr;Personnr\n5;p\n", "utf-8")
    return file


def book(folder: Path) -> Path:
    """A workbook."""
    file = folder / "staff.xlsx"
    Workbook().save(file)
    return file


def test_a_table_and_paxml_are_for_import(tmp_path: Path):
    """Which command takes them is said once, not a fault for each line."""
    pax = written(tmp_path / "times.xml", paxml([transaction("SJK", "2024-02-05", timmar=8)]))
    for file, said in ((table(tmp_path), TABLE), (book(tmp_path), TABLE), (pax, PAXML)):
        for language in ("sv", "en"):
            result = RUN.invoke(app, ["compute", str(file), "--as-of", "2024-03-31", "--language", language])
            told = said.told("sv" if language == "sv" else "en")
            assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{file}: {told}\n")


@pytest.mark.parametrize(("start", "is_ahead"), [("2052-02-01", True), ("2022-02-01", False)])
def test_events_recorded_in_the_future_are_said_to_be(tmp_path: Path, start: str, is_ahead: bool):
    """They count, since a log may be of a simulated future; ingest would refuse them."""
    file = tmp_path / "log.csv"
    file.write_bytes(make.lines([make.employment_started("o", start)]))
    asked = ["compute", str(file), "--as-of", "2053-01-01"]
    sv, en = RUN.invoke(app, asked), RUN.invoke(app, [*asked, "--language", "en"])
    assert (sv.exit_code, en.exit_code) == (0, 0)
    assert (AHEAD.sv in sv.stderr, AHEAD.en in en.stderr) == (is_ahead, is_ahead)


def test_the_command_without_its_installation():
    """``python -m cli`` is ``stadga``."""
    done = subprocess.run([sys.executable, "-m", "cli", "--help"], env=here(), capture_output=True, check=True)
    assert "Användning: stadga" in done.stdout.decode()
