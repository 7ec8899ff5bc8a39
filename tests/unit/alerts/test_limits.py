"""A limit that moves begins and ends alerts, and the mails say that it has moved and that the value has not."""

from collections.abc import Sequence

import msgspec
import pytest

from services.alerts.domain.alert.judged import Judgement
from services.alerts.domain.alert.judgement import AlertRecord, judge, withdrawal
from services.alerts.domain.alert.observation import Observation
from services.alerts.domain.alert.occasion import MovedLimit
from services.alerts.domain.alert.promises import Promise
from services.alerts.domain.alert.restated import Mailed
from services.alerts.domain.alert.settling import Settling
from services.alerts.domain.letter.message import message
from services.alerts.domain.plan.plan import Limit, Side
from shared.language.language import Language
from tests.unit.alerts.stories import BAD, GOOD, MIDDLE, repeated, series, value
from tests.unit.alerts.test_judgement import ALERT, ASKED, FIRING, SETTING, TOLD

BREACH = series(repeated((BAD, 4)))


def by(limit: float, side: Side = "above", version: int = 5, **fields: object) -> Promise:
    """What the plan's next version asks for: another limit, and nothing to clear it."""
    target = msgspec.structs.replace(ASKED.target, breach=Limit(side, limit), clear=None, **fields)
    return ASKED._replace(target=target, version=ASKED.version._replace(version=version))


def after(
    was: Judgement,
    asked: Promise,
    observations: Sequence[Observation],
    settling: Sequence[Settling] = (),
    mailed: Sequence[Mailed] = (),
) -> Judgement:
    """The alert judged by the next version, after it was judged by the one before."""
    last = was.view if asked.version.version != was.version else None
    known = AlertRecord(
        was.standing,
        was.episodes,
        observations,
        lambda _episode: TOLD,
        365,
        version=was.version,
        settling=settling,
        last=last,
        mailed=mailed,
    )
    return judge(ALERT, asked, known, SETTING)


def mailed(found: Judgement) -> list[tuple[str, str, MovedLimit | None]]:
    """The reason, the recipient and the limit of before, of each mail."""
    return [(mail.occasion.reason, mail.recipient, mail.occasion.moved) for mail in found.mails]


def test_a_limit_that_is_raised_past_the_value_ends_the_alert_and_says_so():
    """Whoever was told of it hears that the limit has moved: the old one, the new one, and the value."""
    found = after(FIRING, by(0.25), BREACH)
    assert [told.body.reason for told in found.transitions] == ["plan_changed"]
    assert mailed(found) == [("limit_moved", "old", MovedLimit(side="above", threshold=0.15, value=BAD))]
    assert found.mails[0].occasion.threshold == 0.25


def test_a_limit_that_is_lowered_past_the_value_begins_one_and_says_so():
    """Those that the plan names hear that it is the limit that has moved."""
    calm = judge(ALERT, by(0.25, version=4), AlertRecord(None, (), BREACH, lambda _episode: (), 365), SETTING)
    assert (calm.view.state, calm.mails) == ("ok", ())
    found = after(calm, by(0.15), BREACH)
    before = MovedLimit(side="above", threshold=0.25, value=BAD)
    assert mailed(found) == [("hold_met", "hr", before), ("hold_met", "head", before)]


def test_a_hold_that_begins_by_the_limit_ends_in_a_mail_that_says_so():
    """It is met days later, under the same version: still it is the limit that has moved."""
    short = series(repeated((GOOD, 3), (BAD, 2)))
    calm = judge(ALERT, by(0.25, version=4), AlertRecord(None, (), short, lambda _episode: (), 365), SETTING)
    pending = after(calm, by(0.15), short)
    assert (pending.view.state, pending.mails) == ("pending", ())
    before = MovedLimit(side="above", threshold=0.25, value=BAD)
    later = after(pending, by(0.15), series(repeated((GOOD, 3), (BAD, 3))))
    assert later.standing.moved == before
    found = after(later, by(0.15), series(repeated((GOOD, 3), (BAD, 4))))
    assert (mailed(found), found.standing.moved) == ([("hold_met", "hr", before), ("hold_met", "head", before)], None)


def test_a_hold_that_begins_anew_is_the_values():
    """It came back within the new limit, and passes it again: that is no longer the limit's doing."""
    short = series(repeated((GOOD, 3), (BAD, 2)))
    calm = judge(ALERT, by(0.25, version=4), AlertRecord(None, (), short, lambda _episode: (), 365), SETTING)
    pending = after(calm, by(0.15), short)
    again = series(repeated((GOOD, 3), (BAD, 2), (GOOD, 1), (BAD, 1)))
    assert after(pending, by(0.15), again).standing.moved is None


def test_a_breach_of_both_limits_is_none_of_the_limit():
    """The value is past the old one too: it goes on, and nobody is told anew."""
    assert after(FIRING, by(0.18), BREACH).mails == ()


def test_a_value_that_moves_past_both_alarms_as_usual():
    """A breach that comes with the new version, and would have come without it."""
    calm = judge(ALERT, by(0.15, version=4), AlertRecord(None, (), series([GOOD]), lambda _episode: (), 365), SETTING)
    found = after(calm, by(0.18), [*series([GOOD]), *series(repeated((BAD, 4)), start=1)])
    assert mailed(found) == [("hold_met", "hr", None), ("hold_met", "head", None)]


def test_an_alert_that_ends_for_another_reason_is_told_to_nobody():
    """The same limit, and a hold that the breach has not met: the plan asks otherwise, and no limit has moved."""
    asked = ASKED._replace(
        target=msgspec.structs.replace(ASKED.target, hold=20), version=ASKED.version._replace(version=5)
    )
    found = after(FIRING, asked, BREACH)
    assert found.transitions[0].body.reason == "plan_changed"
    assert found.mails == ()


