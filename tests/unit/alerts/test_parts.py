"""Targets by gender and by age: what a plan may say, what is asked, who is told of, and that nobody else is found."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

import pytest

from cli.offline.rehearsal.months import Ledger
from cli.offline.rehearsal.parts import parts
from cli.offline.rehearsal.values import folded
from cli.simulation.log import simulate
from services.alerts.board.promise import has_number
from services.alerts.domain.alert.judged import Judgement
from services.alerts.domain.alert.judgement import AlertRecord, Setting, judge
from services.alerts.domain.alert.observation import Observation, SeriesKey
from services.alerts.domain.alert.parts import Asking, LastAsked, due, few, questions, requests, wanted
from services.alerts.domain.alert.promises import ahead, every, judged_on
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.letter.bundle import Bundle, bundled
from services.alerts.domain.letter.en import EN
from services.alerts.domain.letter.entries import Notice, Surroundings
from services.alerts.domain.letter.message import message
from services.alerts.domain.letter.sv import SV
from services.alerts.domain.letter.whom import only
from services.alerts.domain.letter.words import MailWords
from services.alerts.domain.plan.places import Places
from services.alerts.domain.plan.plan import Part, Plan, Unit, Version
from services.alerts.domain.plan.reading import PlanRefused, read
from services.alerts.domain.webhook.notice import notice
from services.metrics.domain.coverage.coverage import Coverage
from services.metrics.domain.sums.catalogue import FORMULAS
from services.metrics.domain.sums.tree import Trees
from shared.contracts import envelope
from shared.contracts.catalogue import METRICS
from shared.contracts.catalogue.parts import PARTS, no_parts
from shared.contracts.metrics import ALL, RESTATED_DAYS, MetricValue
from shared.language.language import Language
from tests import builders as make
from tests.unit.metrics.attacker import FEW, Name, Town, computed
from tests.unit.metrics.test_attack import SEEDS, TODAY, municipality
from tests.unit.said import assert_in_both

PLAN = """\
plan: p
{scope}recipients: {{hr: {{email: hr@kommun.example}}}}
targets:
  - {{id: leaving, metric: {metric}, by: {by}, breach: {{above: 0.2}}, notify: [hr]{more}}}
