"""``stadga import``: the files of the documentation, from the command line to the numbers, worked out by hand."""

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import Result
from typer.testing import CliRunner

from cli.connect.publishing.words import EN
from cli.main import app
from tests.unit.cli.paxml import paxml, transaction, written

RUN = CliRunner()
EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
STAFF, MARCH, APRIL = EXAMPLES / "anstallningar.csv", EXAMPLES / "paxml-mars.xml", EXAMPLES / "paxml-april.xml"


def run(*arguments: object) -> Result:
    """A run of the command."""
    return RUN.invoke(app, ["import", *map(str, arguments), "--language", "en"])


@pytest.fixture
def staff(tmp_path: Path) -> Path:
    """The events of the employments."""
    file = tmp_path / "staff.jsonl"
    known = ("--known-from", "2024-01-01")
    assert run("employments", STAFF, "--as-of", "2024-04-01", *known, "--output", file).exit_code == 1
    return file


@pytest.fixture
def months(tmp_path: Path, staff: Path) -> list[Path]:
    """The events of the employments, of March, and of April after it."""
    march, april = tmp_path / "march.jsonl", tmp_path / "april.jsonl"
    told = ("--employments", staff, "--known-from", "2024-01-01", "--output")
    assert run("paxml", MARCH, *told, march).exit_code == 1
    assert run("paxml", APRIL, "--previous", MARCH, *told, april).exit_code == 0
    return [staff, march, april]


def computed(files: list[Path], *options: str) -> dict[str, Any]:
    """What `stadga compute` says of the two months."""
    asked = ["--as-of", "2024-04-30", "--window", "60", "--min-group", "0", "--format", "json", *options]
    result = RUN.invoke(app, ["compute", *map(str, files), *asked])
    assert (result.exit_code, result.stderr) == (0, "")
    found: dict[str, Any] = msgspec.json.decode(result.stdout)
    return found


def test_the_numbers_are_those_worked_out_by_hand(months: list[Path]):
    """One spell of 13 days over Easter and the end of the month: 4 whole days and 9 half; 60 days are looked at."""
    report = computed(months, "--measures")
    (all_units,) = (row for row in report["rows"] if row["unit"] == "*")
    measures = all_units["measures"]
    assert measures["sick_fte"]["mean"] == pytest.approx((4 + 9 / 2) / 60)
    assert measures["sick_spells"]["flow"] == 1
    assert measures["parental_fte"]["mean"] == pytest.approx(7 * 0.75 * 0.5 / 60)
    assert measures["overtime_hours"]["flow"] == pytest.approx(5.5, abs=1e-4)
    assert measures["worked_hours"]["flow"] == pytest.approx(20 + 24 + 5.5, abs=1e-4)
    assert all_units["metrics"]["sick_rate"]["value"] == pytest.approx((4 + 9 / 2) / (2.75 * 60 - 7 * 0.75 * 0.5))
    assert (report["anomalies"], report["events"]["rejected"]) == ({}, 0)


def test_imported_again_changes_nothing(months: list[Path]):
    """Every event of a second import is a duplicate."""
    once, twice = computed(months), computed([*months, *months])
    assert once["rows"] == twice["rows"]
    assert twice["events"]["duplicates"] == once["events"]["accepted"]


def test_what_was_understood_and_what_not(tmp_path: Path, staff: Path):
    """As lines on stderr, and as JSON."""
    file = tmp_path / "report.json"
    result = run("paxml", MARCH, "--employments", staff, "--report", file)
    report = msgspec.json.decode(file.read_bytes())
    assert {name: report[name] for name in ("records", "used", "passed_over", "people", "spells")} == {
        "records": 11,
        "used": 7,
        "passed_over": 1,
        "people": 3,
        "spells": 2,
    }
    assert report["unknown_codes"] == {"LUNCH": {"count": 1, "file": str(MARCH), "first_line": 20}}
    assert [(b["line"], b["field"]) for b in report["broken"]] == [(17, "tidtrans"), (19, "datum")]
    assert (report["first_day"], report["last_day"]) == ("2024-03-04", "2024-03-28")
    assert f"Code LUNCH is not known: 1 record, the first at row 20 of {MARCH.name}." in result.stderr
    assert sum(report["events"].values()) == len(result.stdout.splitlines())


def test_codes_of_ones_own(tmp_path: Path, staff: Path):
    """Then nothing is unknown."""
    codes, file = tmp_path / "codes.yaml", tmp_path / "f.xml"
    codes.write_text("absence: {leave: [LUNCH]}\n")
    written(file, paxml([transaction("LUNCH", "2024-03-14", who='anstid="1001"')]))
    assert run("paxml", file, "--employments", staff, "--codes", codes).exit_code == 0
    assert run("paxml", file, "--employments", staff).exit_code == 2


def test_a_file_that_does_not_say_when_it_was_made(tmp_path: Path):
    """``--as-of`` does, by Swedish clocks."""
    bare = paxml([transaction("SJK", "2024-03-14")]).replace("<datum>2024-12-31T06:00:00</datum>", "")
    result = run("paxml", written(tmp_path / "f.xml", bare), "--as-of", "2024-04-01T12:00")
    assert msgspec.json.decode(result.stdout)["time"] == "2024-04-01T12:00:00+02:00"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("paxml", STAFF), "a table, no PAXml: if it is of employments, read it with stadga import"),
        (("paxml", MARCH, "--previous", APRIL), "no earlier than the files that come after it"),
        (("paxml", MARCH, "--employments", STAFF), "anstallningar.csv:1: not an event"),
        (("paxml", MARCH, "--codes", MARCH), "paxml-mars.xml: "),
        (
            ("employments", MARCH, "--as-of", "2024-04-01"),
            "paxml-mars.xml: a PAXml file: read it with stadga import paxml",
        ),
        (("employments", STAFF, "--as-of", "2024-04-01", "--mapping", STAFF), "anstallningar.csv: "),
        (("employments", STAFF, "--as-of", "2024-04-01", "--output", EXAMPLES), "Is a directory"),
        (("employments", STAFF, "--as-of", "2024-04-01", "--mapping", "no.yaml"), "no.yaml"),
    ],
)
def test_nothing_can_be_done(arguments: tuple[object, ...], said: str):
    """Exit code 2, and one sentence."""
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def knowns(text: str) -> set[str]:
    """Since when events say that they tell all there is."""
    return {msgspec.json.decode(line)["knownfrom"] for line in text.splitlines()}


def test_known_from_the_files_own_day_unless_said_otherwise(staff: Path):
    """Whoever made the file knows whether it tells of all who left; one old end does not show that it does."""
    assert knowns(staff.read_text()) == {"2024-01-01"}
    assert knowns(run("employments", STAFF, "--as-of", "2024-04-01").stdout) == {"2024-04-01"}
    later = run("employments", STAFF, "--as-of", "2024-12-01")
    assert knowns(later.stdout) == {"2024-12-01"}
    assert "1 employment had ended already, the first on 2024-08-31" in later.stderr


def test_absences_are_known_from_the_first_day_of_the_file(staff: Path):
    """Unless said otherwise."""
    assert knowns(run("paxml", MARCH, "--employments", staff).stdout) == {"2024-03-04"}


@pytest.mark.parametrize("command", [("employments", "--as-of", "2024-04-01"), ("paxml",)])
def test_a_pipe_that_nobody_writes_to_is_not_waited_for(command: tuple[str, ...], tmp_path: Path):
    """It is said at once that it is no file to import."""
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    done = run(*command, pipe)
    assert (done.exit_code, done.stderr) == (2, f"{pipe}: {EN.hindrances['pipe']}\n")
