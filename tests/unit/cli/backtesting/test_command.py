"""``stadga plan backtest``: what it prints, and what it refuses."""

from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from cli.main import app
from services.alerts.domain.backtest.document import Backtest
from tests import builders as make

RUN = CliRunner()
NOBODY = "http://127.0.0.1:9"
"""Where no service answers."""
PLAN = """
plan: heads
recipients: {hr: {email: hr@kommun.example}}
targets:
  - {id: few, metric: headcount, breach: {below: LIMIT}, notify: [hr]}
"""
LOG = [
    *(make.employment_started(f"p{n}", "2023-01-01", "u1", time="2023-01-01T08:00:00Z") for n in range(3)),
    make.employment_ended("p0", "2024-01-09", time="2024-01-20T08:00:00Z"),
    make.employment_started("p0", "2024-02-01", "u1", time="2024-02-01T08:00:00Z"),
    make.employment_ended("p0", "2024-02-09", time="2024-02-09T08:00:00Z"),
]


@pytest.fixture
def log(tmp_path: Path) -> str:
    """A unit of three, one of whom was gone in January, which was told ten days late, and left for good in February."""
    file = tmp_path / "log.jsonl"
    file.write_bytes(make.lines(LOG))
    return str(file)


@pytest.fixture
def plan(tmp_path: Path) -> str:
    """Fewer than three are a breach."""
    return _plan(tmp_path, "heads", 3)


def _plan(folder: Path, name: str, limit: int) -> str:
    file = folder / f"{name}.yaml"
    file.write_text(PLAN.replace("LIMIT", str(limit)))
    return str(file)


def _found(*arguments: str) -> Backtest:
    result = RUN.invoke(app, ["plan", "backtest", *arguments, "--from", "2024-01-01", "--to", "2024-03-01"])
    assert result.exit_code == 0, result.output
    return msgspec.json.decode(result.stdout, type=Backtest)


def test_an_alert_is_raised_when_it_was_known_and_a_second_is_a_flap(plan: str, log: str):
    """The breach of the 10th was told of on the 20th; it was over on 1 February, and came back nine days later."""
    [found] = _found(plan, log, "--format", "json").plans
    told = [(str(one.since), str(one.raised), str(one.closed), one.days, one.flap) for one in found.alerts]
    assert told == [
        ("2024-01-10", "2024-01-20", "2024-02-01", 12, False),
        ("2024-02-10", "2024-02-10", "None", 20, True),
    ]
    [few] = found.targets
    assert (few.alerts, few.open, few.flaps, few.days, few.warnings, few.chance) == (2, 1, 1, 32, 0, None)
    weeks = [(one.recipient, one.week, one.mails, one.notices) for one in found.weeks]
    assert weeks == [("hr", "2024-W03", 1, 1), ("hr", "2024-W05", 1, 1), ("hr", "2024-W06", 1, 1)]


@pytest.mark.parametrize(
    ("language", "said"), [("sv", "1 enhet gick inte att bedöma"), ("en", "1 unit could not be judged")]
)
def test_a_unit_of_which_nothing_may_be_told_is_said_not_to_be_judged(plan: str, log: str, language: str, said: str):
    """The health of three people is hidden."""
    Path(plan).write_text(
        Path(plan).read_text().replace("headcount, breach: {below: 3}", "sick_rate, breach: {above: 0}")
    )
    [found] = _found(plan, log, "--format", "json").plans
    assert (found.units, found.unjudged, found.alerts) == (1, ["u1"], [])
    result = RUN.invoke(app, ["plan", "backtest", plan, log, "--language", language])
    assert said in " ".join(result.output.split())


def test_what_was_over_when_it_became_known_is_no_warning(tmp_path: Path):
    """Told on the 20th that somebody left on the 9th, and on the 25th that nobody did: with that it is known that there
    was only a warning to give, for five days; nobody gets it. The alert of those days was told of, and is counted.
    """
    *_, end, _, _ = LOG
    events = [*LOG[:4], make.retracted(end, time="2024-01-25T08:00:00Z")]
    file, plan = tmp_path / "log.jsonl", Path(_plan(tmp_path, "heads", 3))
    file.write_bytes(make.lines(events))
    plan.write_text(plan.read_text().replace("notify", "look_ahead: [30d], notify"))
    [found] = _found(str(plan), str(file), "--format", "json").plans
    told = [(one.kind, str(one.raised), str(one.closed), one.outcome) for one in found.alerts]
    assert told == [("breach", "2024-01-20", "2024-01-25", "data_corrected")]
    assert [(one.alerts, one.warnings) for one in found.targets] == [(1, 0)]
    assert sum(one.mails for one in found.weeks) == 2


