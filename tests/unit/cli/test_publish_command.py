"""``stadga publish``: what keeps it from being done is said in one sentence, and ends it."""

import os
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner

from cli.commands.import_ import MAPPINGS
from cli.connect.publishing import faults, sender
from cli.connect.publishing.line import FilePlace, Kind, LineFault
from cli.main import app
from shared.contracts.rejections import Reason
from tests import builders as make

NOWHERE = "http://127.0.0.1:1"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is worth trying again here."""

    def never(*_: object) -> None:
        raise AssertionError("tried again")

    monkeypatch.setattr(sender.time, "sleep", never)


def said(folder: Path, url: str, token: str) -> str:
    """The one sentence."""
    file = folder / "events.jsonl"
    file.write_bytes(make.encoded(make.unit_defined("u1")))
    result = CliRunner().invoke(app, ["publish", str(file), "--url", url, "--token", token, "--language", "en"])
    assert result.exit_code == 2
    (sentence,) = result.output.splitlines()
    return sentence


@pytest.mark.parametrize("token", ["s3cret\nb", "s3cretå", " s3cret", "s3cret\r", "s3cret\x00", ""])
def test_what_is_no_token(tmp_path: Path, token: str):
    """No header can carry it; it is shown all the same to nobody."""
    sentence = said(tmp_path, NOWHERE, token)
    assert sentence.startswith("the token is none: ")
    assert "s3cret" not in sentence


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://x", "http://[::", "http://", "x", "127.0.0.1:8801", "http:/127.0.0.1", "file:///x"),
        *("http://h:99999", "http://h:0", "http://h:x", "http://a..b", "http://xn--a", "http://☃☃", "http://a\nb"),
        f"http://{'a' * 70}.se",
        "http://u:s3cret@127.0.0.1",
    ],
)
def test_what_is_no_address(tmp_path: Path, url: str):
    """Found before anything is tried, and not repeated."""
    sentence = said(tmp_path, url, "local")
    assert sentence.startswith("--url ")
    assert "s3cret" not in sentence


def test_a_check_sends_nothing(tmp_path: Path):
    """It says what ingest would refuse, of JSON lines and of rows, without asking anybody."""
    file = tmp_path / "events.jsonl"
    events = make.unit_defined("u1"), make.unit_defined("u2", effective="1492-10-12"), make.unit_defined("a|b")
    file.write_bytes(make.lines(events))
    result = CliRunner().invoke(app, ["publish", str(file), "--url", NOWHERE, "--check", "--language", "en"])
    assert (result.exit_code, result.stdout) == (
        1,
        "would be accepted 1, refused 2 (1 date_out_of_range, 1 invalid_value)\n",
    )
    assert f"{file}:2: date_out_of_range at $.time" in result.stderr
    assert f"{file}:3: invalid_value at $.subject" in result.stderr


def test_single_events_are_told_of_in_swedish(tmp_path: Path):
    """Unless told otherwise: the reason for machines, where, and what is wrong."""
    file = tmp_path / "events.jsonl"
    file.write_bytes(make.lines([make.unit_defined("u2", effective="1492-10-12"), {"id": 7}]) + b"nothing\n")
    told = CliRunner().invoke(app, ["publish", str(file), "--check"]).stderr
    assert f"{file}:1: date_out_of_range i $.time: dagen är för långt borta" in told
    assert f"{file}:2: " in told
    assert f"{file}:3: not_json i $: det är ingen JSON" in told


def test_single_cells_are_told_of_in_swedish(tmp_path: Path):
    """With their column, what stands there, and what a spreadsheet made of it."""
    place = FilePlace("staff.csv", 3)
    fault = LineFault(place, "invalid_value", "$", "a spreadsheet has …", "digits_lost", "Persnr", "1,98E+11")
    assert faults.said(fault, "sv").startswith(
        "invalid_value i $: Persnr '1,98E+11': kalkylprogrammet har gjort om numret"
    )
    assert faults.said(fault, "en") == "invalid_value at $: a spreadsheet has …"
    assert faults.said(LineFault(place, "newer", "$", "of a newer ingest"), "sv") == "newer i $: of a newer ingest"


def test_every_reason_has_its_words():
    """All that ingest may say."""
    assert set(faults.REASONS) == set(get_args(Reason))
    assert set(faults.KINDS["sv"]) == set(faults.KINDS["en"]) == set(get_args(Kind)) - {""}


def test_a_table_is_no_pipe(tmp_path: Path):
    """It is read twice; one that nobody writes to keeps nobody waiting."""
    pipe = tmp_path / "staff.csv"
    os.mkfifo(pipe)
    how = ("--mapping", str(MAPPINGS / "anstallningar.yaml"), "--check", "--language", "en")
    result = CliRunner().invoke(app, ["publish", str(pipe), *how])
    assert (result.exit_code, "no file but a pipe or a device" in result.stderr) == (2, True)
