"""What is put into words about a judged alert: the event, the mail's occasion, the view."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import msgspec
import pytest

from services.alerts.domain.alert.judged import Addressee, Judgement
from services.alerts.domain.alert.judgement import AlertRecord, Setting, judge, withdrawal
from services.alerts.domain.alert.observation import Observation, SeriesKey
from services.alerts.domain.alert.promises import Promise, ahead, every
from services.alerts.domain.alert.standing import Alert, Episode, Standing
from services.alerts.domain.alert.telling import View
from services.alerts.domain.plan.places import Places
from services.alerts.domain.plan.plan import Unit, Version
from services.alerts.domain.plan.reading import read
from tests.unit.alerts.stories import BAD, GOOD, MIDDLE, day, forecast, repeated, series

PLAN = read("""\
plan: social
title: {sv: Plan, en: Plan}
language: en
recipients:
  hr: {email: hr@kommun.example}
  head: {email: head@kommun.example, language: sv, name: head of IFO}
targets:
  - id: leavers
    metric: leaver_rate
    breach: {above: 0.15}
    clear: {below: 0.12}
    hold: 3d
    look_ahead: [30d]
    severity: critical
    notify: [hr, head]
    measures: [mentor]
measures:
  - {id: mentor, title: A mentor for everyone, owner: head, due: 2026-09-30}
""")
VERSION = Version(PLAN, 4, "plan.yaml", "hash", datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
UNIT = Unit("farsta", "Farsta", ("farsta", "ifo", "*"))
ALERT = Alert("social", "leavers", "farsta")
ASKED = every({"social": VERSION}, Places([UNIT]))[ALERT]
DECIDED = datetime(2026, 2, 1, 8, tzinfo=UTC)
TOLD = [Addressee("old", "old@kommun.example", "sv")]


def link(plan: str, target: str, unit: str, episode: str) -> str:
    """Where a mail points."""
    return f"http://board/{plan}/{target}/{unit}/{episode}"


SETTING = Setting(date(2026, 2, 1), date(2026, 2, 2), DECIDED, link)


def judged(
    observations: Sequence[Observation], standing: Standing | None = None, episodes: Sequence[Episode] = ()
) -> Judgement:
    """The alert judged on these observations."""
    return judge(ALERT, ASKED, AlertRecord(standing, episodes, observations, lambda _episode: TOLD, 365), SETTING)


FIRING = judged(series(repeated((BAD, 4))))


def test_the_plan_asks_for_one_series_for_each_unit():
    """An alert is judged on its metric for the plan's occupation."""
    assert Promise(VERSION, PLAN.targets["leavers"], UNIT, SeriesKey("farsta", "*", "leaver_rate")) == ASKED


def test_the_plan_asks_for_its_horizons():
    """Only what some target looks ahead to is kept of the future."""
    assert ahead([VERSION]) == {("leaver_rate", "*", 30)}


def test_a_firing_alert_is_told_to_everyone_the_target_names():
    """One mail to each recipient, in their language."""
    assert [(mail.recipient, mail.address, mail.language) for mail in FIRING.mails] == [
        ("hr", "hr@kommun.example", "en"),
        ("head", "head@kommun.example", "sv"),
    ]


def test_a_mail_says_what_where_and_since_when():
    """The occasion holds the value, the limits, the days, the version and what the plan says should be done."""
    said = FIRING.mails[0].occasion
    assert (said.reason, said.unit_name, said.metric, said.measured.value) == ("hold_met", "Farsta", "leaver_rate", BAD)
    assert (said.threshold, said.clear, said.hold_days, said.since, said.on) == (0.15, 0.12, 3, day(0), day(3))
    assert (said.plan_version, said.severity, said.decided) == (4, "critical", DECIDED)
    assert said.link == f"http://board/social/leavers/farsta/{said.episode}"
    (measure,) = said.measures
    assert (measure.title, measure.owner, measure.due) == (
        {"en": "A mentor for everyone"},
        "head of IFO",
        date(2026, 9, 30),
    )


def test_the_event_says_the_same():
    """The transition on workforce.alerts carries the state, the days and the version."""
    (told,) = FIRING.transitions
    body = told.body
    assert (body.old, body.new, body.reason, body.on, body.since) == ("ok", "firing", "hold_met", day(3), day(0))
    assert (body.plan_version, body.value, body.threshold, body.severity) == (4, BAD, 0.15, "critical")


def test_the_end_is_told_to_whoever_got_the_firing():
    """A resolved mail goes to those told of the episode, with today's value and the one it was raised with."""
    over = judged(series(repeated((BAD, 4), (GOOD, 1))), FIRING.standing, FIRING.episodes)
    (mail,) = over.mails
    assert (mail.recipient, mail.occasion.reason) == ("old", "resolved")
    assert (mail.occasion.measured.value, mail.occasion.on, mail.occasion.since) == (GOOD, day(4), day(0))
    assert mail.occasion.raised_with is not None
    assert mail.occasion.raised_with.value == BAD


