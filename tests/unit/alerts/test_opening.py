"""A plan that watches from a day on starts silently on what breaches by then, and tells of it in one summary."""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec
import pytest

from services.alerts.domain.alert.judged import Judgement
from services.alerts.domain.alert.judgement import AlertRecord, judge, withdrawal
from services.alerts.domain.alert.observation import Observation
from services.alerts.domain.alert.opening import Opened
from services.alerts.domain.alert.restated import Mailed
from services.alerts.domain.alert.settling import Settling
from services.alerts.domain.letter.message import message
from services.alerts.domain.plan.reading import read
from tests.unit.alerts.stories import BAD, GOOD, day, forecast, repeated, series
from tests.unit.alerts.test_judgement import ALERT, ASKED, DECIDED, FIRING, SETTING
from tests.unit.alerts.test_plan import SMALL, WHOLE

BREACH = 5
"""The day on which the value passes the limit; the hold is three days."""


def since_then(days: int) -> list[Observation]:
    """Good until the breach, then past the limit for some days."""
    return series(repeated((GOOD, BREACH), (BAD, days)))


class Life:
    """An alert judged again and again, with what is on record of it between."""

    def __init__(self, watch: int | None) -> None:
        """``watch`` is the day watching begins."""
        self.asked = ASKED._replace(
            target=msgspec.structs.replace(ASKED.target, watch_from=None if watch is None else day(watch))
        )
        self.last: Judgement | None = None
        self.opened: Opened | None = None
        self.mails: list[str] = []
        self.mailed: list[Mailed] = []
        self.episodes = {}  # type: ignore[var-annotated]

    def hear(self, observations: Sequence[Observation], settling: Sequence[Settling] = ()) -> Judgement:
        """The alert judged on all of them."""
        standing = self.last.standing if self.last else None
        known = AlertRecord(
            standing,
            list(self.episodes.values()),
            observations,
            lambda _episode: (),
            365,
            settling=settling,
            opened=self.opened,
            mailed=self.mailed,
        )
        self.last = judge(ALERT, self.asked, known, SETTING)
        self.episodes |= {one.id: one for one in self.last.episodes}
        if self.last.opening:
            self.opened = self.last.opening.opened
        self.mails += [f"{mail.occasion.reason} {mail.recipient}" for mail in self.last.mails]
        return self.last

    def send(self) -> None:
        """The mails of the last judgement go out."""
        assert self.last
        self.mailed += [Mailed(*mail[:6]) for mail in self.last.mails]

    def tell(self) -> None:
        """The summary goes out."""
        assert self.opened
        self.opened = self.opened._replace(told=DECIDED)


ALARM = ["hold_met hr", "hold_met head"]


@pytest.mark.parametrize(
    ("watch", "mails", "told"),
    [
        (None, ALARM, False),
        (BREACH - 1, ALARM, False),
        (BREACH, [], True),
        (BREACH + 1, [], True),
        (BREACH + 3, [], True),
        (BREACH + 4, [], True),
        (BREACH + 60, [], False),
    ],
    ids=["no day", "the day before", "the day itself", "a day later", "once it fired", "the last day", "not yet"],
)
def test_what_breaches_when_watching_begins_alarms_nobody(watch: int | None, mails: list[str], told: bool):
    """The day of the breach is the last that counts as before; what passes the limit after it alarms."""
    life = Life(watch)
    found = life.hear(since_then(5))
    assert (found.view.state, [one.body.reason for one in found.transitions]) == ("firing", ["hold_met"])
    assert life.mails == mails
    assert (life.opened is not None) is told


def test_the_notice_says_what_the_summary_needs():
    """The value, the limit, how far it has come, since when, and whom to tell."""
    life = Life(BREACH)
    life.hear(since_then(5))
    assert life.opened
    notice = life.opened.notice
    assert (notice.unit_name, notice.metric, notice.measured.value, notice.threshold) == (
        "Farsta",
        "leaver_rate",
        BAD,
        0.15,
    )
    assert (notice.state, notice.since, notice.since_at_least, notice.on) == ("firing", day(5), False, day(9))
    assert [who.email for who in notice.to] == ["hr@kommun.example", "head@kommun.example"]


