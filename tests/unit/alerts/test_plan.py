"""An action plan as a file: what it says."""

from datetime import date, time

import pytest

from services.alerts.domain.plan.places import Places
from services.alerts.domain.plan.plan import Action, Limit, Recipient, Rhythm, Trial, Unit
from services.alerts.domain.plan.reading import read

WHOLE = """\
plan: social-2026
title: {sv: Handlingsplan, en: Action plan}
time_zone: Europe/Stockholm
language: sv
scope: {units: [ifo], occupations: [socialsekreterare]}
recipients:
  hr: {email: hr@kommun.example}
  head: {email: chef@kommun.example, language: en, name: head of IFO}
targets:
  - id: own-request
    metric: leaver_rate_own_request
    by: unit
    breach: {above: 0.15}
    clear: {below: 0.12}
    hold: 2w
    clear_hold: 7d
    look_ahead: [90d, 30d]
    severity: critical
    notify: [hr, head]
    measures: [mentor]
    require_confirmation: true
measures:
  - id: mentor
    title: {sv: Mentor till alla}
    owner: head
    due: 2026-09-30
    cost: 400000
    should_move: [leaver_rate_own_request]
    decision: pending
    trial: {from: 2026-01-01, to: 2026-06-30}
local:
  farsta: {targets: {own-request: {breach: {above: 0.13}, hold: 0d}}}
"""
SMALL = """\
plan: p
recipients: {hr: {email: hr@kommun.example}}
targets:
  - {id: t, metric: leaver_rate, breach: {above: 0.15}, notify: [hr]}
"""


@pytest.mark.parametrize(
    ("written", "rhythm"),
    [
        ("weekly", Rhythm("monday", time(8))),
        ('{on: friday, at: "14:30"}', Rhythm("friday", time(14, 30))),
        ("{on: sunday}", Rhythm("sunday", time(8))),
        ("{at: 7:05}", Rhythm("monday", time(7, 5))),
    ],
)
def test_a_recipient_may_get_a_weekly_summary(written: str, rhythm: Rhythm):
    """On a day and at an hour, either of which may be left out."""
    plan = read(SMALL.replace("hr@kommun.example", f"hr@kommun.example, digest: {written}"))
    assert plan.recipients["hr"].digest == rhythm
    assert read(SMALL).recipients["hr"].digest is None


def test_a_whole_plan_is_read():
    """Every key of the grammar has its meaning."""
    plan = read(WHOLE)
    target = plan.targets["own-request"]
    assert (plan.id, plan.title["en"], plan.units, plan.occupation) == (
        "social-2026",
        "Action plan",
        ("ifo",),
        "socialsekreterare",
    )
    assert plan.recipients["head"] == Recipient("head", "chef@kommun.example", "en", "head of IFO")
    assert (target.breach, target.clear) == (Limit("above", 0.15), Limit("below", 0.12))
    assert (target.hold, target.clear_hold, target.look_ahead) == (14, 7, (30, 90))
    assert (target.severity, target.notify, target.require_confirmation) == ("critical", ("hr", "head"), True)
    assert plan.measures["mentor"] == Action(
        id="mentor",
        title={"sv": "Mentor till alla"},
        owner="head",
        due=date(2026, 9, 30),
        cost=400_000,
        should_move=("leaver_rate_own_request",),
        decision="pending",
        trial=Trial(date(2026, 6, 30), date(2026, 1, 1)),
    )


def test_a_small_plan_has_sensible_defaults():
    """Only the id, the metric and the breach of a target must be said."""
    plan = read(SMALL)
    target = plan.targets["t"]
    assert (plan.units, plan.occupation, plan.language, plan.time_zone) == ((), "*", "sv", "Europe/Stockholm")
    assert (target.by, target.clear, target.hold, target.severity) == ("unit", None, 0, "warning")


def test_a_unit_adapts_a_target_for_everything_below_it():
    """What a unit says holds for it and the units below it; the rest of the target stays."""
    plan = read(WHOLE)
    team = plan.target("own-request", ("team", "farsta", "ifo", "*"))
    other = plan.target("own-request", ("other", "ifo", "*"))
    assert (team.breach.value, team.hold, team.clear_hold) == (0.13, 0, 7)
    assert (other.breach.value, other.hold) == (0.15, 14)


