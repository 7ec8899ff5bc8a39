"""Measures that nobody has seen to in time: which, who is told when, and in what words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.alerts.domain.letter.neglect import neglect_message
from services.alerts.domain.neglect.finding import Neglected, neglected, overdue_days, readers, to_tell
from services.alerts.domain.neglect.notice import letter
from services.alerts.domain.plan.plan import Plan
from services.alerts.domain.plan.progress import Progress
from services.alerts.domain.plan.reading import read
from services.alerts.notifiers.email.layout import as_html, as_text
from shared.contracts.events import MeasureStatus
from tests.unit.alerts.test_plan_faults import faults

TEXT = """\
plan: plan
title: {sv: Handlingsplan, en: Action plan}
responsible: director
remind: 30d
recipients:
  hr: {email: hr@kommun.example, name: HR}
  director: {email: direktor@kommun.example}
targets:
  - {id: leavers, metric: leaver_rate, breach: {above: 0.15}, measures: [mentor]}
measures:
  - {id: mentor, title: {sv: Mentor till alla}, owner: hr, due: 2026-09-30, decision: pending}
  - {id: pool, owner: Bemanningsenheten, trial: {to: 2026-08-31}, should_move: [agency_share, leaver_rate]}
  - {id: fruit, owner: hr}
local:
  farsta:
    targets: {leavers: {measures: [mentor, walks]}}
    measures: [{id: walks, owner: director, due: 2026-10-15}]
"""
PLAN = read(TEXT)
WEDNESDAY = date(2026, 9, 30)


def found(day: date, plan: Plan = PLAN, **status: MeasureStatus) -> set[str]:
    """What is neglected on a day, by key."""
    progress = {("plan", name): Progress(held, day) for name, held in status.items()}
    return {one.key for one in neglected(plan, progress, day)}


def test_what_is_neglected_from_which_day_on() -> None:
    """A due day and the last of a trial are in time; a budget has to be decided thirty days before."""
    fruit = "moves_nothing/fruit/always"
    assert found(date(2026, 8, 30)) == {fruit}
    assert found(date(2026, 8, 31)) == {fruit, "undecided/mentor/2026-08-31"}
    assert found(date(2026, 9, 1)) == {fruit, "undecided/mentor/2026-08-31", "trial_over/pool/2026-09-01"}
    late = {"overdue/mentor/2026-10-01", "trial_over/pool/2026-09-01", "undecided/mentor/2026-08-31", fruit}
    assert found(date(2026, 10, 1)) == late
    assert found(date(2026, 10, 16)) == {*late, "overdue/walks/2026-10-16"}


@pytest.mark.parametrize("status", ["done", "cancelled"])
def test_what_is_over_is_not_neglected(status: MeasureStatus) -> None:
    """What has only been started is."""
    assert found(date(2027, 1, 1), mentor=status, pool=status, fruit=status, walks=status) == set()
    assert "overdue/mentor/2026-10-01" in found(date(2027, 1, 1), mentor="started")
    assert overdue_days(PLAN, {("plan", "walks"): Progress(status, WEDNESDAY)}, date(2026, 10, 20)) == {
        "mentor": 20,
        "walks": 0,
    }


def test_it_is_told_once_and_then_now_and_again() -> None:
    """On working days: what becomes overdue on a Saturday is told of on the Monday."""
    told: dict[str, date] = {}
    days: list[date] = []
    for day in (WEDNESDAY + timedelta(number) for number in range(70)):
        late = [one for one in neglected(PLAN, {}, day) if one.neglect == "overdue" and one.measure == "mentor"]
        for one in to_tell(late, told, 30, day):
            told[one.key] = day
            days.append(day)
    assert days == [date(2026, 10, 1), date(2026, 11, 2), date(2026, 12, 2)]
    saturday = [Neglected("walks", "overdue", date(2026, 10, 17))]
    assert to_tell(saturday, {}, None, date(2026, 10, 17)) == []
    assert to_tell(saturday, {}, None, date(2026, 10, 19)) == saturday
    assert to_tell(saturday, {saturday[0].key: date(2026, 10, 19)}, None, date(2028, 1, 5)) == []


def test_who_is_told() -> None:
    """The owner, where that is a recipient, and who answers for the plan, each once."""
    assert readers(PLAN, Neglected("mentor", "overdue")) == ("hr", "director")
    assert readers(PLAN, Neglected("pool", "trial_over")) == ("director",)
    assert readers(PLAN, Neglected("walks", "overdue")) == ("director",)
    nobody = read(TEXT.replace("responsible: director\n", ""))
    assert readers(nobody, Neglected("pool", "trial_over")) == ()


def test_what_the_mail_says() -> None:
    """A row for each measure, with everything that is neglected about it; a district's with its name."""
    day = date(2026, 10, 16)
    told = neglected(PLAN, {}, day)
    said = letter(
        PLAN, "director", told, {"farsta": "Farsta <b>"}, (day, datetime(2026, 10, 16, 5, tzinfo=UTC)), "http://s/board"
    )
    swedish = neglect_message(said, "director", "sv")
    assert swedish.subject == "4 åtgärder att ta ställning till: Handlingsplan"
    assert [(row.label, row.text) for row in swedish.rows] == [
        (
            "Mentor till alla",
            "Skulle ha varit klar den 30 september 2026, för 16 dagar sedan. Väntar fortfarande på budgetbeslut."
            " Ansvarig: HR.",
        ),
        ("pool", "Provtiden är slut sedan den 1 september 2026: dags att utvärdera. Ansvarig: Bemanningsenheten."),
        ("fruit", "Inget mål i planen visar om den hjälper: nämn den vid ett mål. Ansvarig: HR."),
        (
            "walks (Farsta <b>)",
            "Skulle ha varit klar den 15 oktober 2026, för 1 dag sedan. Ansvarig: director.",
        ),
    ]
    english = neglect_message(said, "director", "en")
    assert english.rows[0].text == (
        "Was to be done by 30 September 2026, 16 days ago. Still awaits a decision on its budget. Owner: HR."
    )
    assert "Farsta &lt;b&gt;" in as_html(swedish)
    assert "http://s/board" in as_text(english)