@pytest.mark.parametrize(("language", "said"), [("sv", "Inte med, eftersom"), ("en", "Left out, since")])
def test_a_target_that_a_rule_judges_is_left_out_and_named(plan: str, log: str, language: str, said: str):
    """It is judged on whole months; the others are tried as ever."""
    rule = "  - {id: turned, metric: leaver_rate, breach: {rule: shift, since: 2024-01-01}, notify: [hr]}\n"
    Path(plan).write_text(Path(plan).read_text() + rule)
    [found] = _found(plan, log, "--format", "json").plans
    assert (found.left_out, [one.target for one in found.targets], len(found.alerts)) == (["turned"], ["few"], 2)
    result = RUN.invoke(app, ["plan", "backtest", plan, log, "--language", language])
    assert said in " ".join(result.output.split())
    assert "turned" in result.output


def test_versions_stand_beside_each_other(plan: str, log: str, tmp_path: Path):
    """Each by itself: below two nothing is raised."""
    first, second = _found(plan, _plan(tmp_path, "other", 2), log, "--format", "json").plans
    assert (len(first.alerts), len(second.alerts)) == (2, 0)
    assert [one.plan for one in (first, second)] == ["heads", "heads"]


@pytest.mark.parametrize(("language", "word"), [("sv", "larm av slump"), ("en", "by chance")])
def test_it_is_told_in_both_languages(plan: str, log: str, language: str, word: str):
    """As tables, with what they mean below them."""
    result = RUN.invoke(app, ["plan", "backtest", plan, log, "--language", language], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    assert word in result.output


def test_a_picture_lies_beside_what_is_printed(plan: str, log: str, tmp_path: Path):
    """As a PNG."""
    file = tmp_path / "found.png"
    assert len(_found(plan, log, "--format", "json", "--picture", str(file)).plans[0].alerts) == 2
    assert file.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("first", ["2022-12-31", "2022-11-01", "1900-01-01"])
def test_days_before_the_log_are_days_of_nothing(first: str, plan: str, log: str):
    """What is raised is the same, whenever before it one begins."""
    days = ["--to", "2024-03-01", "--format", "json"]
    found = [RUN.invoke(app, ["plan", "backtest", plan, log, "--from", day, *days]) for day in ("2023-01-01", first)]
    whole, longer = (msgspec.json.decode(one.stdout, type=Backtest).plans[0] for one in found)
    assert len(whole.alerts) == 2
    assert (longer.alerts, longer.weeks) == (whole.alerts, whole.weeks)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (["--from", "2024-02-01", "--to", "2024-01-01"], "--from 2024-02-01 is after --to 2024-01-01"),
        (["--from", "2025-01-01"], "--from 2025-01-01 is after the last day of the log, 2024-02-09"),
        (["--to", "2020-01-01"], "no event of the log was recorded on or before 2020-01-01"),
        (["--to", "2020-01-01", "--language", "sv"], "ingen händelse i loggen var registrerad senast den 2020-01-01"),
    ],
)
def test_which_day_is_wrong_is_said(days: list[str], said: str, plan: str, log: str):
    """The days asked about, not the log, are what can be changed."""
    result = RUN.invoke(app, ["plan", "backtest", plan, log, "--language", "en", *days])
    assert (result.exit_code, " ".join(result.stderr.split())) == (2, said)


def test_what_of_a_log_is_no_event_is_said_although_nothing_is_left(plan: str, tmp_path: Path):
    """Else nobody knows why it is empty."""
    file = tmp_path / "no.jsonl"
    file.write_text("{}\n")
    result = RUN.invoke(app, ["plan", "backtest", plan, str(file)])
    assert result.exit_code == 2
    assert "no.jsonl:1" in result.stderr
    assert "loggen har inga händelser" in result.stderr


def test_a_narrow_terminal_shows_whole_days(plan: str, log: str):
    """When an alert was raised and closed is what one looks for; numbers are written as the language does."""
    days = ["--from", "2024-01-01", "--to", "2024-03-01"]
    said = RUN.invoke(app, ["plan", "backtest", plan, log, *days], env={"COLUMNS": "80"}).output
    for day in ("2024-01-20", "2024-02-01", "2024-01-10"):
        assert day in said
    assert "0,3" in said


def test_a_setting_that_is_wrong_is_said(plan: str, log: str):
    """By a sentence."""
    result = RUN.invoke(app, ["plan", "backtest", plan, log], env={"STADGA_TIME_ZONE": "Mars/Olympus"})
    assert (result.exit_code, "Mars/Olympus" in result.stderr) == (2, True)


def test_nothing_to_try_is_said(plan: str, log: str, tmp_path: Path):
    """Without a plan, a log, or an event of the days, it ends with 2; with a plan that cannot run, with 1."""
    broken = tmp_path / "broken.yaml"
    broken.write_text("plan: x\ntargets: []\n")
    for arguments, code in (
        ([plan, "--url", NOBODY], 2),
        ([log, "--url", NOBODY], 2),
        ([plan, log, "--to", "2020-01-01"], 2),
        ([str(broken), log], 1),
    ):
        result = RUN.invoke(app, ["plan", "backtest", *arguments])
        assert (result.exit_code, bool(result.stderr)) == (code, True), arguments
