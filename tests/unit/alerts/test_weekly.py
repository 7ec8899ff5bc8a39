"""What a recipient is told in a weekly summary, and what not."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.handling.handling import Handling
from services.alerts.domain.plan.progress import Progress
from services.alerts.domain.weekly.gathering import LISTED, Record, Watched, weekly
from services.alerts.domain.weekly.leave import Reader, holds, leave, server, signature
from services.alerts.domain.weekly.weekly import Weekly
from tests.unit.alerts.weeks import NOW, PLAN, TODAY, UNITS, ahead, late, record, step, telling, view


def told(of: Record, who: str = "hr") -> Weekly:
    """The summary there is."""
    found = weekly(PLAN, of, telling(who))
    assert found
    return found


def kinds(of: Weekly) -> list[tuple[str, str, str]]:
    """Of each alert: its kind, unit and target."""
    return [(one.kind, one.unit, one.target) for one in of.alerts]


def test_each_alert_is_told_once_as_what_it_is():
    """New, going on, over or ahead; what began before the last summary is not new, what ended before is not told."""
    going, new, over, before = view("farsta"), view("skarpnack"), view("vantor", state="ok"), view("vantor", "caseload")
    steps = [
        step(going, "hold_met", hours=24 * 8),
        step(new, "hold_met"),
        step(over, "resolved"),
        step(before, "resolved", hours=24 * 8),
    ]
    said = told(record(going, new, ahead("vantor"), steps=steps))
    assert sorted(kinds(said)) == [
        ("ahead", "vantor", "leavers"),
        ("ended", "vantor", "leavers"),
        ("going", "farsta", "leavers"),
        ("new", "skarpnack", "leavers"),
    ]
    assert (said.counts, said.unacknowledged) == ({"new": 1, "going": 1, "ahead": 1, "ended": 1}, 2)


def test_what_ended_and_is_back_is_not_over():
    """The reader acts on what is so now."""
    back = view("farsta")
    said = told(record(back, steps=[step(back, "resolved", hours=60), step(back, "hold_met", hours=20)]))
    assert kinds(said) == [("new", "farsta", "leavers")]


def test_a_small_group_stays_hidden():
    """Whatever was told of it before: neither the value of an alert that goes on, nor of one ahead, or over."""
    small = {"status": "suppressed", "value": 0.18}
    over = view("vantor", state="ok", **small)
    said = told(record(view("farsta", **small), replace(ahead("skarpnack"), **small), steps=[step(over, "resolved")]))
    assert {(one.kind, one.value, one.hidden) for one in said.alerts} == {
        ("going", None, True),
        ("ahead", None, True),
        ("ended", None, True),
    }


def test_who_is_told_of_what():
    """Of what notifies or turns to them, as it holds in a unit; whom no target names is told of the whole plan."""
    everything = record(*(view(unit, target) for unit in UNITS for target in PLAN.targets))
    both = {(unit, target) for unit in UNITS for target in PLAN.targets}
    mine = {who: {one[1:] for one in kinds(told(everything, who))} for who in PLAN.recipients}
    assert mine["hr"] == both - {("farsta", "caseload")}
    assert mine["head"] == {(unit, "leavers") for unit in UNITS} | {("farsta", "caseload")}
    assert mine["director"] == both
    assert (told(everything, "head").watched, told(everything, "head").units) == (4, 3)


def test_nobody_is_written_to_before_the_day_watching_begins():
    """Of what begins later nothing is told; where that is all, there is no mail."""
    begins = {name: replace(one, watch_from=TODAY + timedelta(1)) for name, one in PLAN.targets.items()}
    assert weekly(replace(PLAN, targets=begins), record(), telling()) is not None  # a unit has a target of its own
    later = replace(PLAN, targets=begins, local={})
    assert weekly(later, record(view("farsta")), telling()) is None
    partly = replace(later, targets={**PLAN.targets, "caseload": begins["caseload"]})
    said = weekly(partly, record(view("farsta"), view("farsta", "caseload")), telling())
    assert said
    assert (kinds(said), said.watched) == ([("going", "farsta", "leavers")], 3)


def test_the_worst_unit_comes_first_with_all_of_it():
    """Critical before others, then the farthest past its limit, then what has no number; units stay together."""
    views = [
        view("vantor", value=None, status="not_applicable"),
        view("skarpnack", value=0.30),
        view("farsta", value=0.16),
        view("vantor", "caseload"),
    ]
    assert kinds(told(record(*views))) == [
        ("going", "vantor", "caseload"),
        ("going", "vantor", "leavers"),
        ("going", "skarpnack", "leavers"),
        ("going", "farsta", "leavers"),
    ]


def test_it_is_bounded_and_says_how_much_there_is():
    """Of ten thousand alerts forty are listed."""
    said = told(record(*(view(f"u{number:05}") for number in range(10_000))))
    assert (len(said.alerts), said.counts["going"], said.unacknowledged) == (LISTED, 10_000, 10_000)


def test_actions_past_their_day_are_told_until_they_are_over():
    """The longest overdue first, owners by their names; what is done or cancelled is not late."""
    of = record()
    said = told(of)
    assert [(one.title["sv"], one.owner, one.due.day) for one in said.actions] == [
        ("Mentor till alla", "head", 16),
        ("Löneöversyn", "Kommunstyrelsen", 20),
        ("Egen introduktion", "HR", 23),
    ]
    assert [one.unit_name for one in said.actions] == [None, None, UNITS["farsta"]]
    done = {("p", "mentor"): Progress("done", TODAY), ("p", "pay"): Progress("started", TODAY)}
    assert [one.title["sv"] for one in told(of._replace(progress=done)).actions] == ["Löneöversyn", "Egen introduktion"]


def test_sources_that_are_late_are_told_with_what_they_owe():
    """And nothing of those that are not."""
    (source,) = told(record(sources=[late(), replace(late("procapita"), kinds=())])).sources
    assert (source.source, source.kinds, source.due) == ("heroma", ("absence",), date(2026, 11, 23))


def test_who_has_taken_an_alert_on_is_known():
    """Until the day on which that ends."""
    row = Handling(key="k", kind="acknowledged", episode="ep-farsta-leavers", by="eva", at=NOW, day=TODAY)
    taken = told(record(view("farsta"), handlings={Alert("p", "leavers", "farsta"): [row]}))
    assert taken.unacknowledged == 0
    assert taken.alerts[0].handling.acknowledged
    past = told(record(view("farsta"), handlings={Alert("p", "leavers", "farsta"): [replace(row, until=TODAY)]}))
    assert past.unacknowledged == 1


def test_what_no_plan_asks_for_any_more_has_no_value():
    """It ended because the plan changed: what its value is nobody says."""
    gone = view("farsta", state="ok")
    decided, changed, stands = step(gone, "plan_changed")
    said = told(record(steps=[(decided, changed, stands._replace(watched=False))]))
    assert [(one.kind, one.why, one.value) for one in said.alerts] == [("ended", "plan_changed", None)]


def test_a_quiet_week_says_that_it_watches():
    """How much, and how much of it has no number."""
    of = record()
    unseen = [*of.watched[:-1], Watched("leavers", "vantor", ("vantor", "*"), judged=False)]
    said = weekly(replace(PLAN, measures={}), of._replace(watched=unseen), telling())
    assert said
    assert (said.alerts, said.overdue, said.sources, said.watched, said.unjudged) == ((), 0, (), 5, 1)


def test_a_summary_has_one_name_for_its_hour():
    """Whichever process writes it, however late; another recipient's, or another week's, is another."""
    names = [
        told(record()).id,
        weekly(PLAN, record(view("farsta")), telling()).id,  # type: ignore[union-attr]
        told(record(), "head").id,
        weekly(PLAN, record(), telling(slot=NOW - timedelta(7))).id,  # type: ignore[union-attr]
    ]
    assert names[0] == names[1]
    assert len(set(names)) == 3


READER = Reader("p", "hr", "hr@kommun.example")
KEY = b"k" * 32


@pytest.mark.parametrize(
    "other",
    [READER._replace(plan="q"), READER._replace(recipient="head"), READER._replace(address="ny@kommun.example")],
)
def test_a_link_is_good_for_its_reader_alone(other: Reader):
    """Neither for another plan or recipient, nor for whoever takes over under another address; nor by another key."""
    sig = signature(KEY, READER)
    assert holds(KEY, READER, sig)
    assert not holds(KEY, other, sig)
    assert not holds(b"x" * 32, READER, sig)
    assert not holds(KEY, READER, "å" + sig)
    assert READER.address not in leave("https://k.example", KEY, READER)


@pytest.mark.parametrize(
    ("link", "base"),
    [
        ("http://127.0.0.1:8803/v1/alerts?plan=&unit=", "http://127.0.0.1:8803"),
        ("https://k.example/stadga/board/alerts///?to=", "https://k.example/stadga"),
        ("https://k.example/larm?plan=", "https://k.example"),
    ],
)
def test_the_link_leads_to_the_server_that_alerts_are_shown_by(link: str, base: str):
    """Also behind a path of its own."""
    assert server(link) == base
    assert leave(server(link), KEY, READER).startswith(f"{base}/unsubscribe/p/hr?sig=")


def test_it_is_decided_at_an_instant_in_utc():
    """What travels as JSON is dated by it."""
    assert told(record()).decided == datetime(2026, 11, 30, 7, tzinfo=UTC)
