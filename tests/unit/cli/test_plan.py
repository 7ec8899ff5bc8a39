"""``stadga plan check``."""

import os
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from tests import builders as make
from tests.unit.alerts.test_plan import WHOLE

RUN = CliRunner()
PLANS = Path(__file__).parents[3] / "deploy" / "plans"


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A plan with nothing wrong."""
    file = tmp_path / "plan.yaml"
    file.write_text(WHOLE)
    return file


def test_a_sound_plan_is_summed_up(sound: Path):
    """A sound plan exits with 0 and shows its targets."""
    result = RUN.invoke(app, ["plan", "check", str(sound)])
    assert result.exit_code == 0
    assert "own-request" in result.output


def test_the_days_it_watches_and_knows_from_are_shown(sound: Path):
    """Of the plan, and of what a unit changes."""
    local = WHOLE.replace("hold: 0d", "hold: 0d, watch_from: 2026-12-24")
    sound.write_text(f"watch_from: 2026-11-30\nknown_from: 2026-01-01\n{local}")
    said = " ".join(RUN.invoke(app, ["plan", "check", str(sound)]).output.split())
    assert [day for day in ("from 2026-11-30", "from 2026-12-24", "known from 2026-01-01") if day not in said] == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("watch_from: 2999-01-01", "nobody is mailed before 2999-01-01"),
        # The furthest that it looks ahead is ninety days.
        ("known_from: 2999-01-01", "nothing is judged before 2999-10-02: data is known from 2999-01-01"),
    ],
)
def test_a_plan_that_nothing_is_heard_of_yet_is_warned_of(sound: Path, said: str, told: str):
    """It runs, and whoever waits for mails is told that none will come."""
    sound.write_text(f"{said}\n{WHOLE}")
    result = RUN.invoke(app, ["plan", "check", str(sound)])
    assert result.exit_code == 0
    assert told in result.output.replace("\n", " ")


def test_a_rule_about_months_to_come_is_warned_of(sound: Path):
    """Nothing is judged until they have come."""
    rule = "\n  - {id: trend, metric: leaver_rate, breach: {rule: trend, since: 2999-01-01}, notify: [hr]}"
    sound.write_text(WHOLE.replace("\ntargets:", f"\ntargets:{rule}"))
    result = RUN.invoke(app, ["plan", "check", str(sound)])
    assert result.exit_code == 0, result.output
    assert '"trend": nothing is judged before 2999-01-01' in result.output.replace("\n", " ")


def test_a_plan_that_is_heard_of_is_not_warned_of(sound: Path):
    """Nor where what it says of days lies long ago."""
    sound.write_text(f"watch_from: 2020-01-01\nknown_from: 2020-01-01\n{WHOLE}")
    assert "warning:" not in RUN.invoke(app, ["plan", "check", str(sound)]).output


def test_how_long_a_value_settles_is_shown(sound: Path):
    """Of each target."""
    sound.write_text(f"settle: 7m\n{WHOLE}")
    assert "settles in 420 s" in " ".join(RUN.invoke(app, ["plan", "check", str(sound)]).output.split())


def test_each_fault_has_file_line_and_column(sound: Path):
    """A broken plan exits with 1 and names every fault where an editor finds it."""
    sound.write_text(WHOLE.replace("hold: 2w", "hold: 14").replace("[hr, head]", "[hrr]"))
    result = RUN.invoke(app, ["plan", "check", str(sound)])
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        f'{sound}:15:11: "hold" must be a duration such as 14d or 2w, not "14"; write 14d',
        f'{sound}:19:14: unknown recipient "hrr"; did you mean "hr"?',
    ]


def test_units_can_be_checked_against_a_log(sound: Path, tmp_path: Path):
    """With the events at hand a unit that does not occur in them is a fault."""
    log = tmp_path / "log.jsonl"
    log.write_bytes(make.lines([make.unit_defined("ifo"), make.employment_started("p1", "2026-01-01", "farst")]))
    result = RUN.invoke(app, ["plan", "check", str(sound), "--events", str(log)])
    assert result.output.strip() == f'{sound}:32:3: unknown unit "farsta"; did you mean "farst"?'


def test_false_alarms_are_counted_from_a_log(tmp_path: Path):
    """With the events of some years at hand, each target says how often it would alert by chance; in both languages."""
    log, plan = tmp_path / "log.jsonl", tmp_path / "plan.yaml"
    RUN.invoke(app, ["simulate", "--people", "30", "--units", "2", "--troubled-unit", "none", "--output", str(log)])
    text = (PLANS / "socialsekreterare.yaml").read_text()
    for language, title, months in (
        ("sv", "Falsklarm om ingenting förändras", "Falsklarm per månad: "),
        ("en", "False alarms if nothing changes", "False alarms a month: "),
    ):
        plan.write_text(text.replace("language: sv", f"language: {language}", 1))
        result = RUN.invoke(app, ["plan", "check", str(plan), "--events", str(log)])
        assert result.exit_code == 0, result.output
        told = " ".join(result.output.split())
        assert title in told
        assert months in told
        assert "hr" in told.split(months)[1]


def test_what_could_be_seen_is_of_whom_the_plan_is_about(tmp_path: Path):
    """A plan for one occupation is not told how many people there are of all."""
    log, sizes = tmp_path / "log.jsonl", []
    RUN.invoke(app, ["simulate", "--people", "60", "--units", "2", "--troubled-unit", "none", "--output", str(log)])
    for whom in ("'*'", "socialsekreterare"):
        plan = tmp_path / "plan.yaml"
        plan.write_text(f"""\
