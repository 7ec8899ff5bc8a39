"""Units whose names do harm, through every command that shows them."""

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import terminal
from cli.main import app
from cli.offline.computing import output
from cli.offline.computing.log import Counts
from cli.offline.computing.rows import GroupRow, Report
from tests import builders as make
from tests.unit.alerts.test_plan import WHOLE
from tests.unit.cli.hostile import MARKUP, NAMES, unseen

DAY = ["--as-of", "2025-03-01"]
COMMANDS = (
    ["compute", *DAY],
    ["compute", *DAY, "--format", "csv"],
    ["compute", *DAY, "--format", "json"],
    ["report", "sickness", "--year", "2024", *DAY, "--unit", MARKUP],
    ["report", "sickness", "--year", "2024", *DAY, "--format", "csv", "--unit", MARKUP],
    ["propose", "staffing", "--posts", "9", *DAY],
    ["propose", "staffing", "--posts", "9", *DAY, "--format", "csv"],
    ["propose", "staffing", "--posts", "9", *DAY, "--format", "json"],
    ["chart", "--metric", "headcount", "--unit", MARKUP],
)


def run(*arguments: str, **environment: str) -> tuple[int, str, str]:
    """The exit code of a command, what it prints, and what it says beside that; an error of the program is raised."""
    done = CliRunner().invoke(app, arguments, env={"COLUMNS": "400"} | environment, catch_exceptions=False)
    assert environment.get("FORCE_COLOR") or not unseen(done.stdout)
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Units of every hostile name; the one of markup has twelve people, the others one each, all with cases."""
    events = []
    for number, name in enumerate(NAMES):
        for person in range(12 if name == MARKUP else 1):
            who = f"p{number}x{person}"
            events.append(make.employment_started(who, "2024-01-01", name, case_holder=True))
            events.append(make.caseload_reported(who, "2025-01-01", 10, points=100))
        events.append(make.unit_defined(f"u{number}", name=name, parent=MARKUP))
    events.append(make.unit_defined(MARKUP, name=f"{MARKUP} $a_ \x1b[2J", time="2025-02-02T08:00:00Z"))
    events.append(make.absence_started("p0x0", "a", "2024-01-01"))
    file = tmp_path_factory.mktemp("hostile") / "[x] $a.jsonl"
    file.write_bytes(make.lines(events) + b"no event\n")
    return str(file)


@pytest.mark.parametrize("command", COMMANDS)
def test_names_do_nothing(log: str, command: list[str]):
    """The command ends well, shows a name in brackets as it is, and prints nothing that cannot be seen."""
    code, printed, said = run(*command, log)
    assert (code, unseen(said)) == (0, set())
    assert MARKUP in printed


def test_a_picture_of_a_name(log: str, tmp_path: Path):
    """A name that would be a formula of mathematics is drawn as it is."""
    file = tmp_path / "chart.png"
    assert run("chart", log, "--metric", "headcount", "--unit", MARKUP, "--output", str(file))[0] == 0
    assert file.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", NAMES)
def test_the_table_shows_every_name(name: str, capsys: pytest.CaptureFixture[str]):
    """Each name is in the table on its line, whatever ingest accepts."""
    report = Report(date(2025, 3, 1), 365, Counts(), [GroupRow(name, "*", {})], {})
    terminal.console().print(output.as_table(report, (), "sv"))
    printed = capsys.readouterr().out
    assert terminal.harmless(name) in printed
    assert not unseen(printed)


def test_a_plan_of_names(tmp_path: Path):
    """Titles and owners of a plan do nothing in its summary, nor do its faults."""
    file = tmp_path / f"{MARKUP.replace('/', '')}.yaml"
    file.write_text(WHOLE.replace("farsta", f'"{MARKUP}\\e[2J"'))
    code, printed, _ = run("plan", "check", str(file))
    assert (code, f"{MARKUP}\\x1b[2J" in printed) == (0, True)
    file.write_text(WHOLE.replace("[hr, head]", f'["{MARKUP}\\e[2J"]'))
    assert run("plan", "check", str(file))[0] == 1


@pytest.mark.parametrize("shown", ["", "1"])
@pytest.mark.parametrize("name", ["[x", "[/x]", "[red]", "\x1b[2J", "\udcff"])
@pytest.mark.parametrize(
    "command",
    [
        ["publish", "--url", "http://127.0.0.1:1"],
        ["import", "employments", "--as-of", "2025-01-01"],
        ["import", "paxml"],
        ["compute", "--as-of", "2025-01-01"],
        ["plan", "check"],
    ],
)
def test_names_of_files(command: list[str], name: str, shown: str, tmp_path: Path):
    """A file whose name does harm, with nothing of use in it, is told of in sentences, at a terminal too."""
    folder = tmp_path / name.replace("/", "")
    folder.mkdir()
    file = folder / (name.rpartition("/")[2] + ".jsonl")
    file.write_bytes(b"\x1b[2J[/x]\n")
    code, printed, said = run(*command, str(file), FORCE_COLOR=shown)
    assert code in {0, 1, 2}
    assert "\x1b[2J" not in printed + said


@pytest.mark.parametrize("name", ["[/x]", "\x1b[2J"])
@pytest.mark.parametrize(
    "command",
    [
        ["compute", "--as-of", "2025-03-01", "--metrics"],
        ["chart", "--metric"],
        ["chart", "--metric", "fte", "--unit"],
        ["propose", "staffing", "--posts", "3", "--unit"],
        ["report", "sickness", "--year", "2024", "--unit"],
    ],
)
def test_what_is_not_known(log: str, command: list[str], name: str):
    """A name that is not known is told of in a sentence and does nothing in it."""
    code, _, said = run(*command, f"{name}y", log)
    assert (code, "\x1b[2J" in said) == (2, False)