"""
WHEN = datetime(2026, 1, 2, tzinfo=UTC)
UNITS = Places([Unit("farsta", "Farsta", ("farsta", ALL)), Unit(ALL, ALL, (ALL,))])


def plan(by: str = "gender", metric: str = "leaver_rate_own_request", scope: str = "", more: str = "") -> Plan:
    """A plan with one target."""
    return read(PLAN.format(by=by, metric=metric, scope=scope, more=more))


def running(one: Plan) -> dict[str, Version]:
    """It runs."""
    return {one.id: Version(one, 1, "", "", WHEN, WHEN)}


@pytest.mark.parametrize(
    ("by", "ids"),
    [
        ("gender", ["f", "m", "x"]),
        ("[unit, gender]", ["f", "m", "x"]),
        ("age", ["-29", "30-49", "50-"]),
        ("[total, age, gender]", [f"{gender}.{age}" for gender in "fmx" for age in ("-29", "30-49", "50-")]),
    ],
)
def test_each_part_is_a_target(by: str, ids: list[str]):
    """Under an id of its own, with all that the target says."""
    found = plan(by).targets
    assert list(found) == [f"leaving.{name}" for name in ids]
    assert {one.threshold for one in found.values()} == {0.2}
    assert all(one.part.by == "gender,age" if "total" in by else one.part.by in by for one in found.values())


def test_a_unit_adapts_every_part():
    """By the id that the plan writes."""
    local = "local: {farsta: {targets: {leaving: {breach: {above: 0.3}}}}}\n"
    found = read(PLAN.format(by="gender", metric="leaver_rate", scope="", more="") + local)
    assert {name: one.threshold for name, one in found.local["farsta"].items()} == dict.fromkeys(found.targets, 0.3)


@pytest.mark.parametrize(
    ("plain", "said"),
    [
        ({"by": "[unit, total]"}, '"by" can be unit or total, not both'),
        ({"by": "genus"}, 'unknown by "genus"; it can be age, gender, total, unit'),
        ({"by": "[gender, age]"}, "by gender and age at once there are no values of a unit"),
        ({"by": "[total, gender, age]", "scope": "scope: {units: [ifo]}\n"}, "by gender and age at once"),
        (
            {"scope": "scope: {occupations: [nurse]}\n"},
            "by occupation and gender at once there are no",
        ),
        ({"by": "[total, gender, age]", "more": ", occupation: nurse"}, "there are no values of everything"),
        (
            {"metric": "vacancy_rate"},
            "vacancy_rate has no values by gender: some of what it counts",
        ),
        ({"metric": "span_of_control"}, "those who are led and who leads them may be of another gender"),
        ({"metric": "pay_gap"}, "it compares women and men: neither has one alone"),
        ({"more": ", look_ahead: [30d]"}, "whether a part may be told is known of days that are over"),
    ],
)
def test_what_metrics_has_no_groups_for_is_refused(plain: dict[str, str], said: str):
    """With a sentence that says what there is."""
    with pytest.raises(PlanRefused, match=said.replace("[", r"\[")) as refused:
        plan(**plain)
    assert_in_both(refused.value.faults)


def test_two_dimensions_of_the_whole_municipality():
    """Of one occupation by gender, and the pay gap of ages."""
    assert plan("[total, gender]", scope="scope: {occupations: [nurse]}\n").targets["leaving.f"].part == Part("f")
    assert plan("age", "pay_gap").targets["leaving.-29"].part == Part(age="-29")


def test_a_part_that_has_the_name_of_a_target_is_refused():
    """Two alerts would be one."""
    other = "  - {id: leaving.f, metric: leaver_rate, breach: {above: 0.2}, notify: [hr]}\n"
    with pytest.raises(PlanRefused, match=r'target "leaving\.f" is given twice: once as a part of another') as refused:
        read(PLAN.format(by="gender", metric="leaver_rate", scope="", more="") + other)
    assert_in_both(refused.value.faults)


def test_published_values_judge_no_part():
    """Those of the unit are another series."""
    versions = running(plan())
    assert judged_on([SeriesKey("farsta", ALL, "leaver_rate_own_request")], versions, UNITS) == set()
    assert ahead(versions.values()) == set()
    assert {one.series.gender for one in every(versions, UNITS).values()} == {"f", "m", "x"}


def test_what_is_asked_in_a_day():
    """One question of all units for each day that is restated; the latest first; several metrics in one request."""
    want = wanted(running(plan()), UNITS)
    today = date(2026, 6, 30)
    asked = due({}, questions(want, today), today)
    assert [one.as_of for one in asked] == [today - timedelta(n) for n in range(RESTATED_DAYS + 1)]
    assert {one[:4] for one in asked} == {("", ALL, "gender", "leaver_rate_own_request")}
    both = [*asked, *(one._replace(metric="senior_share") for one in asked)]
    assert [one.metrics for one in requests(both, 1)] == [("leaver_rate_own_request", "senior_share")] * len(asked)
    assert len(requests(both, 10_000_000)) == len(both)
    whole = wanted(running(plan("[total, gender, age]")), UNITS)
    assert {one[:3] for one in questions(whole, today)} == {(ALL, ALL, "gender,age")}


@pytest.mark.parametrize(
    ("last", "again"),
    [
        (LastAsked(date(2026, 6, 30)), False),
        (LastAsked(date(2026, 6, 29)), True),
        (LastAsked(date(2026, 6, 30), moves=3, seen=2), True),
        (LastAsked(date(2026, 6, 30), moves=3, seen=3), False),
        (LastAsked(None), True),
    ],
)
def test_what_is_asked_again(last: LastAsked, again: bool):
    """On another day, and when values have moved since."""
    one = Asking("", ALL, "gender", "leaver_rate", date(2026, 6, 29))
    assert due({one: last}, [one], date(2026, 6, 30)) == [one] * again


@pytest.mark.parametrize(
    ("people", "hidden"),
    [
        ({"f": 40.0, "m": 11.0}, ""),
        ({"f": 40.0, "m": 10.0}, "fm"),
        ({"f": 40.0, "m": 12.0, "x": 1.0}, "mx"),
        ({"f": 40.0, "m": 10.0, "x": 1.0}, "mx"),
        ({"f": 40.0, "m": 12.0, "x": 0.0}, "mx"),
        ({"f": 9.0}, "f"),
        ({}, ""),
    ],
)
def test_few_are_hidden_with_others(people: dict[str, float], hidden: str):
    """A part of ten, and as many of the smallest beside it as it takes that more than ten are left over."""
    assert few({Part(gender): count for gender, count in people.items()}) == {Part(gender) for gender in hidden}


def wholes(town: Town) -> set[Name]:
    """What is published of everyone: units, and occupations in them, of any size."""
    return {name for name in town.groups() if name[2:] == (ALL, ALL) and not name[0].startswith("only")}


def told(events: Collection[make.Event], keys: Collection[SeriesKey]) -> set[Name]:
    """The parts whose leavers alerts is told of today."""
    log = folded(envelope.decode(make.encoded(event)) for event in events)
    ledger = Ledger(log.tally.facts(), Trees(log.memory.definitions), Coverage(log.told))
    found = parts(ledger, keys, TODAY)
    return {(key.unit, ALL, *key.part) for key, days in found.items() if days[-1].measured.status != "suppressed"}


def of_parts(town: Town) -> dict[Name, int]:
    """Every unit by gender and by age, and how many people there are in each."""
    groups = town.groups()
    return {
        name: town.of(kinds)
        for name, kinds in groups.items()
        if name[1] == ALL and (name[2] == ALL) != (name[3] == ALL) and not name[0].startswith("only")
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_is_found_by_what_alerts_tells(seed: int):
    """With the wholes of all units and occupations, and every part by gender and by age that is told."""
    town, everyone = municipality(seed).town(TODAY), municipality(seed).events()
    sizes = of_parts(town)
    keys = [SeriesKey(unit, ALL, "leaver_rate", gender, age) for unit, _, gender, age in sizes]
    shown = told(everyone, keys)
    assert all(sizes[name] > FEW for name in shown)
    before = set(computed(town, wholes(town)))
    assert set(computed(town, wholes(town) | shown)) - before == set()


def test_the_attacker_finds_many_where_each_part_is_looked_at_alone():
    """And of large parts some are told even where most units are tiny."""
    broken = large = shown = 0
    for seed in SEEDS:
        town = municipality(seed).town(TODAY)
        sizes = of_parts(town)
        alone = {name for name, size in sizes.items() if size > FEW}
        before = set(computed(town, wholes(town)))
        broken += bool(set(computed(town, wholes(town) | alone)) - before)
        keys = [SeriesKey(unit, ALL, "leaver_rate", gender, age) for unit, _, gender, age in sizes]
        shown, large = shown + len(told(municipality(seed).events(), keys)), large + len(alone)
    assert broken >= len(SEEDS) - 2
    assert shown > large / 5


def raised(gender: str, hidden: bool = False) -> Judgement:
    """The alert of a gender in Farsta, whose value breaches."""
    alert = Alert("p", f"leaving.{gender}", "farsta")
    promise = every(running(plan()), UNITS)[alert]
    measured = MetricValue(
        status="final", definition="d", value=0.3, numerator=30.0, denominator=100.0, low=0.2, high=0.4
    )
    days = [Observation(date(2026, 1, 1), 0, measured)]
    if hidden:
        days.append(Observation(date(2026, 1, 2), 0, MetricValue(status="suppressed", definition="d")))
    record = AlertRecord(None, (), days, lambda _: (), 365)
    return judge(alert, promise, record, Setting(date(2026, 1, 2), date(2026, 1, 3), WHEN, lambda *_: "http://board/x"))


@pytest.mark.parametrize(
    ("language", "gender", "word"), [("sv", "f", "kvinnor"), ("en", "m", "men"), ("sv", "x", "annat kön")]
)
def test_a_mail_says_whom_it_is_about(language: Language, gender: str, word: str):
    """In its subject and beside the unit; and so do what other systems get, and the list of alerts."""
    outcome = raised(gender)
    [mail] = outcome.mails
    said = message(mail.occasion, "hr", language)
    assert said.subject.endswith(f"({word})")
    assert said.where == f"Farsta · {word}"
    sent = notice(mail.id, mail.occasion, "hr", language)
    assert (sent.alert.target, sent.alert.gender, sent.alert.age) == (f"leaving.{gender}", gender, ALL)
    assert (outcome.view.gender, outcome.view.age, outcome.transitions[0].body.gender) == (gender, ALL, gender)


def test_one_mail_of_women_and_men_tells_them_apart():
    """Several notices of a unit that are decided together are one mail."""
    told = [mail.occasion for gender in "fm" for mail in raised(gender).mails]
    around = Surroundings(open=2, units=1, watched=2, above={})
    made = bundled([Notice(one, message(one, "hr", "sv")) for one in told], around, {"hr"}, "sv")
    assert isinstance(made, Bundle)
    assert [card.said.where for section in made.sections for card in section.cards] == [
        "Farsta · kvinnor",
        "Farsta · män",
    ]


def test_a_weekly_summary_and_an_opening_say_whom():
    """By the same words, with the occupation where there is one."""
    assert only(SeriesKey("farsta", "nurse", "leaver_rate", "f", "50-"), SV) == " (kvinnor, 50 år och äldre, nurse)"
    assert only(SeriesKey("farsta", ALL, "leaver_rate"), SV) == ""


@pytest.mark.parametrize("words", [SV, EN])
def test_every_part_has_a_word(words: MailWords):
    """In both languages."""
    assert words.parts.keys() == {word for some in PARTS.values() for word in some}


def test_what_is_hidden_raises_nothing_and_shows_nothing():
    """The alert stands by its last number, which no page shows any more."""
    outcome = raised("f", hidden=True)
    assert (outcome.view.state, outcome.view.status) == ("firing", "suppressed")
    assert not has_number(outcome.view)


def test_metrics_of_nobody_are_those_that_come_without_a_gender():
    """Of each metric that has parts every fact of a simulated municipality says a gender; of the others some do not."""
    tally = folded(simulate(1, 200, 8, first=date(2023, 1, 1), last=date(2025, 12, 31), hostility=0.2)).tally
    without = {fact.measure for fact in tally.facts() if fact.cell.gender == "unknown"}
    reads = {metric.name: {measure for measure, _ in FORMULAS[metric.name].reads} for metric in METRICS}
    alertable = {metric for metric in METRICS if metric.alertable}
    told = {metric.name for metric in alertable if no_parts(metric, "age") is None}
    assert told == {metric.name for metric in alertable if not reads[metric.name] & without} - {"span_of_control"}
