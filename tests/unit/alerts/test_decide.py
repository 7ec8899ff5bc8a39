"""What is told when values change: the reasons, and the same episodes whatever the order of arrival."""

import random
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.alerts.domain.alert.observation import Observation
from services.alerts.domain.alert.standing import Standing
from services.alerts.domain.plan.plan import Limit
from tests.unit.alerts.ledger import Ledger
from tests.unit.alerts.stories import BAD, GOOD, MIDDLE, day, forecast, repeated, series, target, told

PATIENT = target(hold=3, clear_hold=3, look_ahead=(30,))
Batch = list[Observation]


@dataclass(frozen=True)
class Case:
    """A sentence, batches of observations heard one after another, and what is told after the last of them."""

    sentence: str
    batches: list[Batch]
    told: list[tuple[str, str, str, str | None]]
    """(old state, new state, reason, mail)."""


FIRING = series(repeated((BAD, 4)))
OVER = series(repeated((BAD, 4), (GOOD, 4)))
CASES = [
    Case("a first breach begins the hold", [series([BAD])], [("ok", "pending", "first_breach", None)]),
    Case("the same again tells nothing", [series([BAD]), series([BAD])], []),
    Case("nothing to tell of a good value", [series([GOOD])], []),
    Case(
        "a hold that is met fires, and is mailed",
        [series([BAD]), FIRING],
        [("pending", "firing", "hold_met", "hold_met")],
    ),
    Case(
        "a hold that was met before it was heard of fires at once",
        [FIRING],
        [("ok", "firing", "hold_met", "hold_met")],
    ),
    Case(
        "a breach that ends in its hold is given up",
        [series([BAD]), series([BAD, GOOD])],
        [("pending", "ok", "breach_ended", None)],
    ),
    Case(
        "a breach that was never so is corrected",
        [series([BAD]), series([GOOD])],
        [("pending", "ok", "data_corrected", None)],
    ),
    Case(
        "a clear day begins the recovery",
        [FIRING, OVER[:5]],
        [("firing", "recovering", "clear_started", None)],
    ),
    Case(
        "a breach in the recovery fires again without a new mail",
        [FIRING, OVER[:5], [*OVER[:5], *series([BAD], 5)]],
        [("recovering", "firing", "breach_again", None)],
    ),
    Case(
        "leaving the clear side ends the recovery",
        [FIRING, OVER[:5], [*OVER[:5], *series([MIDDLE], 5)]],
        [("recovering", "firing", "clear_ended", None)],
    ),
    Case(
        "a recovery that holds is mailed",
        [FIRING, OVER[:5], OVER],
        [("recovering", "ok", "resolved", "resolved")],
    ),
    Case("a recovery heard of in one go is mailed", [FIRING, OVER], [("firing", "ok", "resolved", "resolved")]),
    Case(
        "what was over before it was heard of is written down, and mailed to nobody who was not told",
        [OVER],
        [("ok", "firing", "hold_met", None), ("firing", "ok", "resolved", "resolved")],
    ),
    Case(
        "a firing that was never so is corrected, and mailed",
        [FIRING, series([GOOD] * 4)],
        [("firing", "ok", "data_corrected", "data_corrected")],
    ),
    Case(
        "a resolved alert that never was is corrected without another mail",
        [FIRING, OVER, series([GOOD] * 8)],
        [("ok", "ok", "data_corrected", None)],
    ),
    Case(
        "a resolved alert that never cleared is told anew",
        [FIRING, OVER, series(repeated((BAD, 4), (GOOD, 3), (MIDDLE, 1)))],
        [("ok", "firing", "reopened", "hold_met")],
    ),
    Case("other first days of the same breach tell nothing", [FIRING, [*series([BAD], -2), *FIRING]], []),
    Case("no value tells nothing", [FIRING, [*FIRING, *series([None] * 9, 4)]], []),
    Case(
        "a breach ahead is mailed as a warning",
        [[*series([GOOD]), forecast(0, 30, BAD)]],
        [("ok", "expected", "expected_breach", "expected_breach")],
    ),
    Case(
        "a breach no longer ahead ends the warning",
        [[*series([GOOD]), forecast(0, 30, BAD)], [*series([GOOD], 1), forecast(1, 30, GOOD)]],
        [("expected", "ok", "no_longer_expected", None)],
    ),
    Case(
        "a breach that comes ends its warning and begins its hold",
        [[*series([GOOD]), forecast(0, 30, BAD)], series(repeated((BAD, 4)), 1)],
        [("expected", "ok", "expected_came", None), ("ok", "firing", "hold_met", "hold_met")],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.sentence)
def test_told(case: Case):
    """The steps after the last batch are what the sentence of the case says."""
    ledger = Ledger(PATIENT)
    steps = [ledger.hear(batch, revision) for revision, batch in enumerate(case.batches)][-1]
    assert sorted((one.old, one.new, one.reason, one.mail) for one in steps) == sorted(case.told)


def test_a_correction_that_leaves_a_hold_begins_it():
    """A firing that is corrected to a running hold ends, and the hold is told of."""
    ledger = Ledger(PATIENT)
    ledger.hear(FIRING)
    ledger.hear(series([GOOD, BAD, BAD, BAD]), revision=1)
    assert ledger.reasons == ["hold_met", "data_corrected", "first_breach"]


def test_an_episode_keeps_its_id_when_its_days_are_restated():
    """Late data that moves the first day of a breach moves the days of its episode, not its identity."""
    ledger = Ledger(PATIENT)
    ledger.hear(FIRING)
    before = list(ledger.episodes)
    ledger.hear(series([BAD, BAD], -2), revision=1)
    assert list(ledger.episodes) == before
    assert [(one.since, one.began) for one in ledger.live()] == [(day(-2), day(1))]


def test_a_new_plan_that_does_not_ask_ends_the_alert_as_changed():
    """Under looser limits the episode is over because the plan changed, not because the data did."""
    ledger = Ledger(PATIENT)
    ledger.hear(FIRING)
    ledger.version = 2
    steps = ledger.judge(target(hold=3, breach=Limit("above", 0.5)), "plan")
    assert [(one.reason, one.mail) for one in steps] == [("plan_changed", None)]


def test_a_new_plan_that_asks_the_same_goes_on():
    """An episode goes on under a new version, and names the version that raised it."""
    ledger = Ledger(PATIENT)
    ledger.hear(FIRING)
    ledger.version = 2
    assert ledger.judge(PATIENT, "plan") == []
    assert [one.version for one in ledger.episodes.values()] == [1]


def test_another_metric_under_the_same_name_is_another_story():
    """A target that measures something else ends what was told of the old metric."""
    ledger = Ledger(PATIENT)
    ledger.hear(FIRING)
    ledger.version = 2
    ledger.judge(PATIENT, "plan", series="agency_share|*")
    assert ledger.reasons == ["hold_met", "plan_changed", "hold_met"]


def test_a_resolved_alert_of_an_older_version_is_not_judged_again():
    """What ended under an earlier version stays as it was told, whatever the new limits would have said."""
    ledger = Ledger(PATIENT)
    ledger.hear(FIRING)
    ledger.hear(OVER, revision=1)
    ledger.version = 2
    ledger.judge(target(hold=3, breach=Limit("above", 0.5)), "plan")
    ledger.hear(series([GOOD], 8), revision=2)
    assert ledger.reasons == ["hold_met", "resolved"]


Message = tuple[int, Observation]


@st.composite
def streams(draw: st.DrawFn, length: int = 34) -> list[Message]:
    """What a metrics service says from day to day: today, restated days, what is known ahead."""
    said: list[Message] = []
    for today in range(draw(st.integers(1, length))):
        some = st.sampled_from([BAD, BAD, MIDDLE, GOOD, GOOD, None])
        said += [(len(said), one) for one in series([draw(some)], today)]
        if draw(st.booleans()):
            said.append((len(said), forecast(today, 30, draw(some))))
        if today and draw(st.integers(0, 3)) == 0:
            late = draw(st.integers(max(0, today - 28), today))
            said += [(len(said), one) for one in series([draw(some)], late)]
    return said


def batches(said: list[Message], chance: random.Random) -> list[list[Message]]:
    """Cut into batches of one to five."""
    rest, cut = list(said), []
    while rest:
        size = chance.randint(1, 5)
        cut.append(rest[:size])
        rest = rest[size:]
    return cut


@settings(max_examples=50, deadline=None)
@given(streams(), st.randoms(use_true_random=False), st.integers(0, 5), st.integers(0, 5))
def test_any_order_of_arrival_gives_the_same_episodes(
    said: list[Message], chance: random.Random, hold: int, clear_hold: int
):
    """Messages in any order, any of them repeated, in any batches: the same episodes and the same state."""
    of = target(hold=hold, clear_hold=clear_hold, look_ahead=(30,))
    jumbled = said + chance.sample(said, chance.randint(0, len(said)))
    chance.shuffle(jumbled)
    ledger = Ledger(of)
    for batch in batches(jumbled, chance):
        ledger.hear_all(batch)
    newest = {(one.as_of, one.horizon): one for _, one in sorted(said, key=lambda message: message[0])}
    story = told(of, list(newest.values()))
    assert ledger.live() == sorted(story.spells, key=lambda spell: (spell.began, spell.kind))
    assert ledger.standing == Standing(story.memory, story.run.state, story.run.since, ledger.standing.steps)


@settings(max_examples=20, deadline=None)
@given(streams(length=90), st.randoms(use_true_random=False))
def test_a_long_stream_with_repeats_gives_the_same_episodes(said: list[Message], chance: random.Random):
    """Over months, with every batch heard twice, the episodes are those of one clean telling."""
    ledger, clean = Ledger(PATIENT), Ledger(PATIENT)
    for batch in batches(said, chance):
        ledger.hear_all(batch)
        ledger.hear_all(batch)
    for message in said:
        clean.hear_all([message])
    assert ledger.live() == clean.live()
    assert ledger.standing.state == clean.standing.state


@settings(max_examples=30, deadline=None)
@given(streams(), st.randoms(use_true_random=False))
def test_every_step_follows_from_the_one_before(said: list[Message], chance: random.Random):
    """The transitions of an episode form a chain: each begins in the state where the last one ended."""
    ledger = Ledger(PATIENT)
    chance.shuffle(said)
    for batch in batches(said, chance):
        ledger.hear_all(batch)
    last = {"hold": "ok"}
    for step in ledger.transitions:
        grown = step.episode is not None and step.episode.id not in last and step.old == "pending"
        name = step.episode.id if step.episode and not grown else "hold"
        assert step.old == last.get(name, "ok")
        last |= {step.episode.id: step.new, "hold": "ok"} if grown and step.episode else {name: step.new}
