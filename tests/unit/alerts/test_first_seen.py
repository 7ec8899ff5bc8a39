"""Since when a value breaches is only said where the day before is known; else it is "at least since"."""

import msgspec
import pytest

from services.alerts.domain.alert.episode import SETTLED_DAYS
from services.alerts.domain.alert.observation import Observation
from services.alerts.domain.alert.occasion import DayBefore, MailReason
from services.alerts.domain.letter.message import message
from shared.contracts.metrics import MetricValue, Status
from shared.language.language import Language
from tests.unit.alerts.ledger import Ledger
from tests.unit.alerts.occasions import occasion
from tests.unit.alerts.stories import BAD, GOOD, MIDDLE, day, repeated, series, target, told
from tests.unit.alerts.test_judgement import judged

KNOWN: list[tuple[str, list[Observation], bool]] = [
    ("the first day on record", series([BAD]), True),
    ("the day after a good one", series([GOOD, BAD]), False),
    ("the day after one between the limits", series([MIDDLE, BAD]), False),
    ("a day after a gap", [*series([GOOD]), *series([BAD], start=2)], True),
    ("the second day of a breach after a gap", [*series([GOOD]), *series([BAD, BAD], start=2)], True),
    ("a day after a suppressed one", series([GOOD, None, BAD]), True),
    ("a breach that follows another", series([BAD, GOOD, BAD]), False),
]


def without(status: Status) -> MetricValue:
    """A day of which there is no number."""
    return MetricValue(status=status, definition="stadga:leaver_rate:1")


@pytest.mark.parametrize(("days", "at_least"), [one[1:] for one in KNOWN], ids=[one[0] for one in KNOWN])
def test_a_first_day_is_only_sure_after_a_known_one(days: list[Observation], at_least: bool):
    """Whether the breach may have begun before the first day of it that was heard of."""
    assert told(target(hold=30), days).run.since_at_least is at_least


@pytest.mark.parametrize("status", ["incomplete", "not_reported", "suppressed", "not_applicable"])
def test_a_day_without_a_number_is_not_a_known_one(status: Status):
    """It does not say that there was no breach."""
    before = Observation(day(0), 0, without(status))
    assert told(target(), [before, *series([BAD], start=1)]).spells[0].since_at_least


def test_it_stays_so_while_the_alert_lives_and_when_it_is_over():
    """Firing, recovering and over: the episode keeps what was not known of its beginning."""
    for rest in ([], [BAD] * 3, [BAD] * 3 + [GOOD], [BAD] * 3 + [GOOD] * 4):
        (spell,) = told(target(hold=0, clear_hold=2), series([BAD, *rest])).spells
        assert spell.since_at_least


def test_it_is_remembered_once_its_days_are_settled():
    """The values of then are gone, and what was not known is still not known."""
    ledger = Ledger(target())
    ledger.hear(series(repeated((BAD, SETTLED_DAYS + 5))))
    assert ledger.standing.memory.run.since_at_least
    assert [one.since_at_least for one in ledger.live()] == [True]


def test_the_day_before_a_breach_may_be_a_settled_one():
    """That it was good is remembered."""
    ledger = Ledger(target())
    ledger.hear(series([GOOD]))
    ledger.hear(series(repeated((BAD, SETTLED_DAYS)), start=1))
    assert ledger.standing.memory.through == day(0)
    ledger.hear(series([BAD], start=SETTLED_DAYS))
    assert [one.since_at_least for one in ledger.live()] == [False]


def test_late_data_makes_it_sure():
    """A good value of the day before comes late: the same episode, now with the day it began."""
    ledger = Ledger(target())
    ledger.hear(series([BAD], start=1))
    ledger.hear(series([GOOD]))
    assert [(one.since, one.since_at_least) for one in ledger.live()] == [(day(1), False)]
    assert ledger.reasons == ["hold_met"]


