"""Mails wait until their value is still: what moved is said anew, and what is no longer so is told to nobody."""

import pytest

from services.alerts.domain.alert.judged import Judgement
from services.alerts.domain.alert.judgement import AlertRecord, judge, withdrawal
from services.alerts.domain.alert.observation import Observation
from services.alerts.domain.alert.settling import Settling
from tests.unit.alerts.stories import repeated, series
from tests.unit.alerts.test_judgement import ALERT, ASKED, BAD, FIRING, GOOD, SETTING, TOLD

WAITING = [Settling(mail.id, mail.episode, mail.occasion) for mail in FIRING.mails]


def later(observations: list[Observation]) -> Judgement:
    """The alert judged anew while the mails of its firing wait."""
    known = AlertRecord(FIRING.standing, FIRING.episodes, observations, lambda _episode: (), 365, settling=WAITING)
    return judge(ALERT, ASKED, known, SETTING)


def test_a_value_that_is_still_changes_nothing():
    """Judged again for another reason, the mails are what they were."""
    again = later(series(repeated((BAD, 4))))
    assert (again.settled.rewritten, again.settled.dropped, again.mails) == ((), (), ())


def test_a_value_that_moves_is_said_anew():
    """The mail has the new number, waits again, and is dated by the first decision."""
    again = later(series([*repeated((BAD, 3)), BAD + 0.1]))
    assert [anew.id for anew in again.settled.rewritten] == [mail.id for mail in WAITING]
    for anew, old in zip(again.settled.rewritten, WAITING, strict=True):
        assert (anew.moved, anew.occasion.measured.value) == (True, BAD + 0.1)
        assert (anew.occasion.decided, anew.occasion.link) == (old.occasion.decided, old.occasion.link)
    assert again.settled.dropped == ()


@pytest.mark.parametrize(
    "values",
    [repeated((BAD, 3), (GOOD, 1)), repeated((GOOD, 4)), repeated((BAD, 4), (GOOD, 20))],
    ids=["the breach lasted shorter", "it never was", "it is over by now"],
)
def test_what_is_no_longer_so_is_told_to_nobody(values: list[float | None]):
    """Neither the alarm nor its end."""
    again = later(series(values))
    assert again.settled.dropped == tuple(mail.id for mail in WAITING)
    assert again.mails == ()


def test_a_plan_that_asks_no_more_takes_its_mails_along():
    """Nobody is told of what nobody was told of yet."""
    gone = withdrawal(ALERT, FIRING.view, FIRING.standing, FIRING.episodes, SETTING, WAITING)
    assert gone.settled.dropped == tuple(mail.id for mail in WAITING)


def test_an_end_that_was_none_is_not_told():
    """A mail that says an alert is over waits too: where the breach goes on after all, it is not sent."""
    over = series(repeated((BAD, 4), (GOOD, 4)))
    known = AlertRecord(FIRING.standing, FIRING.episodes, over, lambda _episode: TOLD, 365)
    ended = judge(ALERT, ASKED, known, SETTING)
    assert {mail.occasion.reason for mail in ended.mails} == {"resolved"}
    waiting = [Settling(mail.id, mail.episode, mail.occasion) for mail in ended.mails]
    back = AlertRecord(
        ended.standing, ended.episodes, series(repeated((BAD, 8))), lambda _episode: TOLD, 365, settling=waiting
    )
    assert judge(ALERT, ASKED, back, SETTING).settled.dropped == tuple(mail.id for mail in waiting)
