"""A value that is not known yet, or that nobody reports, raises nothing and ends nothing, and it is said why."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from services.alerts.domain.alert.evaluate import compared
from services.alerts.domain.alert.judgement import AlertRecord, judge
from services.alerts.domain.alert.observation import Observation
from services.alerts.domain.alert.occasion import UnfinishedDelivery
from services.alerts.domain.letter.message import message
from services.alerts.domain.plan.plan import Limit
from shared.contracts.metrics import MetricValue
from shared.language.language import Language
from tests.unit.alerts.occasions import occasion
from tests.unit.alerts.stories import BAD, GOOD, day, repeated, series, target
from tests.unit.alerts.test_judgement import ALERT, ASKED, FIRING, SETTING, judged

INCOMPLETE = MetricValue(
    status="incomplete",
    definition="stadga:leaver_rate:1",
    known_from=date(2026, 3, 1),
    complete_from=date(2027, 3, 1),
)
NOT_REPORTED = MetricValue(status="not_reported", definition="stadga:sick_rate:1")
UNKNOWN = pytest.mark.parametrize("measured", [INCOMPLETE, NOT_REPORTED], ids=["incomplete", "not reported"])


def of(measured: MetricValue, start: int, days: int = 5) -> list[Observation]:
    """The same on some days."""
    return [Observation(day(start + place), 0, measured) for place in range(days)]


@UNKNOWN
def test_it_is_judged_neither_way(measured: MetricValue):
    """It is no breach and not clear, whichever side of a limit counts."""
    assert compared(target(), measured) == "unknown"


@UNKNOWN
def test_it_raises_nothing(measured: MetricValue):
    """A sickness absence that nobody reports is not 0, and no alert of any kind."""
    found = judged([*of(measured, 0, 20), Observation(day(49), 30, measured)])
    assert (found.view.state, found.transitions, found.mails, found.view.value) == ("not_judged", (), (), None)


def test_absences_that_nobody_reports_raise_nothing():
    """A sickness absence that no source tells of is not 0: neither too high nor too low."""
    for breach in (Limit("above", 0.0), Limit("below", 0.5)):
        of_sickness = msgspec.structs.replace(ASKED.target, metric="sick_rate", breach=breach, clear=None, hold=0)
        known = AlertRecord(None, (), of(NOT_REPORTED, 0), lambda _episode: (), 365)
        found = judge(ALERT, ASKED._replace(target=of_sickness), known, SETTING)
        assert (found.view.state, found.view.status, found.transitions, found.mails) == (
            "not_judged",
            "not_reported",
            (),
            (),
        )


@UNKNOWN
@pytest.mark.parametrize("number", [BAD, GOOD])
def test_the_last_state_stays(measured: MetricValue, number: float):
    """As of a suppressed value: no data is not all clear."""
    before = judged(series(repeated((number, 4))))
    after = judged([*series(repeated((number, 4))), *of(measured, 4)], before.standing, before.episodes)
    assert (after.view.state, after.transitions, after.mails) == (before.view.state, (), ())


def test_the_view_says_since_when_it_is_known():
    """Beside the last number there was."""
    view = judged([*series(repeated((BAD, 4))), *of(INCOMPLETE, 4)], FIRING.standing, FIRING.episodes).view
    assert (view.status, view.known_from, view.complete_from) == ("incomplete", date(2026, 3, 1), date(2027, 3, 1))
    assert (view.value, view.value_on, view.as_of) == (BAD, day(3), day(8))


def test_the_view_of_a_known_value_says_nothing_of_it():
    """Once the latest word is a number again."""
    view = judged([*of(INCOMPLETE, 0, 2), *series([GOOD], start=2)]).view
    assert (view.status, view.known_from, view.complete_from) == ("final", None, None)


@UNKNOWN
def test_a_mail_gets_the_latest_word(measured: MetricValue):
    """The alert was decided on earlier days, and now nothing is known."""
    (mail, _) = judged([*series(repeated((BAD, 4))), *of(measured, 4)]).mails
    assert (mail.occasion.measured.value, mail.occasion.unknown) == (BAD, measured)


SAID: list[tuple[MetricValue, Language, str]] = [
    (
        INCOMPLETE,
        "sv",
        "Värdet är inte känt nu: underlaget går inte tillräckligt långt tillbaka. Underlaget är känt från och med den"
        " 1 mars 2026. Värdet kan beräknas från och med den 1 mars 2027.",
    ),
    (
        INCOMPLETE,
        "en",
        "The value is not known now: what it is made of does not reach far enough back. That is known from"
        " 1 March 2026 on. The value can be calculated from 1 March 2027 on.",
    ),
    (NOT_REPORTED, "sv", "Värdet är inte känt nu: inget källsystem rapporterar det som värdet bygger på."),
    (NOT_REPORTED, "en", "The value is not known now: no source reports what it is made of."),
]


@pytest.mark.parametrize(("measured", "language", "sentence"), SAID)
def test_a_mail_says_why_nothing_is_known(measured: MetricValue, language: Language, sentence: str):
    """With a number of before, and without any: never that nobody was left to count."""
    for shown in (occasion(), occasion(measured=measured, raised_with=None)):
        told = msgspec.structs.replace(shown, unknown=measured)
        lead = message(told, "hr", language).lead.replace("\N{NO-BREAK SPACE}", " ")
        assert lead.endswith(sentence)
        assert "no one was left" not in lead
        assert "ingen kvar" not in lead


def test_days_that_are_not_said_are_not_written():
    """An incomplete value whose days are not known says the rest."""
    bare = MetricValue(status="incomplete", definition="d")
    lead = message(occasion(unknown=bare), "hr", "en").lead
    assert lead.endswith("does not reach far enough back.")


def part(of: int | None) -> UnfinishedDelivery:
    """Half a file that began in the morning."""
    return UnfinishedDelivery(source="hr-system", arrived=1, of=of, since=datetime(2026, 9, 30, 6, 14, tzinfo=UTC))


PARTS: list[tuple[int | None, Language, str]] = [
    (
        None,
        "sv",
        "Obs: en leverans från hr-system har inte kommit hela vägen fram, 1 händelse sedan 30 september 2026"
        " kl. 08:14. Värdet bygger på det som har kommit.",
    ),
    (
        1200,
        "en",
        "Note: a delivery from hr-system has not arrived as a whole, 1 of 1,200 events since 30 September 2026"
        " at 08:14. The value rests on what has arrived.",
    ),
]


@pytest.mark.parametrize(("of", "language", "sentence"), PARTS)
def test_a_mail_says_that_its_value_rests_on_a_part(of: int | None, language: Language, sentence: str):
    """Of a delivery that was given up; where the value may not be shown, nothing is said of it."""
    lead = message(occasion(unfinished=(part(of),)), "hr", language).lead.replace("\N{NO-BREAK SPACE}", " ")
    assert lead.endswith(sentence)
    hidden = MetricValue(status="suppressed", definition="d")
    assert "hr-system" not in message(occasion(measured=hidden, unfinished=(part(of),)), "hr", language).lead
