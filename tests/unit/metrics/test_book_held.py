"""What is held back is published later, and comes to the same as what never was; the rest does not wait."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from services.metrics.domain.values.book import Book
from tests.unit.metrics.folding import Standing
from tests.unit.metrics.test_book import CELLS, ROWS, TREE, Row, Values, added, open_to_all

FIRST = date(2024, 12, 2).toordinal()
UNITS = sorted({cell.unit for cell in CELLS})


def book() -> Book:
    """An empty book, early in a month."""
    return Book(Standing(TREE), FIRST, 365)


def given_out(of: Book, held: frozenset[str]) -> Values:
    """What changed of those that are not held."""
    return {(p.group, p.as_of, m): value for some in of.changed(held) for p in some for m, value in p.metrics.items()}


def on(of: Book, values: Values) -> Values:
    """Those of the days that are published still."""
    return {place: value for place, value in values.items() if place[1] in of.days}


@given(st.lists(st.tuples(ROWS, st.frozensets(st.sampled_from([*UNITS, "*"]))), max_size=4), ROWS, st.booleans())
@settings(deadline=None, max_examples=30)
def test_held_units_wait_and_others_do_not(
    batches: list[tuple[list[Row], frozenset[str]]], last: list[Row], turns: bool
):
    """After each addition nothing of a held unit is given out, and all of the others; at last everything is."""
    kept, free, published, wanted = book(), book(), Values(), Values()
    for rows, held in batches:
        found = given_out(added(kept, rows), held)
        assert not [group for group, _, _ in found if group.unit in held]
        published |= found
        wanted |= given_out(added(free, rows), frozenset())
        shown = {place: value for place, value in on(kept, wanted).items() if place[0].unit not in held}
        assert {place: published.get(place) for place in shown} == shown
        if turns:
            for one in (kept, free):
                day = one.today + 1
                one.turn(day, one.ahead(day))
    published |= given_out(added(kept, last), frozenset())
    wanted |= given_out(added(free, last), frozenset())
    assert open_to_all(on(kept, published)) == open_to_all(on(kept, wanted))
    assert open_to_all(given_out(kept, frozenset())) == {}