def test_a_value_that_fell_back_is_told_beside_the_one_that_breached():
    """When the value moved on before the telling, the mail has the present one, and the one of the day it fired."""
    said = judged(series(repeated((BAD, 4), (MIDDLE, 2)))).mails[0].occasion
    assert (said.reason, said.measured.value, said.on) == ("hold_met", MIDDLE, day(5))
    assert said.raised_with is not None
    assert (said.raised_with.value, said.since, said.began, said.ended) == (BAD, day(0), day(3), None)


def test_the_end_is_told_with_its_day():
    """A resolved mail has the day the alert was over beside the value of the latest day."""
    later = [*repeated((BAD, 4), (GOOD, 1), (MIDDLE, 2))]
    said = judged(series(later), FIRING.standing, FIRING.episodes).mails[0].occasion
    assert (said.measured.value, said.on, said.ended) == (MIDDLE, day(6), day(4))


def test_a_warning_prefers_the_value_that_breaches():
    """Of several days ahead, the warning is about the nearest that is past the limit."""
    known = [*series([GOOD, GOOD]), forecast(0, 30, BAD), forecast(1, 30, MIDDLE), forecast(1, 60, BAD)]
    of = ASKED._replace(target=msgspec.structs.replace(ASKED.target, look_ahead=(30, 60)))
    (mail, _) = judge(ALERT, of, AlertRecord(None, (), known, lambda _episode: TOLD, 365), SETTING).mails
    assert (mail.occasion.measured.value, mail.occasion.on) == (BAD, day(61))


def test_todays_value_is_told_only_if_there_is_one():
    """When the latest word is no value, a warning does not call an earlier one today's."""
    said = judged([*series([GOOD, None]), forecast(1, 30, BAD)]).mails[0].occasion
    assert said.present is not None
    assert said.present.value is None


def test_a_warning_speaks_of_the_day_ahead():
    """An expected breach carries the value ahead, the day it is of, and today's value beside it."""
    said = judged([*series([GOOD]), forecast(0, 30, BAD)]).mails[0].occasion
    assert (said.reason, said.measured.value, said.on, said.today) == ("expected_breach", BAD, day(30), day(0))
    assert said.present is not None
    assert said.present.value == GOOD


def test_the_view_shows_the_last_value_when_the_latest_word_is_none():
    """A suppressed value is shown as such, beside the last number there was."""
    view = judged(series([GOOD, None])).view
    assert (view.status, view.as_of, view.value, view.value_on) == ("suppressed", day(1), GOOD, day(0))


def test_ids_follow_from_the_history():
    """The same history gives the same ids of transitions, episodes and mails: a repeat is recognisable."""
    again = judged(series(repeated((BAD, 4))))
    assert [told.id for told in again.transitions] == [told.id for told in FIRING.transitions]
    assert [mail.id for mail in again.mails] == [mail.id for mail in FIRING.mails]
    later = judged(series(repeated((BAD, 4), (GOOD, 1))), FIRING.standing, FIRING.episodes)
    assert {told.id for told in later.transitions}.isdisjoint(told.id for told in FIRING.transitions)


def test_an_alert_nobody_asks_for_any_more_ends_with_the_plan():
    """A withdrawn alert is ok, its episode is over, and the reason is the plan."""
    gone = withdrawal(ALERT, FIRING.view, FIRING.standing, FIRING.episodes, SETTING)
    assert [(told.body.old, told.body.new, told.body.reason) for told in gone.transitions] == [
        ("firing", "ok", "plan_changed")
    ]
    assert (gone.watched, gone.standing.state, gone.episodes[0].spell.outcome) == (False, "ok", "plan_changed")


def resumed(observations: Sequence[Observation], version: int = 4) -> Judgement:
    """The alert judged after its plan was away for a while, by a version of it."""
    gone = withdrawal(ALERT, FIRING.view, FIRING.standing, FIRING.episodes, SETTING)
    known = AlertRecord(
        gone.standing, gone.episodes, observations, lambda _episode: TOLD, 365, version=version, ended=True
    )
    return judge(ALERT, ASKED, known, SETTING)


def test_a_plan_that_comes_back_as_it_was_resumes_its_episodes():
    """The alert fires on under the id it had, and nobody gets a mail."""
    again = resumed(series(repeated((BAD, 5))))
    assert [(told.body.old, told.body.new, told.body.reason) for told in again.transitions] == [
        ("ok", "firing", "plan_resumed")
    ]
    assert (again.mails, again.view.state, again.view.episode) == ((), "firing", FIRING.episodes[0].id)
    (episode,) = again.episodes
    assert (episode.id, episode.spell.ended, episode.spell.outcome) == (FIRING.episodes[0].id, None, None)


