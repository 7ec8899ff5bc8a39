"""The unit tree as it is on a day."""

from datetime import date
from itertools import permutations
from time import process_time

import pytest

from services.metrics.domain.sums.tree import MOST_LEVELS, Tree, tree
from tests import builders as make
from tests.unit.metrics.folding import asked, fold, fold_batches


def on(day: str, *events: make.Event) -> Tree:
    """The tree on a day, from definitions that arrive one by one."""
    folded = fold_batches([e] for e in events)
    return tree(folded.memory.definitions, date.fromisoformat(day).toordinal())


def defined(unit: str, parent: str | None = None, day: str = "2020-01-01", **more: object) -> make.Event:
    """A unit placed under another."""
    return make.unit_defined(unit, day, **({"parent": parent} if parent else {}), **more)


def test_path():
    """A unit's path goes over its ancestors to everything."""
    assert on("2024-01-01", defined("u", "d"), defined("d", "k"), defined("k")).path("u") == ("u", "d", "k", "*")


def test_unit_never_defined():
    """It exists under its reference, directly below everything."""
    found = on("2024-01-01")
    assert (found.path("u"), found.name("u")) == (("u", "*"), "u")


def test_parent_never_defined():
    """It exists as well, under its reference, and is counted until somebody defines it."""
    found = on("2024-01-01", defined("u", "d"))
    assert (found.path("u"), found.contradictions) == (("u", "d", "*"), {"unit_parent_undefined": 1})
    assert on("2024-01-01", defined("u", "d"), defined("d")).contradictions == {}


def test_move():
    """A later definition moves the unit from its day on; before that day the old tree holds."""
    events = defined("u", "d1"), defined("u", "d2", "2024-07-01", name="New")
    assert on("2024-06-30", *events).path("u") == ("u", "d1", "*")
    assert on("2024-07-01", *events).path("u") == ("u", "d2", "*")
    assert (on("2024-06-30", *events).name("u"), on("2024-07-01", *events).name("u")) == ("U", "New")


def test_move_to_the_top():
    """A definition without a parent takes the unit out of where it was."""
    assert on("2024-07-01", defined("u", "d1"), defined("u", day="2024-07-01")).path("u") == ("u", "*")


def test_two_definitions_of_one_day():
    """The last recorded holds; that the unit was given two parents is counted."""
    first, second = (defined("u", parent, time=f"2020-01-0{n}T08:00:00Z") for n, parent in ((1, "d1"), (2, "d2")))
    for events in permutations((first, second)):
        found = on("2024-01-01", *events, defined("d1"), defined("d2"))
        assert (found.path("u"), found.contradictions) == (("u", "d2", "*"), {"unit_two_parents": 1})


def test_corrected_definition():
    """A correction replaces what it corrects."""
    wrong = defined("u", "d1")
    for events in permutations((wrong, make.corrected(wrong, parent="d2"))):
        found = on("2024-01-01", *events, defined("d2"))
        assert (found.path("u"), found.contradictions) == (("u", "d2", "*"), {})


def test_own_parent():
    """A unit that names itself as parent is not defined by that, and counted."""
    found = on("2024-01-01", defined("u", "u"))
    assert (found.path("u"), found.contradictions) == (("u", "*"), {"unit_loop": 1})


def test_loop_through_others():
    """The definition that would close a loop, by its day, is ignored and counted; all paths end."""
    events = [defined("a", "b", "2020-01-01"), defined("b", "c", "2020-01-02"), defined("c", "a", "2020-01-03")]
    for order in permutations(events):
        found = on("2024-01-01", *order)
        assert (found.path("a"), found.contradictions["unit_loop"]) == (("a", "b", "c", "*"), 1)


def test_loop_only_for_a_while():
    """What would have closed a loop then is no loop once the other unit has moved away."""
    events = (
        defined("a", "b"),
        defined("b", day="2024-01-01"),
        defined("b", "a", "2024-02-01"),
        defined("a", day="2024-03-01"),
    )
    assert on("2024-02-01", *events).contradictions == {"unit_loop": 1}
    again = defined("b", "a", "2024-04-01")
    assert on("2024-04-01", *events, again).path("b") == ("b", "a", "*")


def test_numbers_follow_the_tree_of_the_day():
    """History is shown in the tree as it is on the day asked for."""
    staff = [make.employment_started(f"p{n}", "2020-01-01") for n in range(3)]
    folded = fold(*staff, defined("u1", "d1"), defined("u1", "d2", "2024-07-01"))
    before, after = (asked(folded, day) for day in ("2024-06-30", "2024-07-01"))
    assert before["d1", "*"].metrics["headcount"].value == 3
    assert ("d2", "*") not in before
    assert after["d2", "*"].metrics["headcount"].value == 3
    assert ("d1", "*") not in after


