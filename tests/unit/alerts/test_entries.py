"""Notices of one mail: what comes first, what says the same once, what lies below under its unit."""

import msgspec
import pytest

from services.alerts.domain.alert.occasion import MailReason, Occasion
from services.alerts.domain.letter.entries import Entry, Notice, Surroundings, entries
from services.alerts.domain.letter.message import message
from tests.unit.alerts.occasions import CALM, FIRING, HIDDEN, occasion

TOWN = {"north": ("*",), "north-a": ("north", "*"), "north-b": ("north", "*"), "lone": ("south", "*"), "south": ("*",)}
AROUND = Surroundings(open=3, units=2, watched=9, above=TOWN, only=frozenset({"lone"}))


def about(unit: str, value: float = 0.2, reason: MailReason = "hold_met", **fields: object) -> Occasion:
    """A value of a unit against the limit of 15 %."""
    measured = msgspec.structs.replace(FIRING, value=value)
    own = {"unit": unit, "unit_name": unit, "measured": measured, "episode": f"{reason} {unit} {value} {fields}"}
    return occasion(reason, **{**own, **fields})


def found(*said: Occasion, around: Surroundings = AROUND) -> list[Entry]:
    """The entries of a mail of these, given in this order and in the opposite one."""
    notices = [Notice(one, message(one, "hr", "en")) for one in said]
    there, back = entries(notices, around), entries(reversed(notices), around)
    assert there == back
    return there


def units(*said: Occasion, around: Surroundings = AROUND) -> list[tuple[str, list[str], list[str]]]:
    """By entry: its unit, those with the same figures, and those below."""
    return [
        (one.notice.about.unit, [n.about.unit for n in one.same], [n.about.unit for n in one.below])
        for one in found(*said, around=around)
    ]


def test_what_began_comes_before_what_is_expected_before_what_is_over():
    """Whatever the values are."""
    reasons: list[MailReason] = ["resolved", "data_corrected", "expected_breach", "hold_met"]
    said = [about("x", 0.2 + place, reason) for place, reason in enumerate(reversed(reasons))]
    assert [one.notice.about.reason for one in found(*said)] == list(reversed(reasons))


def test_what_lies_furthest_past_its_limit_comes_first():
    """As a share of its own limit, whichever side it is breached on; a value that may not be shown comes last."""
    said = [
        about("near", 0.16),
        about("far", 0.6),
        about("below", 0.2, breach="below", threshold=0.8),
        about("hidden", measured=HIDDEN, metric="sick_rate"),
        about("double", 60.0, threshold=30.0),
    ]
    assert [unit for unit, _, _ in units(*said)] == ["far", "double", "below", "near", "hidden"]


def test_what_is_critical_comes_before_what_lies_further_past():
    """The plan says what matters most."""
    said = [about("far", 0.6, severity="warning"), about("critical", 0.16, severity="critical")]
    assert [unit for unit, _, _ in units(*said)] == ["critical", "far"]


def test_units_that_are_as_far_past_come_by_name():
    """So the same notices always read the same."""
    assert [unit for unit, _, _ in units(about("b"), about("a"), about("c"))] == ["a", "b", "c"]


def test_units_below_are_listed_under_the_highest_that_is_told_of():
    """They break the same promise for the same reason."""
    deep = {**TOWN, "deep": ("north-a", "north", "*")}
    around = msgspec.structs.replace(AROUND, above=deep)
    said = [about("north-b", 0.3), about("deep", 0.5), about("north-a", 0.4), about("north", 0.2), about("south", 0.25)]
    assert units(*said, around=around) == [("south", [], []), ("north", [], ["deep", "north-a", "north-b"])]


@pytest.mark.parametrize("other", [{"target": "another"}, {"plan": "another"}, {"reason": "resolved"}])
def test_what_is_told_for_another_reason_stands_for_itself(other: dict[str, object]):
    """Another target, plan or step is another thing to know."""
    below = msgspec.structs.replace(about("north-a", 0.3), **other)
    assert {(unit, *map(len, lists)) for unit, *lists in units(about("north"), below)} == {
        ("north", 0, 0),
        ("north-a", 0, 0),
    }


def test_an_only_child_with_the_same_figures_is_the_same_entry():
    """Said once, under the name of the parent."""
    assert units(about("south"), about("lone")) == [("south", ["lone"], [])]


@pytest.mark.parametrize("child", ["other figures", "not alone", "not told of"])
def test_a_child_is_an_entry_of_its_own_or_below(child: str):
    """Other figures, or others beside it, are more to tell; without the parent there is nothing to be under."""
    match child:
        case "other figures":
            assert units(about("south"), about("lone", 0.21)) == [("south", [], ["lone"])]
        case "not alone":
            assert units(about("north"), about("north-a")) == [("north", [], ["north-a"])]
        case _:
            assert units(about("lone")) == [("lone", [], [])]


def test_only_children_of_only_children_are_one_entry():
    """And what lies below the last of them with other figures is listed under the first."""
    chain = {"a": ("*",), "b": ("a", "*"), "c": ("b", "a", "*"), "d": ("c", "b", "a", "*")}
    around = Surroundings(open=1, units=1, watched=1, above=chain, only=frozenset("bcd"))
    said = [about("d", 0.3), about("c"), about("b"), about("a")]
    assert units(*said, around=around) == [("a", ["b", "c"], ["d"])]


def test_paths_at_odds_hide_nothing():
    """Two units that each claim to lie below the other are both told of."""
    odd = Surroundings(open=1, units=1, watched=1, above={"a": ("b", "*"), "b": ("a", "*")})
    assert {unit for unit, _, _ in units(about("a"), about("b"), around=odd)} == {"a", "b"}


def test_what_is_told_twice_is_there_once():
    """A plan may name one mailbox under two names."""
    assert units(about("x"), about("x")) == [("x", [], [])]
    assert len(found(about("x"), about("x", measured=CALM, reason="resolved"))) == 2
