"""A promise in a sentence: what is said in each state, and what is not said."""

from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from services.alerts.board.promise import promise_line, state_of
from services.alerts.domain.alert.telling import Expected, View, ViewState
from services.alerts.domain.handling.handled import Acknowledged, Handled, Snoozed
from services.alerts.domain.plan.plan import Version
from services.alerts.domain.plan.reading import read
from shared.language.language import Language
from tests.unit.alerts.board.pages import HOSTILE, VIEW, to

AHEAD = Expected(on=date(2026, 9, 28), horizon=90, value=0.25)
CALM = replace(VIEW, state="ok", value=0.1, since=None, low=0.04, high=0.18, confirmed=False)


@pytest.mark.parametrize(
    ("view", "language", "state", "sentence"),
    [
        (VIEW, "sv", "firing", "23,3 % – över planens gräns 20 % sedan den 2 juni 2026."),
        (VIEW, "en", "firing", "23.3% – above the plan's limit 20% since 2 June 2026."),
        (
            replace(VIEW, since_at_least=True),
            "sv",
            "firing",
            "23,3 % – över planens gräns 20 % sedan åtminstone den 2 juni 2026.",
        ),
        (replace(VIEW, value=0.18), "sv", "firing", "18 % – inte längre över planens gräns 20 %, men larmet kvarstår."),
        (
            replace(VIEW, state="pending"),
            "sv",
            "pending",
            "23,3 % – över planens gräns 20 % sedan den 2 juni 2026,"
            " men ännu inte så länge som planen kräver för larm.",
        ),
        (
            replace(VIEW, state="recovering", value=0.1),
            "sv",
            "recovering",
            "10 % – åter inom planen, som lovar högst 20 %. Larmet avslutas när det har hållit i sig.",
        ),
        (CALM, "sv", "ok", "10 % – planen lovar högst 20 %."),
        (
            replace(CALM, expected=AHEAD),
            "sv",
            "expected",
            "10 % i dag, men väntas bli 25 % den 28 september 2026 – över planens gräns 20 %.",
        ),
        (
            replace(VIEW, state="not_judged", value=None, status=None, since=None),
            "sv",
            "not_judged",
            "Planen lovar högst 20 %. Inget värde har kommit än.",
        ),
        (
            replace(VIEW, status="suppressed"),
            "sv",
            "firing",
            "Planen lovar högst 20 %. Dolt: gruppen är så liten att någon skulle kunna kännas igen.",
        ),
    ],
)
def test_each_state_has_its_sentence(view: View, language: Language, state: ViewState, sentence: str) -> None:
    """With the value, the promise and the days that go with it."""
    line = promise_line(view, to(language))
    assert (state_of(view), line.sentence.replace("\N{NO-BREAK SPACE}", " ")) == (state, sentence)


def test_a_list_does_not_look_as_if_it_contradicted_itself() -> None:
    """An alert that goes on within the plan says when it ends; a day that is one at the latest is told as such."""
    back = promise_line(replace(VIEW, value=0.18, since_at_least=True), to())
    assert back.lingers.replace("\N{NO-BREAK SPACE}", " ") == "larmet avslutas under 16 %"
    assert back.since == "åtminstone 2 juni 2026"
    assert [promise_line(one, to()).lingers for one in (VIEW, CALM, replace(VIEW, status="suppressed"))] == [""] * 3
    assert promise_line(VIEW, to()).since == "2 juni 2026"
    assert promise_line(CALM, to()).since == "–"


def test_chance_is_spoken_of_where_it_matters() -> None:
    """Of a value past its limit that has an interval: whether chance explains it. Of a calm one nothing is said."""
    assert promise_line(VIEW, to()).chance.startswith("Kan vara slump: intervallet 10,7–44,3")
    assert "Slumpen är ingen förklaring" in promise_line(replace(VIEW, confirmed=True, low=0.21), to()).chance
    assert promise_line(CALM, to()).chance == ""
    assert promise_line(replace(VIEW, confirmed=None, low=None, high=None), to()).chance == ""


@pytest.mark.parametrize(
    ("metric", "language", "said"),
    [
        ("agency_share", "sv", "Slumpen har ingen del i talet: det räknar allt som är."),
        ("vacancy_rate", "en", "Chance does not enter: this is a count of all there is."),
        ("sick_rate", "sv", "Månaderna går upp och ned av sig själva."),
        ("overtime_share", "en", "Months go up and down on their own."),
    ],
)
def test_chance_is_spoken_of_without_an_interval_too(metric: str, language: Language, said: str) -> None:
    """By what the value is; of one that is well, nothing."""
    bare = replace(VIEW, metric=metric, confirmed=None, low=None, high=None)
    assert promise_line(bare, to(language)).chance.startswith(said)
    assert promise_line(replace(bare, state="ok"), to(language)).chance == ""


def test_a_hidden_value_is_told_by_nothing() -> None:
    """Neither number nor interval nor chance, though the view still holds the number of before."""
    line = promise_line(replace(VIEW, status="suppressed"), to())
    assert (line.value, line.interval, line.chance) == ("–", "–", "")
    assert "23" not in line.sentence


def test_a_value_near_its_limit_is_not_written_like_it() -> None:
    """20.04 % is past 20 %, so it is not written as 20 %."""
    assert promise_line(replace(VIEW, value=0.2004), to()).value.startswith("20,04")


def test_what_people_did_is_said_in_sentences() -> None:
    """Who takes care of it, whom it is assigned to, until when it is snoozed and why; each in one line."""
    at = datetime(2026, 6, 20, tzinfo=UTC)
    done = Handled(
        acknowledged=Acknowledged(by="Maria", at=at, until=date(2026, 7, 1)),
        assigned="Per\nOlof",
        snoozed=Snoozed(by="Maria", at=at, until=date(2026, 7, 10), note=HOSTILE),
        escalated=("head",),
    )
    assert promise_line(replace(VIEW, handling=done), to()).handling == (
        "Maria tar hand om det till den 1 juli 2026.",
        "Tilldelat Per Olof.",
        f"Pausat till den 10 juli 2026 av Maria: {HOSTILE}",
        "Fört vidare till head, eftersom ingen hade tagit hand om det.",
    )
    assert promise_line(VIEW, to()).handling == ()


def test_recipients_are_called_what_their_plan_calls_them() -> None:
    """To whom it is assigned and escalated; one whom the plan does not know is called as was written."""
    handling, now = Handled(assigned="hr", escalated=("head", "gone")), datetime(2026, 6, 20, tzinfo=UTC)
    recipients = "recipients: {hr: {email: hr@k.example, name: HR}, head: {email: head@k.example, name: Chefen}}"
    targets = "targets: [{id: t, metric: leaver_rate, breach: {above: 0.2}, notify: [hr]}]"
    plan = read(f"plan: {VIEW.plan}\n{recipients}\n{targets}")
    plans = {VIEW.plan: Version(plan, 1, "p.yaml", "digest", now, now)}
    assert promise_line(replace(VIEW, handling=handling), to(), plans).handling == (
        "Tilldelat HR.",
        "Fört vidare till Chefen, gone, eftersom ingen hade tagit hand om det.",
    )


def test_a_stale_value_says_so() -> None:
    """Until when the data behind it is fresh."""
    assert (
        "aktuella till och med den 1 juni 2026" in promise_line(replace(VIEW, fresh_until=date(2026, 6, 1)), to()).stale
    )
