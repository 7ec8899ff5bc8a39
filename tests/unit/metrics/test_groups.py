"""Groups: what can be asked for, and which of it a question gets."""

from datetime import date

import numpy as np

from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.sums.groups import DIMENSIONS, Group, Roster, groups_of
from services.metrics.domain.sums.linked_tables import LinkedTables
from services.metrics.domain.sums.tree import Tree
from tests import builders as make
from tests.unit.metrics.folding import fold, rows_by

AT = Cell("u", "nurse", "f", "30-49")
TREE = Tree({"u": "d"}, {}, 0)
ON = "2024-12-31"
PEOPLE = [make.employment_started(f"p{n}", "2022-01-01", gender="fm"[n % 2], born=1960 + n) for n in range(30)]


def test_dimensions_are_those_of_cells():
    """Everything a cell knows of people can be asked for."""
    assert Cell._fields == ("unit", *DIMENSIONS)


def test_a_unit_is_by_one_dimension_and_everything_by_two():
    """A cell counts in its units as a whole and by each dimension, and in the municipality by any two."""
    sides = {"occupation": "nurse"}, {"gender": "f"}, {"age": "30-49"}
    single = {Group(unit, **side) for unit in ("u", "d", "*") for side in ({}, *sides)}
    double = {Group("*", "nurse", "f"), Group("*", "nurse", age="30-49"), Group("*", gender="f", age="30-49")}
    assert set(groups_of(AT, TREE)) == single | double


def test_a_roster_holds_what_is_wanted():
    """Units alone; by a dimension; by two, and then by each of them too."""
    wanted = {(): 3, ("gender",): 6, ("gender", "age"): 10, DIMENSIONS: 15}
    for by, count in wanted.items():
        roster = Roster(TREE, by)
        roster.cell(AT)
        assert len(roster.groups) == count


def test_rows_without_a_breakdown():
    """Rows are told apart by unit alone, and know nothing of gender and age."""
    assert set(rows_by(fold(*PEOPLE), ON)) == {("u1", "*", None, None), ("*", "*", None, None)}


def test_rows_by_age():
    """A row for each band of each unit, and for all bands."""
    rows = rows_by(fold(*PEOPLE), ON, "age")
    assert set(rows) == {(u, "*", None, band) for u in ("u1", "*") for band in ("*", "30-49", "50-")}
    assert rows["u1", "*", None, "50-"].metrics["headcount"].value == len(
        [n for n in range(30) if date.fromisoformat(ON).year - 1960 - n >= 50]
    )


def test_rows_by_two():
    """The municipality by both at once; a unit by each alone."""
    rows = rows_by(fold(*PEOPLE), ON, "occupation", "gender")
    assert ("*", "socialsekreterare", "f", None) in rows
    assert ("u1", "socialsekreterare", "f", None) not in rows
    assert ("u1", "socialsekreterare", "*", None) in rows
    assert ("u1", "*", "f", None) in rows


def test_tables_tell_what_can_be_asked_for():
    """The same groups; not those who work in a unit and in none below it."""
    cells, placed = [Cell("d", "o"), Cell("u", "p", "f")], Tree({"u": "d"}, {}, {})
    tables = LinkedTables(cells, placed)
    assert {*tables.named(np.flatnonzero(tables.askable))} == {g for cell in cells for g in groups_of(cell, placed)}
