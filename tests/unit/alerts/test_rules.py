"""Targets that the control chart of months judges: read, judged month by month, and put into mails in two languages."""

import random
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace
from prometheus_client import CollectorRegistry

from services.alerts.domain.alert.judged import Addressee, Judgement
from services.alerts.domain.alert.judgement import AlertRecord, Setting, judge
from services.alerts.domain.alert.months import AGAIN, Asked, Month, Wanted, ask_from, observations, wanted
from services.alerts.domain.alert.occasion import FollowUp, MailReason
from services.alerts.domain.alert.promises import Promise, every, judged_on
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.chance.of_rules import of_rule
from services.alerts.domain.letter.message import message
from services.alerts.domain.letter.opening import opened, summed_up
from services.alerts.domain.letter.ruling import EN, SV
from services.alerts.domain.letter.turn import TurnText
from services.alerts.domain.plan.places import Places
from services.alerts.domain.plan.plan import Plan, Rule, Unit, Version
from services.alerts.domain.plan.reading import PlanRefused, read
from services.alerts.domain.trend.finding import Told
from services.alerts.domain.webhook.notice import notice
from services.alerts.exposition import Exposition
from shared.contracts.metrics import MetricValue
from shared.language.language import Language
from shared.statistics import control_chart
from tests.unit.said import assert_in_both

PLAN = """\
plan: social
title: {sv: Vända trenden, en: Turn the trend}
language: sv
settle: 0s
recipients: {hr: {email: hr@kommun.example}}
targets:
  - id: sick
    metric: sick_rate
    breach: {rule: shift, direction: worse, since: 2024-01-01}
    notify: [hr]
"""
UNIT = Unit("farsta", "Farsta", ("farsta", "*"))
ALERT = Alert("social", "sick", "farsta")
WHEN = datetime(2026, 1, 2, tzinfo=UTC)
MAIL_REASONS: tuple[MailReason, ...] = (
    "hold_met",
    "escalated",
    "snooze_ended",
    "reminded",
    "resolved",
    "data_corrected",
)
FOLLOW = FollowUp(
    key="k", told=date(2024, 9, 2), told_to=("hr",), unattended=7, by="Eva", until=date(2024, 9, 9), note="n"
)
LOW = [0.05, 0.06, 0.055, 0.065, 0.05, 0.06, 0.055, 0.06, 0.065, 0.05, 0.055, 0.06]


