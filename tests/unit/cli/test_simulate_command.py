"""The command ``stadga simulate``."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from shared.contracts.envelope import decode

SMALL = ["simulate", "--people", "20", "--units", "2", "--years", "0.5"]


def run(*arguments: str):
    """The outcome of ``stadga simulate`` on a small municipality with more arguments."""
    return CliRunner().invoke(app, [*SMALL, *arguments])


def test_standard_output():
    """Without a file the log goes to standard output, an event a line."""
    lines = run("--hostility", "0").stdout.splitlines()
    assert len([decode(line.encode()) for line in lines]) > 100


def test_file(tmp_path: Path):
    """The file gets the same log, and the count and the days covered are told on standard error."""
    file = tmp_path / "log.jsonl"
    told = run("--output", str(file))
    assert file.read_text() == run().stdout
    assert told.stderr.strip().endswith("händelser från 2025-07-02 till 2025-12-31")
    assert run("--language", "en").stderr.strip().endswith("events from 2025-07-02 to 2025-12-31")


def test_until():
    """The log ends on the day asked for."""
    assert decode(run("--until", "2024-06-30").stdout_bytes.splitlines()[-1]).time.date().isoformat() <= "2024-06-30"


def test_no_trouble():
    """With ``none`` the municipality has no troubled unit, and so another history."""
    assert run("--troubled-unit", "none").stdout != run().stdout


def test_trouble_by_name():
    """The troubled unit can be named as people name it."""
    assert run("--troubled-unit", "Barn och unga Centrum").stdout == run("--troubled-unit", "ifo-bou-1").stdout


def test_scenario():
    """A scenario is a municipality of its own, told from its first day to its last."""
    told = CliRunner().invoke(app, ["simulate", "--scenario", "goteborg", "--until", "2024-12-31"])
    assert b"Barn och unga Norr" in told.stdout_bytes
    assert told.stderr.strip().endswith("händelser från 2022-01-01 till 2024-12-31")


@pytest.mark.parametrize(
    ("arguments", "sv", "en"),
    [
        (("--scenario", "goteborg"), "--people: ett scenario säger självt", "--people: a scenario says itself"),
        (("--troubled-unit", "Nowhere"), "ingen enhet heter 'Nowhere'", "no unit is called 'Nowhere'"),
        (("--people", "1"), "minst en per enhet behövs", "at least one a unit"),
        (("--units", "0"), "minst 1 behövs, inte 0", "at least 1 is needed, not 0"),
        (("--until", "0001-01-05"), "innan kalendern börjar", "before the calendar begins"),
        (("--until", "1960-01-05"), "dagar från 1970-01-01 till", "days from 1970-01-01 to"),
        (("--output", "/nowhere/log.jsonl"), "det finns ingen sådan fil", "No such file"),
    ],
)
def test_bad_arguments(arguments: tuple[str, ...], sv: str, en: str):
    """What cannot be simulated or written is told in a sentence, with exit code 2."""
    for language, complaint in (([], sv), (["--language", "en"], en)):
        outcome = run(*arguments, *language)
        assert outcome.exit_code == 2
        assert complaint in " ".join(outcome.stderr.replace("│", " ").split())