plan: stay
language: en
scope: {{occupations: [{whom}]}}
recipients: {{hr: {{email: hr@kommun.example}}}}
targets: [{{id: leavers, metric: leaver_rate, breach: {{above: 0.25}}, notify: [hr], measures: [bonus]}}]
measures:
  - id: bonus
    owner: hr
    evaluate: {{metric: leaver_rate, start: 2026-04-01, before: 12m, after: 12m, smallest: 0.5}}
""")
        told = RUN.invoke(app, ["plan", "check", str(plan), "--events", str(log)]).output
        (size,) = re.findall(r"in a group of ([0-9.]+)", " ".join(told.split()))
        sizes.append(float(size))
    everyone, social_workers = sizes
    assert 0 < social_workers < everyone


def test_units_can_be_checked_against_a_list(sound: Path, tmp_path: Path):
    """With a list of units at hand a unit that is not in it is a fault."""
    units = tmp_path / "units"
    units.write_text("ifo\nfarsta\n")
    assert RUN.invoke(app, ["plan", "check", str(sound), "--units", str(units)]).exit_code == 0


def test_a_missing_file_is_named(tmp_path: Path):
    """Without a file to check the command exits with 2."""
    result = RUN.invoke(app, ["plan", "check", str(tmp_path / "none.yaml")])
    assert (result.exit_code, "none.yaml" in result.output) == (2, True)


def test_what_the_service_would_not_read_is_refused(tmp_path: Path):
    """A pipe is not waited for; too long a file, and one that is not text, are faults of the plan."""
    pipe, large, bytes_ = (tmp_path / name for name in ("pipe", "large", "bytes"))
    os.mkfifo(pipe)
    large.write_bytes(b" " * 200_001)
    bytes_.write_bytes(b"plan: \xff")
    result = RUN.invoke(app, ["plan", "check", *map(str, (pipe, large, bytes_))])
    assert (result.exit_code, result.output.splitlines()) == (
        1,
        [
            f"{pipe}:1:1: not a regular file",
            f"{large}:1:1: larger than 200,000 bytes",
            f"{bytes_}:1:1: not UTF-8: byte 6",
        ],
    )


def test_limits_that_say_nothing_are_warned_of(tmp_path: Path):
    """Of targets, and of what a unit makes of them; the plan runs."""
    plan = tmp_path / "plan.yaml"
    for language, always, never in (
        ("sv", "all (farsta): varje värde av avgångar", "none: inget värde av sjukfrånvaro kan"),
        ("en", "all (farsta): every value of ", "none: no value of sickness absence can"),
    ):
        plan.write_text(f"""\
plan: limits
language: {language}
recipients: {{hr: {{email: hr@kommun.example}}}}
targets:
  - {{id: all, metric: leaver_rate, breach: {{above: 0.2}}, notify: [hr]}}
  - {{id: none, metric: sick_rate, breach: {{above: 1}}, notify: [hr]}}
local: {{farsta: {{targets: {{all: {{breach: {{above: -0.1}}}}}}}}}}
""")
        result = RUN.invoke(app, ["plan", "check", str(plan)], env={"COLUMNS": "250"})
        assert result.exit_code == 0
        said = [line for line in result.output.splitlines() if line.startswith((always, never))]
        assert len(said) == 2, result.output


def test_months_of_levels_are_warned_of(tmp_path: Path):
    """Of a rule for months in a row: by what the metric is, and by the months of a log; not of what happens."""
    log, plan = tmp_path / "log.jsonl", tmp_path / "plan.yaml"
    RUN.invoke(app, ["simulate", "--people", "40", "--units", "2", "--troubled-unit", "none", "--output", str(log)])
    for language, by_metric, by_months, judged, no_interval in (
        ("sv", "vakansgrad är ett läge", "månaderna är inte oberoende av varandra", "bedöms på månader", "har inget"),
        ("en", "vacancy rate is a level", "the months are not independent of each other", "judged on months", "has no"),
    ):
        plan.write_text(f"""\
plan: trend
language: {language}
recipients: {{hr: {{email: hr@kommun.example}}}}
targets:
  - {{id: vacancies, metric: vacancy_rate, breach: {{rule: shift, since: 2025-07-01}}, notify: [hr]}}
  - {{id: leavers, metric: leaver_rate, breach: {{rule: shift, since: 2025-07-01}}, notify: [hr]}}
  - {{id: newest, metric: vacancy_rate, breach: {{rule: beyond, since: 2025-07-01}}, notify: [hr]}}
""")
        alone = RUN.invoke(app, ["plan", "check", str(plan)]).output.splitlines()
        wide = {"COLUMNS": "250"}
        told = RUN.invoke(app, ["plan", "check", str(plan), "--events", str(log)], env=wide).output.splitlines()
        assert (sum(judged in line for line in told), sum(no_interval in line for line in told)) == (3, 0)
        assert [line.split(":")[0] for line in alone if by_metric in line] == ["vacancies"]
        assert [line.split(":")[0] for line in told if by_months in line] == ["vacancies"]