def test_a_target_may_be_about_another_occupation():
    """A target's own occupation goes before that of the scope, ``*`` meaning everyone; others keep the scope's."""
    one, own, everyone = (
        read(WHOLE.replace("    by: unit", f"    by: unit{more}"))
        for more in ("", "\n    occupation: enhetschef", '\n    occupation: "*"')
    )
    found = [plan.occupation_of(plan.targets["own-request"]) for plan in (one, own, everyone)]
    assert found == ["socialsekreterare", "enhetschef", "*"]


@pytest.mark.parametrize("breach", ["{above: 0.2}", "{below: 0.02}"])
@pytest.mark.parametrize("metric", ["internal_move_rate", "incident_rate", "headcount", "agency_cover_share"])
def test_a_neutral_metric_has_targets_in_either_direction(metric: str, breach: str):
    """Where neither more nor less is better, the plan decides."""
    assert read(SMALL.replace("leaver_rate", metric).replace("{above: 0.15}", breach)).targets["t"].metric == metric


def test_a_measure_asks_for_no_decision_unless_it_says_so():
    """Without a word on it a measure needs no decision on its budget, and it is not on trial."""
    plan = read(SMALL + "measures: [{id: m, owner: hr}]")
    assert (plan.measures["m"].decision, plan.measures["m"].trial) == ("none", None)


def test_a_trial_may_have_begun_on_a_day_the_plan_leaves_open():
    """Only the end of a trial must be said."""
    plan = read(SMALL + "measures: [{id: m, owner: hr, trial: {to: 2024-06-30}}]")
    assert plan.measures["m"].trial == Trial(date(2024, 6, 30))


UNITS = [
    Unit("*", "*", ("*", "*")),
    Unit("ifo", "IFO", ("ifo", "*")),
    Unit("farsta", "Farsta", ("farsta", "ifo", "*")),
    Unit("team", "Team", ("team", "farsta", "ifo", "*")),
    Unit("alf", "ÄLF", ("alf", "*")),
]
SCOPES = [
    ("each unit below the one named", "{units: [ifo]}", "unit", {"farsta", "team"}),
    ("a unit with none below it stands for itself", "{units: [alf, farsta]}", "unit", {"alf", "team"}),
    ("without a scope: every unit", "{}", "unit", {"ifo", "farsta", "team", "alf"}),
    ("in total: each unit named as a whole", "{units: [ifo, alf]}", "total", {"ifo", "alf"}),
    ("in total without a scope: everything", "{}", "total", {"*"}),
    ("a unit not heard of is waited for", "{units: [gone]}", "total", set()),
]


@pytest.mark.parametrize(("scope", "by", "expected"), [s[1:] for s in SCOPES], ids=[s[0] for s in SCOPES])
def test_scope(scope: str, by: str, expected: set[str]):
    """A target is judged for the units that the sentence of the case says."""
    plan = read(SMALL.replace("targets:", f"scope: {scope}\ntargets:").replace("notify", f"by: {by}, notify"))
    places = Places(UNITS)
    found = {unit.id for unit in UNITS if places.judged(plan, plan.targets["t"], unit.id)}
    assert found == expected


def test_a_closed_unit_is_judged_for_its_successor():
    """Not on its own; and the unit that took its place goes on standing for itself, with it below."""
    plan = read(SMALL.replace("targets:", "scope: {units: [alf]}\ntargets:"))
    places = Places(UNITS)
    assert places.judged(plan, plan.targets["t"], "alf")
    assert places.learn(Unit("farsta", "Farsta", ("farsta", "alf", "*"), closed=True)) >= {"farsta"}
    assert places.judged(plan, plan.targets["t"], "farsta") is None
    assert places.judged(plan, plan.targets["t"], "alf")
    assert "alf" in places.learn(Unit("farsta", "Farsta", ("farsta", "alf", "*")))
    assert places.judged(plan, plan.targets["t"], "alf") is None
    assert places.judged(plan, plan.targets["t"], "farsta")
