"""An action plan as a file: everything that can be wrong with it."""

import pytest

from services.alerts.domain.plan.reading import PlanRefused, read
from tests.unit.alerts.test_plan import SMALL, WHOLE
from tests.unit.said import assert_in_both


def faults(text: str, *units: str) -> list[str]:
    """Every fault as ``line:column: message``, once each is said in Swedish, too."""
    with pytest.raises(PlanRefused) as refused:
        read(text, units)
    assert_in_both(refused.value.faults)
    return [str(fault) for fault in refused.value.faults]


def but(line: int, text: str, of: str = WHOLE) -> str:
    """The plan with another line ``line``."""
    lines = of.splitlines()
    lines[line - 1] = text
    return "\n".join(lines)


FAULTS = [
    ("a misspelt key", but(12, "    bay: unit"), '12:5: unknown key "bay" in a target; did you mean "by"?'),
    ("a key of the plan", but(4, "langage: sv"), '4:1: unknown key "langage" in a plan; did you mean "language"?'),
    ("a key of a later version", but(12, "    mute: {}"), '12:5: "mute" is not supported yet; remove it'),
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
        "settling for days",
        but(15, "    settle: 2d"),
        '15:13: "settle" must be a duration such as 90s, 2m or 1h, not "2d"',
    ),
    (
        "settling for too long",
        but(15, "    settle: 61m"),
        '15:13: "settle" can be 1h at most: a mail that waits longer is no news',
    ),
    (
        "watching from no day",
        but(15, "    watch_from: tomorrow"),
        '15:17: "watch_from" must be a date such as 2026-09-30, not "tomorrow"',
    ),
    (
        "known from a year",
        but(4, "known_from: 2026"),
        '4:13: "known_from" must be a date such as 2026-09-30, not "2026"',
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
        "health of days ahead",
        WHOLE.replace("leaver_rate_own_request\n", "short_spell_rate\n", 1),
        "17:17: short_spell_rate is about health, which is told of whole months that are over and of no day ahead:"
        " leave this out; a breach is told of once its month is over",
    ),
    (
        "an unknown severity",
        but(18, "    severity: critcal"),
        '18:15: unknown severity "critcal"; did you mean "critical"?',
    ),
    ("an unknown recipient", but(19, "    notify: [hrr]"), '19:14: unknown recipient "hrr"; did you mean "hr"?'),
    (
        "a summary of another rhythm",
        but(7, "  hr: {email: hr@kommun.example, digest: daily}"),
        '7:42: "digest" must be weekly, or {on: monday, at: "08:00"}, not "daily"',
    ),
    (
        "a summary on no day of the week",
        but(7, "  hr: {email: hr@kommun.example, digest: {on: mondy}}"),
        '7:47: unknown on "mondy"; did you mean "monday"?',
    ),
    (
        "a summary at no hour",
        but(7, "  hr: {email: hr@kommun.example, digest: {at: 25:00}}"),
        '7:47: "at" must be an hour such as "08:00", not "25:00"',
    ),
    (
        "a summary for a webhook",
        but(7, "  hr: {webhook: tickets, digest: weekly}"),
        '7:34: recipient "hr" is a webhook: only people get a "digest"',
    ),
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
    ("nesting without end", "[" * 5000, "1:21: nested more than 20 levels deep"),
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


def test_health_of_days_ahead_is_refused_of_a_unit_too():
    """What a unit changes of a target may not look ahead at health either, and is told where it stands."""
    given = """\
plan: p
targets:
  - {id: sick, metric: sick_rate, breach: {above: 0.08}}
local:
  farsta:
    targets:
      sick: {look_ahead: [30d]}
"""
    assert [said.split(" ")[0] for said in faults(given)] == ["7:26:"]
    assert read(given.replace("look_ahead: [30d]", "look_ahead: []")).local["farsta"]["sick"].look_ahead == ()