def chain(length: int) -> list[make.Event]:
    """Units one below the other, the first at the top."""
    return [defined("n0"), *(defined(f"n{n}", f"n{n - 1}") for n in range(1, length))]


def test_depth_has_a_limit():
    """A unit that would be too deep is placed under the last that is not, with all below it, and counted."""
    deep = on("2024-01-01", *chain(MOST_LEVELS + 3))
    last = deep.path(f"n{MOST_LEVELS - 1}")
    assert len(last) == MOST_LEVELS + 1
    for too_deep in range(MOST_LEVELS, MOST_LEVELS + 3):
        assert deep.path(f"n{too_deep}") == (f"n{too_deep}", *last[1:])
    assert deep.contradictions == {"unit_too_deep": 3}


def test_as_deep_as_may_be():
    """At the limit nothing is moved."""
    assert on("2024-01-01", *chain(MOST_LEVELS)).contradictions == {}


@pytest.mark.parametrize("order", [1, -1])
def test_a_long_chain_takes_no_long(order: int):
    """Thirty thousand units below one another, told of from either end, take as long as their number calls for."""
    [entry] = fold_batches([chain(2)]).memory.definitions["n1"]
    definitions = {
        f"n{n}": [entry._replace(at=n * order, raw=entry.raw.replace(b'"n0"', b'"n%d"' % (n - 1)))]
        for n in range(1, 30_000)
    }
    started = process_time()
    found = tree(definitions, date(2024, 1, 1).toordinal())
    assert process_time() - started < 10
    assert max(len(found.path(unit)) for unit in definitions) == MOST_LEVELS + 1


def closed(unit: str, successor: str | None, last_day: str = "2024-06-30", **more: object) -> make.Event:
    """A unit that is closed, and what takes its place."""
    return make.unit_closed(unit, last_day, **({"successor": successor} if successor else {}), **more)


def test_a_closed_unit_stands_under_its_successor():
    """From the day after its last, with what is below it; it keeps its name."""
    events = defined("a", "d", name="A"), defined("below", "a"), defined("b", "e"), closed("a", "b")
    for some in permutations(events):
        before, after = (on(day, *some) for day in ("2024-06-30", "2024-07-01"))
        assert (before.path("below"), before.closed) == (("below", "a", "d", "*"), set())
        assert (after.path("below"), after.closed) == (("below", "a", "b", "e", "*"), {"a"})
        assert after.name("a") == "A"


def test_a_closed_unit_without_a_successor_stays_where_it_was():
    """Nobody said where to look for it."""
    found = on("2024-07-01", defined("a", "d"), defined("d"), closed("a", None))
    assert (found.path("a"), found.closed, found.contradictions) == (("a", "d", "*"), {"a"}, {})


def test_a_unit_is_opened_again():
    """By a definition of a later day; one of the day on which it is closed comes before."""
    events = defined("a", "d"), closed("a", "b"), defined("b", "e"), defined("e"), defined("d")
    assert on("2024-09-01", *events, defined("a", "d", "2024-08-01")).path("a") == ("a", "d", "*")
    assert on("2024-09-01", *events, defined("a", "d", "2024-08-01")).closed == set()
    assert on("2024-09-01", *events, defined("a", "e", "2024-07-01")).path("a") == ("a", "b", "e", "*")


def test_a_successor_from_within():
    """A department whose only unit takes its place on the day it is placed elsewhere; else a loop, which is counted."""
    events = defined("a", "d"), defined("b", "a"), defined("d"), closed("a", "b")
    loop = on("2024-07-01", *events)
    assert (loop.path("b"), loop.closed, loop.contradictions) == (("b", "a", "d", "*"), {"a"}, {"unit_loop": 1})
    moved = on("2024-07-01", *events, defined("b", "d", "2024-07-01"))
    assert (moved.path("a"), moved.contradictions) == (("a", "b", "d", "*"), {})


def test_units_that_follow_one_another():
    """What was closed earlier stands under what was closed later."""
    found = on("2024-08-01", closed("a", "b"), closed("b", "c", "2024-07-30"))
    assert (found.path("a"), found.closed) == (("a", "b", "c", "*"), {"a", "b"})


def test_a_closing_taken_back():
    """As if it had never been told."""
    told = closed("a", "b")
    assert on("2024-07-01", defined("a", "d"), told, make.retracted(told)).path("a") == ("a", "d", "*")