def test_a_district_has_measures_of_its_own() -> None:
    """They are of that unit alone, which may name them at its targets."""
    assert PLAN.measures["walks"].unit == "farsta"
    assert PLAN.local["farsta"]["leavers"].measures == ("mentor", "walks")
    (fault,) = faults(TEXT.replace("measures: [mentor]}", "measures: [walks]}", 1))
    assert fault.endswith('unknown measure "walks"; it can be fruit, mentor, pool')
    assert faults(TEXT.replace("{id: walks,", "{id: fruit,").replace(", walks]", "]")) == [
        '17:21: measure "fruit" is given twice'
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("owner: hr, due", "owner: hrr, due", 'unknown recipient "hrr"; did you mean "hr"?'),
        ("responsible: director", "responsible: direktor", 'unknown responsible "direktor"; did you mean "director"?'),
        ("remind: 30d", "remind: never", '"remind" must be a duration such as 14d or 2w, not "never"'),
        ("owner: director, due", "owner: directr, due", 'unknown recipient "directr"; did you mean "director"?'),
    ],
)
def test_typing_errors_are_faults(before: str, after: str, expected: str) -> None:
    """Any other text is an owner who is no recipient."""
    (fault,) = faults(TEXT.replace(before, after))
    assert fault.partition(": ")[2] == expected


EVALUATED = TEXT.replace(
    "{id: fruit, owner: hr}",
    "{id: fruit, owner: hr, evaluate: {metric: leaver_rate, start: 2025-07-01, before: 12m, after: 12m, smallest: 0.3}"
    "}",
)


def test_owner_and_responsible_are_told_when_there_is_an_answer() -> None:
    """Four weeks after the last month, also of what is done, until it is evaluated; it need not move a target."""
    plan, key = read(EVALUATED), "evaluable/fruit/2026-07-29"
    assert found(date(2026, 7, 28), plan) == set()
    assert found(date(2026, 7, 29), plan) == {key}
    assert found(date(2026, 7, 29), plan, fruit="done") == {key}
    assert found(date(2026, 7, 29), plan, fruit="evaluated") == set()
    assert found(date(2026, 7, 29), plan, fruit="cancelled") == set()
    [one] = neglected(plan, {}, date(2026, 7, 29))
    assert readers(plan, one) == ("hr", "director")
    when = date(2026, 7, 29), datetime(2026, 7, 29, 8, tzinfo=UTC)
    told = letter(plan, "hr", [one], {}, when, "http://board/plans/plan")
    assert "hjälpte" in as_text(neglect_message(told, "HR", "sv"))
    assert "whether it helped" in as_text(neglect_message(told, "HR", "en"))
