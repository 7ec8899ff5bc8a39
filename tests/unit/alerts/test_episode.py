"""The life of an alert on event time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from services.alerts.domain.alert.episode import SETTLED_DAYS, Spell
from services.alerts.domain.alert.observation import Observation
from services.alerts.domain.plan.plan import Limit
from shared.contracts.alerts import State
from tests.unit.alerts.stories import BAD, GOOD, MIDDLE, day, forecast, repeated, series, target, told

HOLD, CLEAR_HOLD = 14, 7
PATIENT = target(hold=HOLD, clear_hold=CLEAR_HOLD)

LIVES: list[tuple[str, list[float | None], State]] = [
    ("nothing heard is ok", [], "ok"),
    ("a good value is ok", [GOOD], "ok"),
    ("a value between the limits is no breach", [MIDDLE], "ok"),
    ("a breach waits for its hold", [BAD], "pending"),
    ("a breach one day short of its hold still waits", repeated((BAD, HOLD)), "pending"),
    ("a breach that holds fires", repeated((BAD, HOLD + 1)), "firing"),
    ("a good day in the hold starts it anew", repeated((BAD, 10), (GOOD, 1), (BAD, 10)), "pending"),
    ("a day between the limits ends the hold", repeated((BAD, 10), (MIDDLE, 1), (BAD, 4)), "pending"),
    ("a day not heard of does not end the hold", repeated((BAD, 10), (None, 4), (BAD, 1)), "firing"),
    ("no value does not meet a hold", repeated((BAD, 10), (None, 20)), "pending"),
    ("a firing alert stays so between the limits", repeated((BAD, 15), (MIDDLE, 30)), "firing"),
    ("no data is not all clear", repeated((BAD, 15), (None, 30)), "firing"),
    ("a clear day begins the recovery", repeated((BAD, 15), (GOOD, 1)), "recovering"),
    ("a recovery that holds ends the alert", repeated((BAD, 15), (GOOD, CLEAR_HOLD + 1)), "ok"),
    ("a recovery one day short still waits", repeated((BAD, 15), (GOOD, CLEAR_HOLD)), "recovering"),
    ("a breach in the recovery fires again", repeated((BAD, 15), (GOOD, 3), (BAD, 1)), "firing"),
    ("leaving the clear side ends the recovery", repeated((BAD, 15), (GOOD, 3), (MIDDLE, 1)), "firing"),
    ("a recovery begun anew counts anew", repeated((BAD, 15), (GOOD, 5), (MIDDLE, 1), (GOOD, 5)), "recovering"),
]


@pytest.mark.parametrize(("numbers", "state"), [life[1:] for life in LIVES], ids=[life[0] for life in LIVES])
def test_life(numbers: list[float | None], state: State):
    """The state after a series is what the sentence of the case says."""
    assert told(PATIENT, series(numbers)).run.state == state


def stale(observations: list[Observation]) -> list[Observation]:
    """The same, of a source that had told of the days before the first and of none since."""
    measured = [replace(one.measured, fresh_until=day(-1)) for one in observations]
    return [replace(one, measured=found) for one, found in zip(observations, measured, strict=True)]


@pytest.mark.parametrize(
    ("before", "silent", "state"),
    [
        (repeated((BAD, 15)), repeated((GOOD, 30)), "firing"),
        (repeated((BAD, 15), (GOOD, 3)), repeated((GOOD, 30)), "recovering"),
        (repeated((BAD, 15), (GOOD, 3)), repeated((MIDDLE, 30)), "recovering"),
        (repeated((BAD, 15), (GOOD, 3)), repeated((BAD, 1)), "firing"),
        (repeated((BAD, 10)), repeated((GOOD, 30)), "pending"),
        (repeated((GOOD, 10)), repeated((BAD, 15)), "firing"),
    ],
)
def test_a_stale_value_ends_nothing(before: list[float | None], silent: list[float | None], state: State):
    """A source that has fallen silent is no all clear; what it said of a breach holds."""
    days = [*series(before), *stale(series(silent, start=len(before)))]
    assert told(PATIENT, days).run.state == state


def test_an_alert_goes_on_to_its_end_once_the_source_is_back():
    """What was stale is told again, as it is."""
    silent, back = repeated((BAD, 15)), series(repeated((GOOD, CLEAR_HOLD + 1)), start=15)
    assert told(PATIENT, [*series(silent), *stale(back)]).run.state == "firing"
    assert told(PATIENT, [*series(silent), *back]).run.state == "ok"


def test_a_stale_value_ends_no_warning():
    """What was known ahead may be so still."""
    warned = [*series([GOOD]), forecast(0, 30, BAD)]
    assert told(
        target(look_ahead=(30,)), [*warned, *series([GOOD], start=1), *stale([forecast(1, 30, GOOD)])]
    ).watch.began
    assert not told(target(look_ahead=(30,)), [*warned, *series([GOOD], start=1), forecast(1, 30, GOOD)]).watch.began


def test_without_holds_an_alert_fires_and_ends_at_once():
    """A hold of 0d is met on the first day, and so is a clear hold."""
    story = told(target(), series([BAD, GOOD]))
    assert story.spells == (Spell("breach", day(0), day(0), "ok", day(1), "resolved", since_at_least=True),)


def test_an_episode_knows_its_days():
    """``since`` is the first day of the breach, ``began`` the day its hold was met, ``ended`` the day it cleared."""
    story = told(PATIENT, series(repeated((GOOD, 3), (BAD, 20), (GOOD, 10))))
    assert story.spells == (Spell("breach", day(3), day(3 + HOLD), "ok", day(23 + CLEAR_HOLD), "resolved"),)


def test_days_missing_in_a_hold_count_as_time():
    """A breach seen on two days a hold apart has held: event time goes by, whether heard of or not."""
    assert told(PATIENT, [*series([BAD]), *series([BAD], start=HOLD)]).run.state == "firing"


def test_without_a_clear_limit_the_breach_limit_clears():
    """A target without ``clear`` is clear as soon as it does not breach."""
    assert told(target(clear=None), series([BAD, MIDDLE])).run.state == "ok"


def test_below_is_the_mirror_of_above():
    """A target may breach below its limit."""
    low = target(breach=Limit("below", 0.12), clear=Limit("above", 0.15))
    assert [told(low, series([BAD, *rest])).run.state for rest in ([GOOD], [GOOD, MIDDLE], [GOOD, BAD])] == [
        "firing",
        "firing",
        "ok",
    ]


def test_what_is_known_ahead_warns_before_the_breach():
    """A horizon past the limit raises an early warning while the present is ok."""
    story = told(target(look_ahead=(30, 90)), [*series([GOOD]), forecast(0, 30, GOOD), forecast(0, 90, BAD)])
    assert (story.run.state, story.spells) == ("ok", (Spell("expected", day(0), day(0), "expected"),))
    assert {horizon: seen.on for horizon, seen in story.watch.ahead.items()} == {90: day(90)}


def test_a_warning_ends_when_the_future_is_clear():
    """Once no horizon breaches any more the early warning is over."""
    known = [*series([GOOD, GOOD]), forecast(0, 30, BAD), forecast(1, 30, GOOD)]
    assert told(target(look_ahead=(30,)), known).spells == (
        Spell("expected", day(0), day(0), "ok", day(1), "no_longer_expected"),
    )


def test_a_warning_ends_when_it_comes_true():
    """The breach itself takes over from its early warning."""
    known = [*series([GOOD, BAD]), forecast(0, 30, BAD), forecast(1, 30, BAD)]
    assert told(target(look_ahead=(30,)), known).spells == (
        Spell("expected", day(0), day(0), "ok", day(1), "expected_came"),
        Spell("breach", day(1), day(1), "firing"),
    )


def test_a_horizon_not_heard_of_keeps_its_verdict():
    """Horizons arrive one by one; the one still missing today does not end the warning."""
    known = [*series([GOOD, GOOD]), forecast(0, 30, GOOD), forecast(0, 90, BAD), forecast(1, 30, GOOD)]
    assert told(target(look_ahead=(30, 90)), known).watch.began == day(0)


def test_a_warning_stays_between_the_limits():
    """The early warning has the same hysteresis as the alert."""
    known = [*series([GOOD, GOOD]), forecast(0, 30, BAD), forecast(1, 30, MIDDLE)]
    assert told(target(look_ahead=(30,)), known).watch.began == day(0)


def test_a_warning_does_not_begin_between_the_limits():
    """What was known ahead during a hold, and no longer breaches when the hold is given up, warns of nothing."""
    known = [*series([BAD, GOOD]), forecast(0, 30, BAD), forecast(1, 30, MIDDLE)]
    assert told(target(hold=3, look_ahead=(30,)), known).watch.began is None


def test_what_each_spell_was_raised_with():
    """A breach keeps the value that met its hold, a warning the nearest breach ahead, whatever came after."""
    known = [*series([GOOD, BAD, 0.3, MIDDLE]), forecast(0, 30, MIDDLE), forecast(0, 60, 0.4), forecast(1, 60, BAD)]
    story = told(target(hold=1, look_ahead=(30, 60)), known)
    assert {key: measured.value for key, measured in story.raised_with.items()} == {
        ("expected", day(0)): 0.4,
        ("breach", day(2)): 0.3,
    }


def test_only_horizons_the_plan_asks_for_warn():
    """A target without look_ahead judges the present alone."""
    assert told(target(), [*series([GOOD]), forecast(0, 30, BAD)]).spells == ()


numbers = st.lists(st.sampled_from([BAD, MIDDLE, GOOD, None]), min_size=1, max_size=150)
holds = st.integers(0, 28)


@settings(deadline=None)
@given(numbers, holds, holds, st.integers(0, 150))
def test_settled_days_can_be_forgotten(values: list[float | None], hold: int, clear_hold: int, cut: int):
    """Going on from the memory of an earlier telling tells the same as all days at once."""
    of = target(hold=hold, clear_hold=clear_hold, look_ahead=(30,))
    known = [*series(values), *(forecast(place, 30, number) for place, number in enumerate(reversed(values)))]
    whole = told(of, known)
    memory = told(of, [one for one in known if one.known < day(cut)]).memory
    later = told(of, [one for one in known if memory.through is None or one.known > memory.through], memory)
    assert (later.run, later.watch, later.memory) == (whole.run, whole.watch, whole.memory)
    ended = [
        spell for spell in whole.spells if spell.ended is None or not memory.through or spell.ended > memory.through
    ]
    assert list(later.spells) == ended


def test_memory_lags_by_what_late_data_restates():
    """Only days that late data no longer restates are settled."""
    assert told(target(), series([GOOD] * 100)).memory.through == day(99 - SETTLED_DAYS)
