"""An action plan as a file: what it says, and everything that can be wrong with it."""

from datetime import date

import pytest

from services.alerts.domain.places import Places
from services.alerts.domain.plan import Limit, Measure, Recipient, Trial, Unit
from services.alerts.domain.plan_reading import Refused, read

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


def faults(text: str, *units: str) -> list[str]:
    """Every fault as ``line:column: message``."""
    with pytest.raises(Refused) as refused:
        read(text, units)
    return [str(fault) for fault in refused.value.faults]


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
    assert plan.measures["mentor"] == Measure(
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


def but(line: int, text: str, of: str = WHOLE) -> str:
    """The plan with another line ``line``."""
    lines = of.splitlines()
    lines[line - 1] = text
    return "\n".join(lines)


FAULTS = [
    ("a misspelt key", but(12, "    bay: unit"), '12:5: unknown key "bay" in a target; did you mean "by"?'),
    ("a key of the plan", but(4, "langage: sv"), '4:1: unknown key "langage" in a plan; did you mean "language"?'),
    ("a key of a later version", but(12, "    escalate: {}"), '12:5: "escalate" is not supported yet; remove it'),
    (
        "a misspelt metric",
        but(11, "    metric: leaver_rat"),
        '11:13: unknown metric "leaver_rat"; did you mean "leaver_rate"?',
    ),
    (
        "a metric that is only reported",
        but(11, "    metric: replacement_turnover"),
        "11:13: replacement_turnover is for reports: no target can be set for it",
    ),
    (
        "no metric",
        but(11, "    by: unit").replace("    by: unit\n    by", "    by", 1),
        '10:5: a target needs "metric"',
    ),
    ("a key given twice", but(12, "    hold: 1d"), '15:5: "hold" is given twice'),
    ("a limit that is text", but(13, "    breach: {above: high}"), '13:21: "above" must be a number, not "high"'),
    ("a percentage", but(13, "    breach: {above: 15%}"), '13:21: "above" must be a number, not "15%"; write 0.15'),
    (
        "a decimal comma",
        but(13, '    breach: {above: "0,15"}'),
        '13:21: "above" must be a number, not "0,15"; write 0.15',
    ),
    ("no finite limit", but(13, "    breach: {above: .inf}"), '13:21: "above" must be a number, not ".inf"'),
    (
        "percent for a share",
        but(13, "    breach: {above: 15}"),
        "13:13: leaver_rate_own_request is a share: 15 is 1500%; did you mean 0.15?",
    ),
    (
        "two sides",
        but(13, "    breach: {above: 0.15, below: 0.1}"),
        '13:13: "breach" must be {above: a number} or {below: a number}',
    ),
    ("a bare limit", but(13, "    breach: 0.15"), '13:13: "breach" must be a mapping of keys to values, not "0.15"'),
    (
        "a breach on the good side",
        but(13, "    breach: {below: 0.1}"),
        "13:13: leaver_rate_own_request is better the lower it is: write breach: {above: 0.1}",
    ),
    (
        "limits the wrong way round",
        but(14, "    clear: {below: 0.2}"),
        "14:12: the wrong way round: a breach above 0.15 clears below 0.15 or further below, not below 0.2",
    ),
    (
        "a clear limit on the side of the breach",
        but(14, "    clear: {above: 0.2}"),
        "14:12: a breach above 0.15 clears below a limit, not above one",
    ),
    (
        "a duration without a unit",
        but(15, "    hold: 14"),
        '15:11: "hold" must be a duration such as 14d or 2w, not "14"; write 14d',
    ),
    (
        "a hold beyond what is restated",
        but(15, "    hold: 5w"),
        '15:11: "hold" can be 28d at most: only that many days are restated by late data',
    ),
    (
        "a horizon that is not published",
        but(17, "    look_ahead: [31d]"),
        '17:18: "look_ahead" can be 30d, 60d, 90d, not "31d"',
    ),
    (
        "an unknown severity",
        but(18, "    severity: critcal"),
        '18:15: unknown severity "critcal"; did you mean "critical"?',
    ),
    ("an unknown recipient", but(19, "    notify: [hrr]"), '19:14: unknown recipient "hrr"; did you mean "hr"?'),
    ("an unknown measure", but(20, "    measures: [mentr]"), '20:16: unknown measure "mentr"; did you mean "mentor"?'),
    (
        "confirmation without an interval",
        WHOLE.replace("leaver_rate_own_request\n", "agency_share\n", 1),
        "21:27: agency_share has no interval, so nothing can confirm a breach; leave this out",
    ),
    (
        "a bad address",
        but(7, "  hr: {email: hr at kommun}"),
        '7:15: "email" must be one e-mail address, not "hr at kommun"',
    ),
    (
        "other letters before the @",
        but(7, "  hr: {email: chef.åmål@kommun.example}"),
        '7:15: "email" must have no letters but a–z before the @ (others are not supported),'
        ' not "chef.åmål@kommun.example"',
    ),
    (
        "an address with two dots together",
        but(7, "  hr: {email: a..b@kommun.example}"),
        '7:15: "email" must be one e-mail address, not "a..b@kommun.example"',
    ),
    (
        "an address without a whole domain",
        but(7, "  hr: {email: hr@kommun}"),
        '7:15: "email" must be one e-mail address with a whole domain, not "hr@kommun"',
    ),
    (
        "an address that smuggles a header",
        but(7, '  hr: {email: "a@b.se\\nBcc: c@d.se"}'),
        '7:15: "email" must be one e-mail address, not "a@b.se\nBcc: c@d.se"',
    ),
    ("an unknown language", but(4, "language: no"), '4:11: unknown language "no"; it can be en, sv'),
    (
        "an unknown time zone",
        but(3, "time_zone: Europa/Stockholm"),
        '3:12: unknown time zone "Europa/Stockholm"; write one such as Europe/Stockholm',
    ),
    (
        "several occupations",
        but(5, "scope: {occupations: [a, b]}"),
        "5:22: one occupation at most: a value over several can't be put together from the published ones; write a plan"
        " for each, or leave it out for all",
    ),
    (
        "an impossible date",
        but(26, "    due: 2026-02-30"),
        '26:10: "due" must be a date such as 2026-09-30, not "2026-02-30"',
    ),
    (
        "an unknown local target",
        but(32, "  farsta: {targets: {own-requst: {}}}"),
        '32:22: unknown target "own-requst"; did you mean "own-request"?',
    ),
    (
        "a local limit the wrong way round",
        but(32, "  farsta: {targets: {own-request: {breach: {above: 0.1}}}}"),
        "14:12: the wrong way round: a breach above 0.1 clears below 0.1 or further below, not below 0.12",
    ),
    (
        "an unknown decision",
        but(29, "    decision: perhaps"),
        '29:15: unknown decision "perhaps"; it can be decided, none, pending',
    ),
    (
        "a trial that ends before it begins",
        but(30, "    trial: {from: 2026-01-01, to: 2025-12-31}"),
        "30:35: a trial from 2026-01-01 cannot end before it, on 2025-12-31",
    ),
    ("a trial without an end", but(30, "    trial: {from: 2026-01-01}"), '30:12: "trial" needs "to"'),
    ("a negative cost", but(27, "    cost: -1"), '27:11: "cost" must be 0 or more, not -1'),
    (
        "a unit that changes whom a target is about",
        but(32, "  farsta: {targets: {own-request: {occupation: x}}}"),
        '32:36: unknown key "occupation" in local target "own-request"',
    ),
    (
        "a name no other system can carry",
        but(1, "plan: Året 2026"),
        '1:7: "plan" must be small letters a–z, digits, ".", "_" and "-", not "Året 2026"',
    ),
    ("not YAML", "plan: [", "1:8: not YAML: expected the node content, but found '<stream end>'"),
    ("nothing", "", "1:1: the file is empty"),
    ("a list", "- a", "1:1: a plan must be a mapping of keys to values, not a list"),
    ("no targets", "plan: p\ntargets: []", '2:10: a plan needs at least one target in "targets"'),
    ("nesting without end", "[" * 5000, "1:21: not a plan: nested more than 20 levels deep"),
]


@pytest.mark.parametrize(("text", "fault"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_fault(text: str, fault: str):
    """A fault is told with its line, its column and what was meant."""
    assert fault in faults(text)


def test_every_fault_is_told_at_once():
    """One fault hides no other."""
    text = but(11, "    metric: leaver_rat").replace("hold: 2w", "hold: 14").replace("[hr, head]", "[hrr]")
    assert [fault.split(":")[0] for fault in faults(text)] == ["11", "15", "19"]


def test_the_same_id_twice_is_a_fault():
    """Targets and measures are told apart by their ids."""
    assert faults(SMALL + "  - {id: t, metric: leaver_rate, breach: {above: 0.2}}\n") == [
        '5:10: target "t" is given twice'
    ]


def test_units_are_checked_once_some_are_known():
    """A unit that no value has come for is a fault as soon as any unit is known."""
    assert faults(WHOLE, "ifo", "farst") == ['32:3: unknown unit "farsta"; did you mean "farst"?']
    assert read(WHOLE).named == {"ifo", "farsta"}
