"""A value that was mailed and is materially another by now is told anew, once; one that is not so is not."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
import pytest

from services.alerts.domain.alert.judged import Addressee, Judgement, Mail
from services.alerts.domain.alert.judgement import AlertRecord, Setting, judge
from services.alerts.domain.alert.observation import Observation
from services.alerts.domain.alert.restated import Mailed, wrong
from services.alerts.domain.alert.settling import Settling
from tests.unit.alerts.occasions import FIRING, occasion
from tests.unit.alerts.stories import BAD, GOOD, forecast, repeated, series, value
from tests.unit.alerts.test_judgement import ALERT, ASKED, DECIDED, SETTING, TOLD

LIMIT, LOW, HIGH = 0.15, 0.0737, 0.3775


@pytest.mark.parametrize(
    ("breach", "before", "now", "so"),
    [
        ("above", 0.20, 0.16, False),
        ("above", 0.20, 0.15, True),  # on the limit is not past it
        ("above", 0.15, 0.14, False),
        ("above", 0.15, 0.1501, True),
        ("above", 0.20, HIGH, False),  # the ends of an interval are in it
        ("above", 0.20, HIGH + 1e-9, True),
        ("above", 0.10, LOW, False),
        ("above", 0.10, LOW - 1e-9, True),
        ("below", 0.10, 0.15, True),
        ("below", 0.15, 0.16, False),
        ("below", 0.15, 0.1499, True),
        ("above", 0.20, 0.20, False),
    ],
)
def test_what_is_material(breach: str, before: float, now: float, so: bool):
    """The other side of the limit of 15 %, or outside the interval that was told."""
    told = occasion(breach=breach, measured=msgspec.structs.replace(FIRING, value=before))
    assert wrong(told, msgspec.structs.replace(FIRING, value=now)) is so


def test_a_value_without_an_interval_is_wrong_only_past_the_limit():
    """However far it moves on its own side."""
    told = occasion(measured=msgspec.structs.replace(FIRING, low=None, high=None))
    assert not wrong(told, msgspec.structs.replace(FIRING, value=0.99))
    assert wrong(told, msgspec.structs.replace(FIRING, value=0.10))


@pytest.mark.parametrize("status", ["suppressed", "not_applicable"])
def test_no_value_corrects_nothing(status: str):
    """What is hidden by now, or cannot be said, is not told of."""
    hidden = msgspec.structs.replace(FIRING, status=status, value=None)
    assert not wrong(occasion(), hidden)
    assert not wrong(occasion(measured=hidden), FIRING)


def judged(observations: Sequence[Observation], last: Judgement | None = None, **known: object) -> Judgement:
    """The alert judged on these, after ``last``; who was told of its firing is old."""
    standing, episodes = (last.standing, last.episodes) if last else (None, [])
    return judge(ALERT, ASKED, AlertRecord(standing, episodes, observations, lambda _: TOLD, 365, **known), SETTING)


def sent(mails: Sequence[Mail]) -> list[Mailed]:
    """Mails as they were sent."""
    return [Mailed(mail.id, mail.episode, mail.recipient, mail.address, mail.language, mail.occasion) for mail in mails]


def waiting(mails: Sequence[Mail]) -> list[Settling]:
    """Mails that nobody has got yet."""
    return [Settling(mail.id, mail.episode, mail.occasion) for mail in mails]


def told(number: float, days: int = 6) -> list[Observation]:
    """A breach since the first day, with this value on the sixth, in an interval from 0.7 to 1.6 times as much."""
    *before, last = series([*repeated((BAD, days - 1)), number])
    return [*before, msgspec.structs.replace(last, measured=value(number, number * 0.7, number * 1.6))]


FIRST = judged(told(0.25))
MAILED = sent(FIRST.mails)


def test_a_value_that_moved_a_little_is_not_told_again():
    """On the same side, inside the interval."""
    assert judged(told(0.40), FIRST, mailed=MAILED).mails == ()


def test_whoever_was_told_is_told_what_it_is_now():
    """What was told, what it is, in the thread of the alert, which goes on; nothing of it is a step."""
    after = judged(told(0.41), FIRST, mailed=MAILED)
    assert after.transitions == ()
    assert [(mail.recipient, mail.address) for mail in after.mails] == [(one.recipient, one.address) for one in MAILED]
    for mail, before in zip(after.mails, MAILED, strict=True):
        said = mail.occasion
        assert (said.reason, said.episode, said.measured.value) == ("data_corrected", before.episode, 0.41)
        assert said.corrects is not None
        assert (said.corrects.mail, said.corrects.measured.value) == (before.id, 0.25)
        assert (said.on, said.threshold, said.ended) == (before.occasion.on, before.occasion.threshold, None)
        assert mail.settle == ASKED.target.settle


def test_it_is_told_once_for_each_change_that_is_material():
    """The same value again says nothing; the next is measured by what was told last."""
    after = judged(told(0.41), FIRST, mailed=MAILED)
    both = [*MAILED, *sent(after.mails)]
    assert judged(told(0.41), FIRST, mailed=both).mails == ()
    assert judged(told(0.40), FIRST, mailed=both).mails == ()
    third = judged(
        [*told(0.41)[:-1], msgspec.structs.replace(told(0.41)[-1], measured=value(0.16))], FIRST, mailed=both
    )
    assert [mail.occasion.corrects.measured.value for mail in third.mails if mail.occasion.corrects] == [0.41, 0.41]
    assert {mail.id for mail in third.mails}.isdisjoint(mail.id for mail in after.mails)


def test_a_correction_waits_as_every_mail_does():
    """It is written once; it says the latest value; it is dropped when the value comes back."""
    after = judged(told(0.41), FIRST, mailed=MAILED)
    known = {"mailed": MAILED, "settling": waiting(after.mails)}
    still = judged(told(0.41), FIRST, **known)
    assert (still.mails, still.settled.rewritten, still.settled.dropped) == ((), (), ())
    moved = judged(told(0.45), FIRST, **known)
    assert [(one.moved, one.occasion.measured.value) for one in moved.settled.rewritten] == [(True, 0.45)] * 2
    assert [one.occasion.corrects for one in moved.settled.rewritten] == [
        mail.occasion.corrects for mail in after.mails
    ]
    back = judged(told(0.26), FIRST, **known)
    assert (back.mails, back.settled.dropped) == ((), tuple(mail.id for mail in after.mails))


def test_an_alert_that_is_taken_back_is_told_in_one_mail():
    """Its values were wrong too: that is what the mail says."""
    after = judged(series(repeated((GOOD, 6))), FIRST, mailed=MAILED)
    assert [(mail.occasion.reason, mail.occasion.corrects) for mail in after.mails] == [("data_corrected", None)]
    assert [mail.recipient for mail in after.mails] == [one.recipient for one in TOLD]
    again = judged(series(repeated((GOOD, 6))), after, mailed=[*MAILED, *sent(after.mails)])
    assert again.mails == ()


def test_an_end_that_tells_of_the_same_day_says_what_was_told_of_it():
    """One mail, not two; the other recipient, who gets no end, gets a correction."""
    hr = MAILED[0]
    known = AlertRecord(FIRST.standing, FIRST.episodes, told(GOOD), lambda _: [Addressee(*hr[2:5])], 365, mailed=MAILED)
    after = judge(ALERT, ASKED, known, SETTING)
    assert {(mail.recipient, mail.occasion.reason) for mail in after.mails} == {
        ("hr", "resolved"),
        ("head", "data_corrected"),
    }
    assert [mail.occasion.corrects.measured.value for mail in after.mails if mail.occasion.corrects] == [0.25, 0.25]


def test_a_resolved_alert_whose_value_was_wrong_is_corrected():
    """The day of the firing is restated after the end; the end itself stands."""
    days = [*told(0.25), *series([GOOD], start=6)]
    over = judged(days, FIRST, mailed=MAILED)
    everything = [*MAILED, *sent(over.mails)]
    days[5] = msgspec.structs.replace(days[5], measured=value(0.45))
    after = judged(days, over, mailed=everything)
    assert [(mail.occasion.on, mail.occasion.ended) for mail in after.mails] == [(days[5].as_of, days[6].as_of)] * 2


@pytest.mark.parametrize(("later", "mails"), [(28, 2), (29, 0)])
def test_only_values_of_the_last_four_weeks_are_corrected(later: int, mails: int):
    """On the 28th day still, on the 29th not."""
    days = [*told(0.25), *series(repeated((BAD, later)), start=6)]
    days[5] = msgspec.structs.replace(days[5], measured=value(0.45))
    latest = days[-1].as_of
    at = Setting(latest, latest + timedelta(1), DECIDED, SETTING.link)
    after = judge(
        ALERT, ASKED, AlertRecord(FIRST.standing, FIRST.episodes, days, lambda _: TOLD, 365, mailed=MAILED), at
    )
    assert len(after.mails) == mails


def test_what_was_expected_is_corrected_when_it_was_never_so():
    """As the day ahead was known on the day it was told; how it comes out in the end is no correction."""
    quiet = series(repeated((GOOD, 4)))
    warned = judged([*quiet, forecast(3, 30, 0.2)])
    mailed = sent(warned.mails)
    assert {one.occasion.reason for one in mailed} == {"expected_breach"}
    after = judged([*quiet, forecast(3, 30, GOOD)], warned, mailed=mailed)
    assert [(mail.occasion.measured.value, mail.occasion.on) for mail in after.mails] == [
        (GOOD, mailed[0].occasion.on)
    ] * 2
    later = judged([*quiet, forecast(3, 30, 0.2), *series([GOOD], start=33)], warned, mailed=mailed)
    assert later.mails == ()


def test_another_series_says_nothing_of_what_was_told():
    """A plan that asks for another metric under the same name corrects no value of the former."""
    other = [one._replace(occasion=msgspec.structs.replace(one.occasion, metric="sick_rate")) for one in MAILED]
    assert judged(told(0.45), FIRST, mailed=other).mails == ()