@pytest.mark.parametrize(("first", "at_least"), [([BAD], True), ([GOOD, BAD], False)])
def test_the_event_the_view_and_the_mail_say_it(first: list[float | None], at_least: bool):
    """What other systems get, what the API shows, and what people are mailed."""
    found = judged(series([*first, *repeated((BAD, 4))]))
    assert [told.body.since_at_least for told in found.transitions] == [at_least]
    assert found.view.since_at_least is at_least
    assert {mail.occasion.since_at_least for mail in found.mails} == {at_least}


def test_the_event_leaves_out_what_is_sure():
    """Only what is not known is added to the contract of before."""
    sure, unsure = (judged(series([*first, *repeated((BAD, 4))])).transitions[0].body for first in ([GOOD], []))
    assert "since_at_least" not in msgspec.to_builtins(sure)
    assert msgspec.to_builtins(unsure)["since_at_least"] is True


def test_a_hold_that_runs_says_it():
    """A pending alert, and the step that began it."""
    found = judged(series([BAD]))
    assert [(told.body.new, told.body.since_at_least) for told in found.transitions] == [("pending", True)]


REASONS: list[MailReason] = ["hold_met", "resolved"]
SV = "sedan åtminstone den 26 september 2026, i minst 14 dagar: "
EN = "at least since 26 September 2026, for at least 14 days: "
SAID: list[tuple[Language, DayBefore, str]] = [
    ("sv", "unheard", f"{SV}längre tillbaka ser bevakningen inte."),
    ("en", "unheard", f"{EN}watching looks no further back."),
    ("sv", "no_data", f"{SV}det är den första dagen som det finns uppgifter för."),
    ("en", "no_data", f"{EN}that is the first day that there is data for."),
    ("sv", "no_number", f"{SV}för dagen före finns det inget värde."),
    ("en", "no_number", f"{EN}there is no value of the day before."),
]


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize(("language", "word"), [("sv", "åtminstone den"), ("en", "at least since")])
def test_every_mail_says_at_least(reason: MailReason, language: Language, word: str):
    """An alarm and its end, in both languages; and never both that and a day that is sure."""
    unsure = message(occasion(reason, since_at_least=True), "hr", language).lead
    sure = message(occasion(reason), "hr", language).lead
    assert word in unsure.replace("\N{NO-BREAK SPACE}", " ")
    assert word not in sure
    assert len(unsure) > len(sure)


@pytest.mark.parametrize(("language", "day_before", "sentence"), SAID)
def test_an_alarm_says_why(language: Language, day_before: DayBefore, sentence: str):
    """What is so of the day before, and no more: others may well know it."""
    about = occasion(since_at_least=True, day_before=day_before)
    assert sentence in message(about, "hr", language).lead.replace("\N{NO-BREAK SPACE}", " ")


BEFORE: list[tuple[list[Observation], DayBefore]] = [
    ([], "unheard"),
    (series([GOOD], start=-2), "unheard"),
    ([Observation(day(-1), 0, without("incomplete"))], "no_data"),
    ([Observation(day(-1), 0, without("not_reported"))], "no_data"),
    ([Observation(day(-2), 0, without("incomplete"))], "unheard"),
    ([Observation(day(-1), 0, without("suppressed"))], "no_number"),
    ([Observation(day(-1), 0, without("not_applicable"))], "no_number"),
]


@pytest.mark.parametrize(("before", "why"), BEFORE, ids=[f"{n}-{why}" for n, (_, why) in enumerate(BEFORE)])
def test_the_mail_knows_why_the_day_before_is_not_known(before: list[Observation], why: DayBefore):
    """Values come of the last weeks alone, so that what is older was not heard of, whoever knows it."""
    mails = judged([*before, *series(repeated((BAD, 4)))]).mails
    assert {(mail.occasion.since_at_least, mail.occasion.day_before) for mail in mails} == {(True, why)}


def test_the_day_of_which_data_begins_is_remembered_once_it_is_settled():
    """The incomplete value of the day before is gone by then."""
    ledger = Ledger(target(hold=3))
    ledger.hear([Observation(day(-1), 0, without("incomplete")), *series(repeated((BAD, SETTLED_DAYS + 5)))])
    assert ledger.standing.memory.run.day_before == "no_data"
