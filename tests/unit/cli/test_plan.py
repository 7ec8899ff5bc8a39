"""``stadga plan check``."""

import os
import re
from itertools import product
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from cli.main import app
from tests import builders as make
from tests.unit.alerts.test_plan import WHOLE

RUN = CliRunner()
PLANS = Path(__file__).parents[3] / "deploy" / "plans"


WIDE = {"COLUMNS": "250"}


def check(*arguments: object, language: str = "en") -> Result:
    """What the command does."""
    return RUN.invoke(app, ["plan", "check", *map(str, arguments), "--language", language], env=WIDE)


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A plan with nothing wrong."""
    file = tmp_path / "plan.yaml"
    file.write_text(WHOLE)
    return file


def test_a_sound_plan_is_summed_up(sound: Path):
    """A sound plan exits with 0 and shows its targets."""
    result = check(sound)
    assert result.exit_code == 0
    assert "own-request" in result.output


def test_the_days_it_watches_and_knows_from_are_shown(sound: Path):
    """Of the plan, and of what a unit changes."""
    local = WHOLE.replace("hold: 0d", "hold: 0d, watch_from: 2026-12-24")
    sound.write_text(f"watch_from: 2026-11-30\nknown_from: 2026-01-01\n{local}")
    said = " ".join(check(sound).output.split())
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
    result = check(sound)
    assert result.exit_code == 0
    assert told in result.output.replace("\n", " ")


def test_a_rule_about_months_to_come_is_warned_of(sound: Path):
    """Nothing is judged until they have come."""
    rule = "\n  - {id: trend, metric: leaver_rate, breach: {rule: trend, since: 2999-01-01}, notify: [hr]}"
    sound.write_text(WHOLE.replace("\ntargets:", f"\ntargets:{rule}"))
    result = check(sound)
    assert result.exit_code == 0, result.output
    assert '"trend": nothing is judged before 2999-01-01' in result.output.replace("\n", " ")


def test_a_plan_that_is_heard_of_is_not_warned_of(sound: Path):
    """Nor where what it says of days lies long ago."""
    sound.write_text(f"watch_from: 2020-01-01\nknown_from: 2020-01-01\n{WHOLE}")
    assert "warning:" not in check(sound).output


def test_how_long_a_value_settles_is_shown(sound: Path):
    """Of each target."""
    sound.write_text(f"settle: 7m\n{WHOLE}")
    assert "settles in 420 s" in " ".join(check(sound).output.split())


def test_each_fault_has_file_line_and_column(sound: Path):
    """A broken plan exits with 1 and names every fault where an editor finds it."""
    sound.write_text(WHOLE.replace("hold: 2w", "hold: 14").replace("[hr, head]", "[hrr]"))
    result = check(sound)
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        f'{sound}:15:11: "hold" must be a duration such as 14d or 2w, not "14"; write 14d',
        f'{sound}:19:14: unknown recipient "hrr"; did you mean "hr"?',
    ]


def test_units_can_be_checked_against_a_log(sound: Path, tmp_path: Path):
    """With the events at hand a unit that does not occur in them is a fault."""
    log = tmp_path / "log.jsonl"
    log.write_bytes(make.lines([make.unit_defined("ifo"), make.employment_started("p1", "2026-01-01", "farst")]))
    result = check(sound, "--events", log)
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
        plan.write_text(text)
        result = check(plan, "--events", log, language=language)
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
        told = check(plan, "--events", log).output
        (size,) = re.findall(r"in a group of ([0-9.]+)", " ".join(told.split()))
        sizes.append(float(size))
    everyone, social_workers = sizes
    assert 0 < social_workers < everyone


def test_units_can_be_checked_against_a_list(sound: Path, tmp_path: Path):
    """With a list of units at hand a unit that is not in it is a fault."""
    units = tmp_path / "units"
    units.write_text("ifo\nfarsta\n")
    assert check(sound, "--units", units).exit_code == 0


def test_a_missing_file_is_named(tmp_path: Path):
    """Without a file to check the command exits with 2."""
    result = check(tmp_path / "none.yaml")
    assert (result.exit_code, "none.yaml" in result.output) == (2, True)


def test_what_the_service_would_not_read_is_refused(tmp_path: Path):
    """A pipe is not waited for; too long a file, and one that is not text, are faults of the plan."""
    pipe, large, bytes_ = (tmp_path / name for name in ("pipe", "large", "bytes"))
    os.mkfifo(pipe)
    large.write_bytes(b" " * 200_001)
    bytes_.write_bytes(b"plan: \xff")
    result = check(pipe, large, bytes_)
    assert (result.exit_code, result.output.splitlines()) == (
        1,
        [
            f"{pipe}:1:1: not a regular file",
            f"{large}:1:1: larger than 200,000 bytes",
            f"{bytes_}:1:1: not UTF-8: byte 6",
        ],
    )
    assert check(pipe, large, bytes_, language="sv").output.splitlines() == [
        f"{pipe}:1:1: ingen vanlig fil",
        f"{large}:1:1: större än 200 000 byte",
        f"{bytes_}:1:1: inte UTF-8: byte 6",
    ]


def test_lists_that_are_no_text_are_refused(sound: Path, tmp_path: Path):
    """Of units and of events, in the language asked for."""
    file = tmp_path / "list"
    file.write_bytes(b"\xff")
    for option, (language, said) in product(("--units", "--events"), (("sv", "är inte"), ("en", "is not"))):
        result = check(sound, option, file, language=language)
        assert (result.exit_code, result.output) == (2, f"{file}: byte 0 {said} UTF-8\n")


WATCHED = """\
plan: stay
title: {sv: Stanna, en: Stay}
known_from: 2025-01-01
recipients: {hr: {email: hr@kommun.example}}
targets:
  - id: leavers
    metric: leaver_rate
    by: total
    breach: {above: 0.15}
    hold: 14d
    clear: {below: 0.1}
    look_ahead: [30d, 60d]
    watch_from: 2999-01-01
    notify: [hr]
    measures: [bonus]
  - {id: shift, metric: leaver_rate, breach: {rule: shift, since: 2025-01-01}, severity: critical, notify: [hr]}
  - {id: age, metric: leaver_rate, by: age, breach: {above: 0.2}, clear: {below: 0.2}, notify: [hr]}
