"""The command ``stadga sources``."""

import os
from pathlib import Path

from typer.testing import CliRunner, Result

from cli.main import app
from tests import builders as make

EXAMPLE = Path(__file__).parents[3] / "deploy" / "sources.yaml"


def run(*arguments: str) -> Result:
    """The outcome of ``stadga sources``."""
    return CliRunner().invoke(app, ["sources", *arguments], env={"COLUMNS": "160"})


def test_the_example_is_a_registry():
    done = run("check", str(EXAMPLE))

    assert done.exit_code == 0, done.output
    assert "absence: working days" in done.output


def test_a_fault_is_named_with_file_line_and_column(tmp_path: Path):
    file = tmp_path / "sources.yaml"
    file.write_text("sources:\n  hr: {}\n")

    told = {language: run("check", str(file), "--language", language) for language in ("sv", "en")}

    assert [done.exit_code for done in told.values()] == [1, 1]
    assert told["en"].stdout.splitlines() == [
        f'{file}:2:7: source "hr" needs "contact"',
        f'{file}:2:7: source "hr" needs "kinds"',
    ]
    assert told["sv"].stdout.splitlines() == [
        f'{file}:2:7: källsystemet "hr" saknar "contact"',
        f'{file}:2:7: källsystemet "hr" saknar "kinds"',
    ]
    assert run("check", str(file)).stdout == told["sv"].stdout


def test_a_sound_registry_is_shown_in_both_languages():
    for language, words in (
        ("sv", ("källsystem: ", "levererar", "enheter")),
        ("en", ("sources: ", "delivers", "units")),
    ):
        shown = run("check", str(EXAMPLE), "--language", language).output
        assert [word for word in words if word not in shown] == []


def test_units_are_checked_against_those_that_are_known(tmp_path: Path):
    units = tmp_path / "units.txt"
    units.write_text("aldre\n")

    done = run("check", str(EXAMPLE), "--units", str(units))

    assert done.exit_code == 1
    assert 'det finns ingen enhet "ifo"' in done.stdout


def test_a_list_of_units_that_is_no_text_is_said(tmp_path: Path):
    units = tmp_path / "units.txt"
    units.write_bytes(b"\xff")

    for language, said in (("sv", "inte UTF-8"), ("en", "not UTF-8")):
        done = run("check", str(EXAMPLE), "--units", str(units), "--language", language)
        assert (done.exit_code, done.stderr) == (2, f"{units}: {said}: byte 0\n")


def test_a_file_that_is_not_there_is_said(tmp_path: Path):
    assert run("check", str(tmp_path / "none.yaml")).exit_code == 2


def test_a_registry_in_another_encoding_is_said_in_words(tmp_path: Path):
    file = tmp_path / "sources.yaml"
    file.write_bytes("sources:\n  # från\n".encode("iso-8859-1"))

    done = run("check", str(file))

    assert (done.exit_code, "codec" in done.output) == (1, False)
    assert done.stdout.startswith(f"{file}:2:7: byte e5 är inte UTF-8: spara filen som UTF-8")


def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path: Path):
    pipe = tmp_path / "sources.yaml"
    os.mkfifo(pipe)

    for language, said in (("sv", "ingen vanlig fil"), ("en", "not a regular file")):
        done = run("check", str(pipe), "--language", language)
        assert (done.exit_code, done.stderr) == (2, f"{pipe}: {said}\n")


def test_history_proposes_a_cadence_for_each_source_and_kind(tmp_path: Path):
    file = tmp_path / "log.jsonl"
    days = [f"2025-03-{day:02d}" for day in range(3, 8)]
    file.write_bytes(make.lines([make.absence_started("p", f"a-{d}", d, time=f"{d}T08:00:00Z") for d in days]))

    done = run("propose", str(file))

    assert done.exit_code == 0, done.output
    assert "absence: daily  # on 5 days, usually 1 d apart, 1 d at most" in done.stdout


def test_nothing_comes_of_nothing(tmp_path: Path):
    file = tmp_path / "log.jsonl"
    file.write_bytes(make.lines([make.unit_defined("ifo")]))

    assert run("propose", str(file)).exit_code == 2