def months(values: Sequence[float | None], last: date = date(2025, 12, 31)) -> list[Month]:
    """A month for each value, up to the last; None is hidden."""
    places = range(last.year * 12 + last.month - len(values), last.year * 12 + last.month)
    ends = [date.fromordinal(date((p + 1) // 12, (p + 1) % 12 + 1, 1).toordinal() - 1) for p in places]
    return [Month(end, measured(value)) for end, value in zip(ends, values, strict=True)]


def measured(value: float | None) -> MetricValue:
    """A share of the days of a hundred people."""
    if value is None:
        return MetricValue(status="suppressed", definition="stadga:sick_rate:1")
    return MetricValue(
        status="final", definition="stadga:sick_rate:1", value=value, numerator=value * 3000, denominator=3000.0
    )


def asked(text: str = PLAN) -> Promise:
    """What a plan asks for in one unit."""
    version = Version(read(text), 4, "plan.yaml", "hash", WHEN, WHEN)
    return every({"social": version}, Places([UNIT]))[ALERT]


def judged(kept: Sequence[Month], promise: Promise | None = None, before: Judgement | None = None) -> Judgement:
    """The alert judged on these months, after an earlier judgement of which hr was told."""
    one = promise or asked()
    assert one.target.rule
    told = observations(one.target.rule, kept, one.version.plan.known_from)
    standing, episodes = (before.standing, before.episodes) if before else (None, ())
    hr = [Addressee("hr", "hr@kommun.example", "sv")]
    record = AlertRecord(standing, episodes, told, lambda _: hr if before else [], 365, version=4 if before else None)
    return judge(ALERT, one, record, Setting(date(2026, 1, 2), date(2026, 1, 3), WHEN, lambda *_: "http://board/x"))


def mail(one: Judgement, language: str) -> str:
    """Everything the one mail says."""
    [told] = one.mails
    said = message(told.occasion, told.recipient, "en" if language == "en" else "sv")
    rows = "\n".join(f"{row.label}: {row.text}" for row in said.rows)
    figure = (
        f"{said.figure.value} {said.figure.on}, {said.figure.limit_label} {said.figure.limit}" if said.figure else ""
    )
    return f"{said.subject}\n{said.headline}\n{said.lead}\n{figure}\n{rows}".replace("\N{NO-BREAK SPACE}", " ")


def test_a_rule_is_read():
    """Worse is upwards where lower is better; the day is that of watching where the rule has none."""
    [target] = read(PLAN).targets.values()
    assert target.rule == Rule("shift", upwards=True, since=date(2024, 1, 1))
    assert (target.breach, target.threshold, target.side) == (None, None, "above")
    watched = PLAN.replace(", since: 2024-01-01}", "}\n    watch_from: 2025-03-01").replace("worse", "better")
    [target] = read(watched).targets.values()
    assert target.rule == Rule("shift", upwards=False, since=date(2025, 3, 1))


FAULTS = [
    (PLAN.replace(", since: 2024-01-01", ""), "9:13: a rule needs the day from which months are judged"),
    (PLAN.replace("shift", "shfit"), '9:20: unknown rule "shfit"; did you mean "shift"?'),
    (PLAN.replace("worse", "wors"), '9:38: unknown direction "wors"; did you mean "worse"?'),
    (PLAN.replace("    notify", "    hold: 14d\n    notify"), '10:11: "hold" is for a limit'),
    (PLAN.replace("    notify", "    look_ahead: [30d]\n    notify"), '10:17: "look_ahead" is for a limit'),
    (PLAN.replace("sick_rate", "pay_median"), "9:13: pay_median has no monthly control chart: pay changes once"),
    (PLAN.replace("sick_rate", "headcount"), "9:13: headcount is neither better nor worse when it changes"),
    (
        PLAN + "local: {farsta: {targets: {sick: {breach: {above: 0.1}}}}}\n",
        "11:43: the target of the plan is judged by",
    ),
]


@pytest.mark.parametrize(("text", "said"), FAULTS, ids=[said[:24] for _, said in FAULTS])
def test_what_a_rule_cannot_say_is_refused(text: str, said: str):
    """In a sentence that says where."""
    with pytest.raises(PlanRefused) as refused:
        read(text)
    assert any(str(fault).startswith(said) for fault in refused.value.faults), refused.value.faults
    assert_in_both(refused.value.faults)


def test_a_day_that_is_none_is_one_fault():
    """Nobody is told to give what stands there."""
    with pytest.raises(PlanRefused) as refused:
        read(PLAN.replace("2024-01-01", "2024-02-30"))
    [fault] = refused.value.faults
    assert '"since" must be a date' in str(fault)


def test_seven_months_above_the_mean_of_before_raise_an_alert_and_six_do_not():
    """The mail names the months, the mean, the limits and the start; the board's chart says the same."""
    quiet = judged(months([*LOW, *LOW, *LOW[:5], 0.08, 0.085, 0.08, 0.09, 0.085, 0.08], date(2024, 11, 30)))
    assert (quiet.view.state, quiet.mails) == ("ok", ())
    values = [*LOW, *LOW, *LOW[:5], 0.08, 0.085, 0.08, 0.09, 0.085, 0.08, 0.075]
    one = judged(months(values, date(2024, 12, 31)))
    assert (one.view.state, one.view.threshold, one.view.since) == ("firing", None, date(2024, 12, 31))
    ruled = one.view.ruled
    assert ruled
    assert (ruled.told, ruled.run, ruled.first, ruled.before) == ("breach", 7, date(2024, 6, 30), 24)
    [verdict] = control_chart.chart(values, [24]).verdicts
    assert (verdict.kind, verdict.run, verdict.before.mean) == ("shift", ruled.run, pytest.approx(ruled.mean))
    swedish, english = mail(one, "sv"), mail(one, "en")
    assert "en ny nivå till det sämre" in swedish.splitlines()[0]
    assert "7 månader i rad, från juni 2024, över medelvärdet 5,7 % före den 1 januari 2024." in swedish
    assert "I december 2024 var värdet 7,5 %." in swedish
    assert (
        "Normal variation före den 1 januari 2024 är mellan 3,5 % och 7,9 % med medelvärdet 5,7 %, ur 24 månader."
        in swedish
    )
    assert "Kan det vara slump?: Knappast." in swedish
    assert "Planens regel: Larm vid en ny nivå till det sämre, räknat från den 1 januari 2024." in swedish
    assert "7 months in a row, from June 2024, above the mean before 1 January 2024, 5.7%." in english
    assert "limit" not in english


def test_the_worse_level_ends_and_the_alert_with_it():
    """Seven months without it; the mail says that it is over and from when to when."""
    worse = [*LOW, *LOW, *[0.08, 0.085, 0.09, 0.08, 0.085, 0.09, 0.08]]
    raised = judged(months(worse, date(2024, 7, 31)))
    over = judged(months([*worse, *LOW[:7]], date(2025, 2, 28)), before=raised)
    assert over.view.state == "ok"
    assert "Larmet är över: Farsta, sjukfrånvaro – ingen ny nivå till det sämre syns längre" in mail(over, "sv")
    assert "The alert lasted from 31 July 2024 to 28 February 2025." in mail(over, "en")


def test_late_data_that_takes_the_signal_away_withdraws_the_alert():
    """One month of the seven was never so high."""
    worse = [*LOW, *LOW, *[0.08, 0.085, 0.09, 0.08, 0.085, 0.09, 0.08]]
    raised = judged(months(worse, date(2024, 7, 31)))
    mended = judged(months([*worse[:27], 0.05, *worse[28:]], date(2024, 7, 31)), before=raised)
    assert mended.view.state == "ok"
    [episode] = mended.episodes
    assert episode.spell.outcome == "data_corrected"
    assert "med de rättade månaderna finns det inget skäl till larmet" in mail(mended, "sv")
    assert "Alert withdrawn, data corrected" in mail(mended, "en")


def test_a_hidden_month_is_a_gap_that_is_told_and_ends_nothing():
    """It ends a run that is not long enough, and no alert that goes on."""
    gap = [*LOW, *LOW, 0.08, 0.085, 0.09, None, 0.085, 0.09, 0.08, 0.085]
    found = judged(months(gap, date(2024, 8, 31))).view
    assert (found.state, found.ruled and found.ruled.hidden) == ("ok", 1)
    firing = [*LOW, *LOW, *[0.08] * 3, 0.085, *[0.09] * 4, None]
    later = judged(months(firing, date(2024, 9, 30)))
    assert (later.view.state, later.view.status) == ("firing", "suppressed")
    missed = judged(months([*LOW, *LOW, None, *[0.08, 0.085] * 4], date(2024, 9, 30)))
    assert "1 månad sedan dess saknar tal och räknas inte." in mail(missed, "sv")


def test_a_month_that_a_late_source_has_not_told_of_is_waited_for():
    """It raises nothing, and ends nothing."""
    *told, last = months([*LOW, *LOW, *[0.08, 0.085] * 3, 0.09], date(2024, 7, 31))
    late = last._replace(measured=replace(last.measured, fresh_until=date(2024, 7, 11)))
    assert judged([*told, last]).view.state == "firing"
    assert judged([*told, late]) == judged(told)


def test_too_few_months_are_not_judged():
    """Eleven before are too few, and so are six since: it is not known that all is well."""
    few = judged(months([*LOW[:11], *[0.09, 0.095] * 5], date(2024, 10, 31))).view
    assert (few.state, few.ruled and few.ruled.told) == ("not_judged", "unknown")
    short = judged(months([*LOW, *[0.09, 0.095] * 3], date(2024, 6, 30))).view
    assert short.state == "not_judged"
    assert judged([]).view.state == "not_judged"


def test_what_reaches_back_before_what_is_known_does_not_count():
    """``known_from`` leaves eleven months before the start."""
    text = PLAN + "known_from: 2023-02-01\n"
    worse = months([*LOW, *[0.09, 0.095] * 5], date(2024, 10, 31))
    assert judged(worse).view.state == "firing"
    assert judged(worse, asked(text)).view.state == "not_judged"


def test_limits_are_of_three_years_whatever_else_is_kept():
    """Months that another plan asked for do not move them."""
    kept = months([*[0.2] * 12, *LOW, *LOW, *LOW, *[0.08, 0.085] * 4], date(2024, 8, 31))
    assert judged(kept).view.ruled == judged(kept[12:]).view.ruled


def test_a_trend_and_a_month_beyond_the_limits_are_rules_of_their_own():
    """Seven rising months are a trend; a month above the upper limit is beyond, and over with the next."""
    rising = [*LOW, *LOW, 0.050, 0.052, 0.054, 0.056, 0.058, 0.060, 0.062]
    trend = asked(PLAN.replace("shift", "trend"))
    assert judged(months(rising, date(2024, 7, 31)), trend).view.state == "firing"
    assert judged(months(rising[:-1], date(2024, 6, 30)), trend).view.state == "not_judged"
    assert judged(months(rising, date(2024, 7, 31))).view.state == "ok"
    beyond = asked(PLAN.replace("shift", "beyond"))
    one = judged(months([*LOW, *LOW, 0.09], date(2024, 1, 31)), beyond)
    assert "månaden ligger över den övre gränsen" in mail(one, "sv").lower()
    assert judged(months([*LOW, *LOW, 0.09, 0.06], date(2024, 2, 29)), beyond).view.state == "ok"
    assert judged(months([*LOW, *LOW, 0.01], date(2024, 1, 31)), beyond).view.state == "ok"


def test_an_alert_by_a_limit_gives_way_to_one_by_a_rule():
    """The plan's new version takes the old episode back without a word, and raises its own."""
    limit = PLAN.replace("{rule: shift, direction: worse, since: 2024-01-01}", "{above: 0.07}")
    version = Version(read(limit), 3, "plan.yaml", "old", WHEN, WHEN)
    one = every({"social": version}, Places([UNIT]))[ALERT]
    setting = Setting(date(2026, 1, 2), date(2026, 1, 3), WHEN, lambda *_: "http://board/x")
    days = [observations(Rule("beyond", True, date(2026, 1, 1)), months([0.08], date(2026, 1, 31)), None)[0]]
    told = [day.__class__(date(2026, 1, 2), 0, day.measured) for day in days]
    before = judge(ALERT, one, AlertRecord(None, (), told, lambda _: (), 365), setting)
    assert before.view.state == "firing"
    record = AlertRecord(
        before.standing,
        before.episodes,
        observations(
            Rule("shift", True, date(2024, 1, 1)), months([*LOW, *LOW, *[0.08, 0.085] * 4], date(2024, 8, 31)), None
        ),
        lambda _: [Addressee("hr", "h@k.se", "sv")],
        365,
        version=3,
        last=before.view,
    )
    after = judge(ALERT, asked(), record, setting)
    assert [(step.body.reason, step.body.threshold) for step in after.transitions] == [
        ("plan_changed", None),
        ("hold_met", None),
    ]
    assert [sent.occasion.reason for sent in after.mails] == ["hold_met"]


def test_only_rules_want_months_and_they_want_no_days():
    """A series is asked for from three years before its earliest start; daily values do not mark its alerts."""
    plan: Plan = read(PLAN)
    versions = {"social": Version(plan, 1, "f", "h", WHEN, WHEN)}
    places = Places([UNIT])
    found = wanted(versions, places)
    [series] = found
    assert found[series] == Wanted(date(2021, 1, 1), (ALERT,))
    assert judged_on([series], versions, places) == set()


def test_all_months_are_asked_for_once_one_has_ended_and_the_latest_once_a_day():
    """Late data within half a year shows the next day, older when the month ends."""
    want, today = Wanted(date(2021, 1, 1), (ALERT,)), date(2026, 1, 2)
    assert ask_from(want, None, today) == date(2021, 1, 1)
    done = Asked(date(2021, 1, 1), date(2025, 12, 31), today)
    assert ask_from(want, done, today) is None
    assert ask_from(want, done, date(2026, 1, 3)) == date(2025, 7, 1)
    assert AGAIN == 6
    assert ask_from(want, done, date(2026, 2, 1)) == date(2021, 1, 1)
    assert ask_from(Wanted(date(2019, 1, 1), (ALERT,)), done, today) == date(2019, 1, 1)


def test_chance_alone_seldom_fulfils_a_rule():
    """In one direction, a year: at most one alert in ten units, and the same each time it is asked."""
    rates = {kind: of_rule(kind) for kind in ("shift", "trend", "beyond")}
    assert 0 < rates["shift"] < 0.1, rates
    assert rates["trend"] < 0.05, rates
    assert rates["beyond"] < 0.2, rates


def test_a_course_without_a_change_is_judged_alike_whatever_comes_after():
    """What a month was judged by is not looked up in what came later: months known then, and no others."""
    chance = random.Random(7)  # noqa: S311 -- no secret
    values = [0.06 + chance.gauss(0, 0.005) for _ in range(60)]
    rule, kept = Rule("shift", True, date(2023, 1, 1)), months(values)
    whole = observations(rule, kept, None)
    assert len(whole) == 36
    for end in (30, 44, 59):
        assert observations(rule, kept[:end], None) == whole[: end - 24]


def fields_of(told: TurnText) -> list[set[str]]:
    """What the subject, the headline and the lead of a mail speak of."""
    return [set(re.findall(r"\{(\w+)\}", text)) for text in (told.subject, told.headline, " ".join(told.lead))]


def test_each_language_says_everything_and_the_same():
    """The same mails, and of each the same facts."""
    assert {name: fields_of(told) for name, told in SV.turns.items()} == {
        name: fields_of(told) for name, told in EN.turns.items()
    }


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("reason", [*MAIL_REASONS])
@pytest.mark.parametrize("told", ["breach", "clear"])
def test_every_mail_about_a_rule_can_be_written(language: Language, reason: MailReason, told: Told):
    """Whatever the reason, and whatever the chart tells by now: no field is left, and no limit is spoken of."""
    raised = judged(months([*LOW, *LOW, *[0.08, 0.085] * 4], date(2024, 8, 31)))
    [sent] = raised.mails
    ruled = sent.occasion.ruled
    assert ruled
    about = replace(
        sent.occasion, reason=reason, ruled=replace(ruled, told=told), follow=FOLLOW, ended=date(2024, 9, 30)
    )
    said = message(about, "hr", language)
    text = "\n".join([said.subject, said.headline, said.lead, *(row.text for row in said.rows), *said.small_print])
    assert "{" not in text
    assert not any(word in text for word in ("planens gräns", "plan's limit", "gränsen None"))


def test_other_exits_tell_what_the_chart_tells():
    """The opening summary, a webhook, Prometheus and the weekly summary: none has a limit to tell of."""
    worse = months([*LOW, *LOW, *[0.08, 0.085] * 4], date(2024, 8, 31))
    quiet = judged(worse, asked(PLAN.replace("notify:", "watch_from: 2026-01-01\n    notify:")))
    assert quiet.mails == ()
    assert quiet.opening
    assert quiet.opening.opened
    summary = opened(summed_up("x", [quiet.opening.opened.notice], WHEN), "hr", "sv")
    assert "sjukfrånvaro 8,5 %: 8 månader i rad, från januari 2024, över medelvärdet 5,7 %" in plain(
        summary.rows[0].text
    )
    one = judged(worse)
    told = notice("n", one.mails[0].occasion, "hr", "en")
    assert (told.value.threshold, told.value.direction) == (None, "above")
    assert "8 months in a row" in told.text
    exposition = Exposition(CollectorRegistry())
    exposition.judged(one.view, WHEN)
    lines = b"".join(exposition.scraped()).decode()
    assert "stadga_alert_state" in lines
    assert "stadga_alert_threshold" not in lines


def plain(text: str) -> str:
    """With usual spaces."""
    return text.replace("\N{NO-BREAK SPACE}", " ")