measures:
  - id: bonus
    owner: hr
    cost: 1200000
    decision: pending
    due: 2026-06-30
    trial: {from: 2026-01-01, to: 2026-12-31}
local:
  farsta: {targets: {leavers: {breach: {above: 0.2}}}}
"""
SHOWN = {
    "sv": """\
stay: Stanna · Stay
mål; överträdelse; upphör; framåtblick; besked till
leavers (varning); leaver_rate, som helhet; bevakas från 2999-01-01; stillatid 120 s; över 0.15; i 14 d; under 0.1
leavers i farsta (varning); över 0.2
shift (kritiskt); leaver_rate, enhet för enhet; ny nivå uppåt, räknat från 2025-01-01
age.-29 (varning); leaver_rate, enhet för enhet, 29 år och yngre
alla enheter; alla yrken; känt från 2025-01-01
åtgärd; ansvarig; när; kostnad, kr; ska påverka
1 200 000; väntar på beslut; senast 2026-06-30; på prov 2026-01-01 till 2026-12-31
varning: "leavers": ingen får mejl före 2999-01-01, dagen då bevakningen börjar (watch_from)
varning: "leavers" i "farsta": ingen får mejl före 2999-01-01""",
    "en": """\
stay: Stanna · Stay
target; breach; clear; look ahead; tells
leavers (warning); leaver_rate, by total; watched from 2999-01-01; settles in 120 s; above 0.15; for 14 d; below 0.1
leavers in farsta (warning); above 0.2
shift (critical); leaver_rate, by unit; shift up since 2025-01-01
age.-29 (warning); leaver_rate, by unit, 29 and younger
every unit; every occupation; known from 2025-01-01
measure; owner; when; cost, SEK; should move
1,200,000; awaits a decision; due 2026-06-30; on trial 2026-01-01 to 2026-12-31
warning: "leavers": nobody is mailed before 2999-01-01, the day that watching begins (watch_from)
warning: "leavers" in "farsta": nobody is mailed before 2999-01-01""",
}


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_sound_plan_is_shown_in_both_languages(sound: Path, language: str):
    """Its targets, measures and warnings."""
    sound.write_text(WATCHED)
    shown = check(sound, language=language).output
    parts = [part for line in SHOWN[language].splitlines() for part in line.split("; ")]
    assert [part for part in parts if part not in shown] == []


def test_it_is_swedish_unless_asked_otherwise(sound: Path):
    """Of a sound plan and of one that is refused."""
    asked = RUN.invoke(app, ["plan", "check", str(sound)], env=WIDE)
    assert asked.output == check(sound, language="sv").output
    sound.write_text(WHOLE.replace("hold: 2w", "hold: 14").replace("[hr, head]", "[hrr]"))
    result = RUN.invoke(app, ["plan", "check", str(sound)])
    assert (result.exit_code, result.output.splitlines()) == (
        1,
        [
            f'{sound}:15:11: "hold" måste vara en tid såsom 14d eller 2w, inte "14"; skriv 14d',
            f'{sound}:19:14: det finns ingen mottagare "hrr"; menade du "hr"?',
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
        result = check(plan, language=language)
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
        plan.write_text("""\
plan: trend
recipients: {hr: {email: hr@kommun.example}}
targets:
  - {id: vacancies, metric: vacancy_rate, breach: {rule: shift, since: 2025-07-01}, notify: [hr]}
  - {id: leavers, metric: leaver_rate, breach: {rule: shift, since: 2025-07-01}, notify: [hr]}
  - {id: newest, metric: vacancy_rate, breach: {rule: beyond, since: 2025-07-01}, notify: [hr]}
""")
        alone = check(plan, language=language).output.splitlines()
        told = check(plan, "--events", log, language=language).output.splitlines()
        assert (sum(judged in line for line in told), sum(no_interval in line for line in told)) == (3, 0)
        assert [line.split(":")[0] for line in alone if by_metric in line] == ["vacancies"]
        assert [line.split(":")[0] for line in told if by_months in line] == ["vacancies"]