def test_a_value_that_is_still_past_a_lower_limit_does_not_end_by_it():
    """The limit has moved and the hold too: that the alert is over is not the limit's doing."""
    assert after(FIRING, by(0.10, hold=20), BREACH).mails == ()


def test_a_target_that_measures_something_else_has_no_limit_of_before():
    """Another occupation under the same name: its old limit was about others."""
    assert after(FIRING, by(0.25, occupation="socialsekreterare"), BREACH).mails == ()


def test_an_alert_that_the_new_limit_tells_otherwise_ends_by_the_limit():
    """Past both limits at first and then between them: it is over because the limit moved, not because it came back."""
    between = [*series(repeated((BAD + 0.1, 4))), *series([BAD] * 4, start=4)]
    firing = judge(ALERT, ASKED, AlertRecord(None, (), between, lambda _episode: (), 365), SETTING)
    found = after(firing, by(0.25), between)
    assert [told.body.reason for told in found.transitions] == ["resolved"]
    assert [reason for reason, _, _ in mailed(found)] == ["limit_moved"]


def test_an_alert_that_came_back_by_itself_is_over_as_usual():
    """The value is within both limits."""
    back = [*BREACH, *series([MIDDLE], start=4)]
    firing = judge(ALERT, ASKED, AlertRecord(None, (), back, lambda _episode: (), 365), SETTING)
    assert firing.view.state == "firing"
    assert mailed(after(firing, by(0.18), back)) == [("resolved", "old", None)]


def test_a_side_may_change():
    """What was too much is now enough: the mail says both promises."""
    found = after(FIRING, by(0.10, side="below"), BREACH)
    assert mailed(found) == [("limit_moved", "old", MovedLimit(side="above", threshold=0.15, value=BAD))]
    lead = message(found.mails[0].occasion, "hr", "en").lead
    assert lead.startswith("The plan's limit has moved from at most 15% to at least 10%.")


def test_a_mail_that_waits_keeps_the_limit_of_before():
    """Judged again by the same version with another value, it still says that the limit has moved, and what is so."""
    ended = after(FIRING, by(0.25), BREACH)
    waiting = [Settling(mail.id, mail.episode, mail.occasion) for mail in ended.mails]
    again = after(ended, by(0.25), [*BREACH, *series([BAD + 0.01], start=4)], waiting)
    ((_, rewritten, moved),) = again.settled.rewritten
    assert (moved, rewritten.moved, rewritten.measured.value) == (True, ended.mails[0].occasion.moved, BAD + 0.01)
    assert "unchanged" not in message(rewritten, "hr", "en").lead


def test_a_plan_that_asks_no_more_takes_its_mails_along():
    """It is withdrawn within two minutes: nobody hears of a limit that moved."""
    ended = after(FIRING, by(0.25), BREACH)
    waiting = [Settling(mail.id, mail.episode, mail.occasion) for mail in ended.mails]
    gone = withdrawal(ALERT, ended.view, ended.standing, ended.episodes, SETTING, waiting)
    assert gone.settled.dropped == (waiting[0].id,)


OTHERWISE: dict[Language, str] = {
    "sv": "Värdet är 20 %; senast meddelade vi 17 %.",
    "en": "The value is 20%; you were last told 17%.",
}


@pytest.mark.parametrize("language", OTHERWISE)
def test_a_reader_is_told_by_what_they_were_told_last(language: Language):
    """The value has moved since the mail, and not since it was last judged: unchanged is not what the reader sees."""
    (mail, *_) = FIRING.mails
    told = msgspec.structs.replace(mail.occasion, measured=value(0.17))
    reader = Mailed("m", mail.episode, "old", "old@kommun.example", language, told)
    found = after(FIRING, by(0.25), BREACH, mailed=[reader])
    assert mailed(found) == [("limit_moved", "old", MovedLimit(side="above", threshold=0.15, value=BAD, told=0.17))]
    lead = message(found.mails[0].occasion, "old", language).lead.replace("\N{NO-BREAK SPACE}", " ")
    assert OTHERWISE[language] in lead
    same = reader._replace(occasion=msgspec.structs.replace(told, measured=value(BAD)))
    lead = message(after(FIRING, by(0.25), BREACH, mailed=[same]).mails[0].occasion, "old", language).lead
    assert {"sv": "oförändrat", "en": "unchanged"}[language] in lead


SAID: dict[Language, tuple[str, str, str]] = {
    "sv": (
        "Planens gräns har flyttats från högst 15 % till högst 25 %. Värdet är oförändrat, 20 %. Med den nya gränsen",
        "Planens gräns har flyttats från högst 25 % till högst 15 %. Värdet är oförändrat, 20 %.",
        "Planens gräns har flyttats",
    ),
    "en": (
        "The plan's limit has moved from at most 15% to at most 25%. The value is unchanged, 20%. With the new limit",
        "The plan's limit has moved from at most 25% to at most 15%. The value is unchanged, 20%.",
        "The plan's limit has moved",
    ),
}


@pytest.mark.parametrize("language", SAID)
def test_both_mails_say_it(language: Language):
    """Old limit, new limit, and that the value is what it was; the headline is about the limit."""
    calm = judge(ALERT, by(0.25, version=4), AlertRecord(None, (), BREACH, lambda _episode: (), 365), SETTING)
    for found, sentence in ((after(FIRING, by(0.25), BREACH), 0), (after(calm, by(0.15), BREACH), 1)):
        said = message(found.mails[0].occasion, "hr", language)
        assert said.lead.replace("\N{NO-BREAK SPACE}", " ").startswith(SAID[language][sentence])
        assert said.headline.startswith(SAID[language][2])
