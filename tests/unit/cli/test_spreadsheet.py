"""CSV that is opened in a spreadsheet."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cli.spreadsheet import written
from tests.unit.cli.hostile import FORMULAS, UNSEEN

BEGINS = tuple("=+-@＝＋－＠\t\r")


def cells(text: str, delimiter: str) -> list[str]:
    """Every cell as a spreadsheet with that separator takes it."""
    return [cell for row in csv.reader(io.StringIO(text), delimiter=delimiter) for cell in row]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@given(name=st.text(st.characters(exclude_categories=["Cs"])) | st.text("=+-@;,|\t\" x'\r\n＝"))
@example(name=FORMULAS[0])
@example(name=FORMULAS[8])
@example(name=FORMULAS[9])
def test_nothing_is_a_formula(delimiter: str, name: str):
    """Whatever a name says, no cell begins as a formula does, whichever separator the spreadsheet is set to."""
    assert not [
        cell for cell in cells(written([["2025-01-01", name, name]]), delimiter) if cell.lstrip(' "').startswith(BEGINS)
    ]


@pytest.mark.parametrize("name", FORMULAS[:5])
def test_a_formula_is_quoted(name: str):
    """What would be a formula stays readable behind a quotation mark or an escape."""
    assert cells(written([[name]]), ",")[0].lstrip("'\\tr") == name.lstrip("\t\r")


@pytest.mark.parametrize("name", UNSEEN)
def test_one_line_a_row(name: str):
    """What cannot be seen is escaped, so that a row stays on its line."""
    assert written([[name]]).count("\n") == 1


def test_numbers_stay_numbers():
    """Negative ones too; what is absent stays empty, and other text stays as it is."""
    assert written([[-1, -0.25, 1e-07, None, "Barn och unga", "a;b"]]) == "-1,-0.25,1e-07,,Barn och unga,a;b\n"