def test_what_ended_while_the_plan_was_away_is_told():
    """Whoever got the firing hears that it is over."""
    over = resumed(series(repeated((BAD, 4), (GOOD, 1))))
    assert [told.body.reason for told in over.transitions] == ["plan_resumed", "resolved"]
    assert [(mail.recipient, mail.occasion.reason) for mail in over.mails] == [("old", "resolved")]


def test_a_plan_that_comes_back_otherwise_begins_anew():
    """Another version raises an episode of its own, and says so."""
    again = resumed(series(repeated((BAD, 5))), version=3)
    assert [told.body.reason for told in again.transitions] == ["hold_met"]
    assert again.view.episode != FIRING.episodes[0].id
    assert len(again.mails) == 2


def test_nothing_is_judged_on_a_day_that_has_not_come():
    """A value of a day after the reader's tomorrow changes nothing, and what it once settled is forgotten."""
    later = Observation(date(2030, 1, 1), 0, FIRING.standing.memory.run.raised_with or series([GOOD])[0].measured)
    forged = judge(
        ALERT,
        ASKED,
        AlertRecord(None, (), [later], lambda _episode: TOLD, 365),
        SETTING._replace(latest=date(2031, 1, 1)),
    )
    assert forged.standing.memory.through is not None
    assert forged.standing.memory.through.year == 2029
    healed = judged([*series(repeated((BAD, 4))), later], forged.standing)
    assert (healed.view.state, len(healed.mails)) == ("firing", 2)


MONTH = date(2025, 12, 31)
UNTIL = [
    msgspec.structs.replace(one, measured=msgspec.structs.replace(one.measured, until=MONTH))
    for one in series(repeated((BAD, 4), (None, 1)))
]


def test_the_months_of_a_value_of_health_are_told():
    """The view, the event and the mail say which months the value is of, also once the latest word is that of none."""
    whole = judged(UNTIL)
    assert (whole.view.until, whole.view.as_of, whole.view.value_on) == (MONTH, day(4), day(3))
    assert [told.body.until for told in whole.transitions] == [MONTH]
    assert [mail.occasion.measured.until for mail in whole.mails] == [MONTH, MONTH]
    gone = withdrawal(ALERT, whole.view, whole.standing, whole.episodes, SETTING)
    assert [told.body.until for told in gone.transitions] == [MONTH]


def test_other_values_tell_of_no_months():
    """A view and an event of another metric leave them out."""
    assert (FIRING.view.until, FIRING.transitions[0].body.until) == (None, None)


def test_a_view_that_was_stored_before_months_were_told_is_read():
    """What an earlier release wrote down is shown on."""
    stored = msgspec.to_builtins(FIRING.view)
    del stored["until"]
    assert msgspec.convert(stored, View) == FIRING.view


@pytest.mark.parametrize("number", [BAD, GOOD])
def test_days_ahead_that_are_no_longer_told_disturb_nothing(number: float):
    """Where a plan of before looks ahead at health, what was known stays, and no step is taken for want of more."""
    known = [*series([GOOD]), forecast(0, 30, number)]
    before = judged(known)
    after = judged([*known, *series(repeated((GOOD, 5)), start=1)], before.standing, before.episodes)
    assert (after.transitions, after.mails) == ((), ())
    assert after.view.expected == before.view.expected


@pytest.mark.parametrize(
    ("observations", "state"),
    [([], "not_judged"), (series([None]), "not_judged"), (series([GOOD]), "ok"), (series([GOOD, None]), "ok")],
    ids=["nothing heard", "nothing but hidden values", "judged", "judged before"],
)
def test_what_was_never_judged_is_not_well(observations: Sequence[Observation], state: str):
    """No number has come yet: that nothing breaches is not known."""
    assert judged(observations).view.state == state


@pytest.mark.parametrize(("language", "name"), [("sv", "Hela kommunen"), ("en", "The whole municipality")])
def test_the_whole_municipality_has_a_name(language: str, name: str):
    """In the language of the plan, to the API and in the event; other units keep theirs."""
    unit = Unit("*", "*", ("*",))
    plan = msgspec.structs.replace(PLAN, language=language)
    asked = ASKED._replace(unit=unit, version=VERSION._replace(plan=plan))
    known = AlertRecord(None, (), series(repeated((BAD, 4))), lambda _episode: (), 365)
    found = judge(Alert("social", "leavers", "*"), asked, known, SETTING)
    assert (found.view.unit_name, {one.body.unit_name for one in found.transitions}) == (name, {name})
    assert FIRING.view.unit_name == "Farsta"