def test_it_waits_until_its_value_is_still():
    """A value that is the same waits no longer; one that moves waits anew, half an hour at most."""
    life = Life(BREACH)
    life.hear(since_then(4))
    assert life.opened
    assert (life.opened.created, life.opened.due) == (DECIDED, DECIDED + timedelta(minutes=2))
    assert life.hear(since_then(4)).opening is None
    life.opened = life.opened._replace(created=DECIDED - timedelta(minutes=29), due=DECIDED)
    life.hear(series([*repeated((GOOD, BREACH), (BAD, 3)), BAD + 0.1]))
    assert life.opened is not None
    assert life.opened.notice.measured.value == BAD + 0.1
    assert life.opened.due == DECIDED + timedelta(minutes=1)


def test_a_plan_may_be_there_before_it_watches():
    """Until its day nobody hears of anything; on the day what breaches is noted, whenever it began."""
    life = Life(BREACH + 20)
    life.hear(since_then(10))
    assert (life.opened, life.mails) == (None, [])
    life.hear(since_then(21))
    assert life.opened
    assert (life.opened.notice.since, life.mails) == (day(5), [])


def test_what_ended_before_is_not_told():
    """Neither in the summary nor in a mail."""
    life = Life(BREACH + 20)
    life.hear(since_then(10))
    life.hear([*since_then(10), *series([GOOD] * 15, start=BREACH + 10)])
    assert (life.opened, life.mails) == (None, [])


def test_a_hold_that_runs_when_watching_begins_is_told_and_then_fires_unheard():
    """It breaches by then: it is in the summary, and not in an alarm two days later."""
    life = Life(BREACH)
    life.hear(since_then(2))
    assert life.opened
    assert life.opened.notice.state == "pending"
    life.tell()
    assert life.hear(since_then(5)).view.state == "firing"
    assert life.mails == []


def test_one_that_ends_is_told_to_those_who_were_told_of_it():
    """They have read that it breaches; that it is over is no alarm."""
    life = Life(BREACH)
    life.hear(since_then(5))
    life.tell()
    life.hear([*since_then(5), *series([GOOD], start=10)])
    assert life.mails == ["resolved hr", "resolved head"]


def test_one_that_comes_back_alarms_as_usual():
    """The summary was about the breach of then."""
    life = Life(BREACH)
    life.hear(since_then(5))
    life.tell()
    again = [*since_then(5), *series([GOOD], start=10)]
    life.hear(again)
    life.mails.clear()
    life.hear([*again, *series([BAD] * 4, start=11)])
    assert life.mails == ALARM


def test_one_that_was_taken_back_and_comes_back_alarms_as_usual():
    """Corrected away once, the same days breach again: it was told that there was nothing."""
    life = Life(BREACH)
    life.hear(since_then(5))
    life.tell()
    life.hear(series([GOOD] * 10))
    assert life.mails == ["data_corrected hr", "data_corrected head"]
    life.mails.clear()
    life.hear(since_then(5))
    assert life.mails == ALARM


def test_one_that_goes_before_the_summary_is_in_nothing():
    """Half a file: nobody hears of it, and what it becomes later is noted."""
    life = Life(BREACH)
    life.hear(since_then(5))
    found = life.hear(series([GOOD] * 10))
    assert found.opening is not None
    assert (found.opening.opened, life.mails) == (None, [])
    life.hear(since_then(5))
    assert (life.opened is not None, life.mails) == (True, [])


def test_a_breach_that_is_ahead_when_watching_begins_is_told_too():
    """And alarms when it comes true."""
    life = Life(0)
    life.hear([*series([GOOD]), forecast(0, 30, BAD)])
    assert life.opened
    notice = life.opened.notice
    assert (notice.state, notice.on, notice.measured.value, life.mails) == ("expected", day(30), BAD, [])
    life.tell()
    life.hear([*since_then(4), forecast(0, 30, BAD)])
    assert life.mails == ALARM


def corrections(found: Judgement) -> list[tuple[str, float | None, float | None]]:
    """Who is told what, and what they were told before."""
    return [
        (mail.recipient, mail.occasion.measured.value, mail.occasion.corrects.measured.value)
        for mail in found.mails
        if mail.occasion.corrects
    ]


WRONG = [("hr", GOOD, BAD), ("head", GOOD, BAD)]


def test_a_value_that_the_summary_told_and_is_wrong_is_corrected_once():
    """The day that was told of has another value now, on the other side; the alert goes on all the same."""
    life = Life(BREACH)
    life.hear(since_then(5))
    life.tell()
    other = [*since_then(4), *series([GOOD + 0.03], start=9)]
    found = life.hear(other)
    assert [(who, before) for who, _, before in corrections(found)] == [("hr", BAD), ("head", BAD)]
    said = message(found.mails[0].occasion, "hr", "sv").lead
    assert "Larmet står kvar" in said
    life.send()
    assert life.hear(other).mails == ()


@pytest.mark.parametrize("days", [1, 2])
def test_a_breach_that_waited_for_its_hold_is_corrected_without_talk_of_an_alert(days: int):
    """It has no episode: whoever read of it is told that it was not so, once, and not that an alert stands or ended."""
    life = Life(BREACH)
    life.hear(since_then(days))
    assert life.opened
    assert life.opened.notice.state == "pending"
    life.tell()
    calm = series([GOOD] * (BREACH + days))
    found = life.hear(calm)
    assert corrections(found) == WRONG
    said = message(found.mails[0].occasion, "hr", "sv")
    assert "larmet" not in said.lead.lower()
    assert "Rättat värde" in said.subject
    life.send()
    assert life.hear(calm).mails == ()


def test_its_correction_waits_and_is_dropped_as_any_other():
    """The value comes back within the two minutes."""
    life = Life(BREACH)
    life.hear(since_then(1))
    life.tell()
    wrong = life.hear(series([GOOD] * (BREACH + 1)))
    waiting = [Settling(mail.id, mail.episode, mail.occasion) for mail in wrong.mails]
    assert life.hear(series([GOOD] * (BREACH + 1)), waiting).mails == ()
    back = life.hear(since_then(1), waiting)
    assert (back.mails, back.settled.dropped) == ((), tuple(mail.id for mail in wrong.mails))


def test_it_stays_the_same_correction_when_the_breach_fires_after_all():
    """What was corrected while it waited is not corrected again under the episode that it becomes."""
    life = Life(BREACH)
    life.hear(since_then(1))
    life.tell()
    life.hear(series([GOOD] * (BREACH + 1)))
    life.send()
    later = [*series([GOOD] * (BREACH + 1)), *series([BAD] * 5, start=BREACH + 1)]
    assert corrections(life.hear(later)) == []


def test_what_lay_ahead_and_never_did_is_corrected():
    """As it was known on the day that it was told."""
    life = Life(0)
    life.hear([*series([GOOD]), forecast(0, 30, BAD)])
    life.tell()
    found = life.hear([*series([GOOD]), forecast(0, 30, GOOD)])
    assert corrections(found) == WRONG


def test_a_summary_that_nobody_got_yet_is_not_corrected():
    """It says the value of now."""
    life = Life(BREACH)
    life.hear(since_then(1))
    assert corrections(life.hear(series([GOOD] * (BREACH + 1)))) == []


def test_an_alarm_that_waits_is_called_off_by_a_plan_that_watches_from_today():
    """The day was left out at first, and written within the two minutes that mails wait."""
    life = Life(None)
    first = life.hear(since_then(5))
    waiting = [Settling(mail.id, mail.episode, mail.occasion) for mail in first.mails]
    life.asked = Life(BREACH).asked
    found = life.hear(since_then(5), waiting)
    assert found.settled.dropped == tuple(sorted(mail.id for mail in waiting))
    assert life.opened is not None


def test_another_day_begins_anew():
    """A later version of the plan watches from another day: a summary of that day."""
    life = Life(BREACH)
    life.hear(since_then(5))
    life.tell()
    life.asked = Life(BREACH + 4).asked
    life.hear(since_then(5))
    assert life.opened
    assert (life.opened.told, life.opened.notice.watch_from) == (None, day(9))


def test_a_plan_that_is_withdrawn_tells_nothing():
    """What waits goes with it; what was told stays."""
    life = Life(BREACH)
    found = life.hear(since_then(5))
    gone = withdrawal(ALERT, found.view, found.standing, found.episodes, SETTING, (), life.opened)
    assert gone.opening is not None
    assert gone.opening.opened is None
    assert withdrawal(ALERT, FIRING.view, FIRING.standing, FIRING.episodes, SETTING).opening is None


def test_a_plan_says_the_day_and_a_target_may_say_another():
    """As ``settle``; a unit may, too. Without a word nothing is silent."""
    assert read(SMALL).targets["t"].watch_from is None
    said = read(f"watch_from: 2026-11-30\n{SMALL}".replace("notify", "watch_from: 2026-12-24, notify"))
    assert said.targets["t"].watch_from == date(2026, 12, 24)
    assert read(f"watch_from: 2026-11-30\n{SMALL}").targets["t"].watch_from == date(2026, 11, 30)
    local = read(WHOLE.replace("hold: 0d", "watch_from: 2027-01-01"))
    assert local.local["farsta"]["own-request"].watch_from == date(2027, 1, 1)
