"""The report of an import: the same in both languages, short, and as the documentation shows it."""

import shutil
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from typer.testing import CliRunner

from cli.connect.importing.told import report_lines
from cli.connect.importing.understood import Broken, Understood
from cli.connect.importing.words import EN, SV, Words
from cli.connect.publishing.columns import Finding
from cli.connect.publishing.line import Kind
from cli.main import app
from shared.language.phrase import fields
from tests.unit.cli.paxml import paxml, transaction, written

ROOT = Path(__file__).parents[3]
FINDINGS = get_args(next(f.type for f in msgspec.structs.fields(Finding) if f.name == "kind"))


def test_all_is_said_in_both_languages():
    """Every kind of fault and finding has words, and patterns of a pair need the same texts."""
    assert SV.kinds.keys() == EN.kinds.keys() == set(get_args(Kind)) - {""}
    assert set(FINDINGS) <= SV.remarks.keys()
    for sv, en in zip(SV, EN, strict=True):
        pairs = [(sv, en)] if isinstance(sv, str) else [(sv[key], en[key]) for key in sv.keys() | en.keys()]
        for one, other in pairs:
            assert fields(one) == fields(other), (one, other)


FIELDS = {
    *{"subject", "effective", "last_day", "unit", "occupation", "form", "fte", "manager", "monthly_pay", "gender"},
    *{"variable_pay", "category"},
    *{"born", "employment", "reason", "absence", "worked_hours", "overtime_hours"},
}
"""What stands in a file and in the events that an import makes."""


@pytest.mark.parametrize("words", [SV, EN])
def test_every_field_that_a_file_fills_says_what_it_should_be(words: Words):
    """So no sentence in the language of the code is left over."""
    assert words.fields.keys() >= FIELDS


def test_the_report_that_the_documentation_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Of the example beside it."""
    shutil.copy(ROOT / "docs/examples/anstallningar.csv", tmp_path)
    monkeypatch.chdir(tmp_path)
    when = ("--as-of", "2024-12-01", "--known-from", "2024-12-01", "--output", "anst.jsonl")
    result = CliRunner().invoke(app, ["import", "employments", "anstallningar.csv", *when])
    assert result.stderr in (ROOT / "docs/import.md").read_text("utf-8")


def test_what_is_wrong_with_many_rows_is_said_once():
    """With the first of them, and how many more."""
    broken = [Broken("f.csv", n, "$", "invalid_value", "", "digits_lost", "Personnr", "1E+11") for n in range(2, 9)]
    report = Understood(["f.csv"], is_table=True, records=7, broken=broken, faults=1007)
    said = list(report_lines(report, 100, "en"))
    assert len([line for line in said if "power of ten" in line]) == 1
    assert "    " + ", ".join(f"row {n} “1E+11”" for n in range(2, 7)) + ", and 2 more" in said
    assert "  1,000 more rows cannot be used." in said


def told(folder: Path, *rows: str) -> str:
    """What the import of a file says of it, in English."""
    file = folder / "a.csv"
    header = "Anställningsnr;Personnr;Org.enhet;Befattning;Anställningsform;Sysselsättningsgrad;Från;Till"
    file.write_text("\n".join([header, *rows, ""]), "utf-8")
    asked = ("--as-of", "2024-04-01", "--language", "en", "--check")
    return CliRunner().invoke(app, ["import", "employments", str(file), *asked]).stderr


def with_terms(folder: Path, *rows: str) -> str:
    """What the import of a file with ``Gäller från`` says, in English."""
    file = folder / "a.csv"
    header = "Anställningsnr;Personnr;Org.enhet;Befattning;Anställningsform;Sysselsättningsgrad;Från;Gäller från"
    file.write_text("\n".join([header, *rows, ""]), "utf-8")
    asked = ("--as-of", "2024-04-01", "--language", "en", "--check")
    return CliRunner().invoke(app, ["import", "employments", str(file), *asked]).stderr


def test_terms_from_before_the_beginning_are_remarked_on(tmp_path: Path):
    """They are read as from the beginning, so they do no harm; the days may be wrong all the same."""
    rows = "1;p1;Stöd;Kurator;TV;100;2020-01-01;2020-01-01", "2;p2;Stöd;Kurator;TV;100;2020-02-01;2020-01-31"
    assert "On 1 row terms hold since before the employment begins, first on row 3." in with_terms(tmp_path, *rows)
    assert "before the employment" not in with_terms(tmp_path, rows[0])


@pytest.mark.parametrize("person", ["@SUM(A1)", "+SUM(A1;B2)", "-SUMMA(A1)", "=A1"])
def test_a_formula_names_nobody(tmp_path: Path, person: str):
    """Whatever it begins with; what only looks a little like one does."""
    said = told(tmp_path, f'1;"{person}";Stöd;Kurator;TV;100;2020-01-01;')
    assert f"Column Personnr: this is a formula or its error. Save the file with values.\n    row 2 “{person}”" in said
    assert "1 row: 1 used" in told(tmp_path, "1;+46-70 (a);Stöd;Kurator;TV;100;2020-01-01;")


@pytest.mark.parametrize("column", ["unit", "occupation"])
def test_a_star_is_no_name(tmp_path: Path, column: str):
    """And why is said."""
    unit, occupation = ("*", "Kurator") if column == "unit" else ("Stöd", "*")
    said = told(tmp_path, f"1;p1;{unit};{occupation};TV;100;2020-01-01;")
    assert "An * means all" in said
    assert "row 2 “*”" in said


def test_a_row_at_fault_is_counted_once(tmp_path: Path):
    """Whatever is wrong with it, and however many events it would have made."""
    said = told(tmp_path, "1;p1;Stöd;Kurator;TV;100;2020-01-01;", "2;;Stöd;Kurator;TV;hel;2020-01-01;")
    assert "2 rows: 1 used, 0 passed over, 1 cannot be used." in said
    assert said.count("row 3 “”") == 1
    assert "more" not in said


def test_an_end_before_the_beginning_is_told_with_its_cell(tmp_path: Path):
    """As every other fault of a cell."""
    said = told(tmp_path, "1;p1;Stöd;Kurator;TV;100;2020-01-01;2019-12-31")
    assert "Column Till: the end lies before the beginning." in said
    assert "row 2 “2019-12-31”" in said


def test_per_cents_in_a_column_of_shares(tmp_path: Path):
    """It should be a share there, and 100 is none."""
    rows = (f"{n};p{n};Stöd;Kurator;TV;{degree};2020-01-01;" for n, degree in enumerate(["0,5", "0,75", "100"]))
    assert "It should be a part of full time, 0–1, such as 0.75.\n    row 4 “100”" in told(tmp_path, *rows)


def test_a_cell_of_a_megabyte(tmp_path: Path):
    """Is said in words of the report, and spoils no other row."""
    said = told(tmp_path, f"1;p1;{'x' * 1_000_000};Kurator;TV;100;2020-01-01;", "2;p2;Stöd;Kurator;TV;100;2020-01-01;")
    assert "the row is far too long.\n    row 2" in said
    assert "2 rows: 1 used" in said


def test_faults_of_paxml_are_told_in_the_language_of_the_report(tmp_path: Path):
    """With the field and what stands there; what is about the whole record says so."""
    good = transaction("ARB", "2024-02-05", timmar=8)
    bad = (
        transaction("ARB", "2024-02-35", timmar=8),
        transaction("ARB", "2024-02-06", timmar="åtta"),
        transaction("ARB", "2024-02-07", timmar=-8),
        transaction("ARB", "2024-02-08"),
        good.replace("</timmar>", ""),
    )
    file = written(tmp_path / "a.xml", paxml([good, *bad]))
    said = CliRunner().invoke(app, ["import", "paxml", str(file), "--check"]).stderr
    for line in (
        "Fältet datum: det är inget datum. Det ska vara ett datum som 2024-01-31.\n    rad 6 ”2024-02-35”",
        "till exempel 7,5.\n    rad 7 ”åtta”",
        "  här tas fler timmar tillbaka än filerna säger. Ge filen som säger dem med --previous.\n    rad 8",
        "Fältet timmar: något saknas. Det ska vara antal timmar, högst 24 om dagen, till exempel 7,5.\n    rad 9",
        "  posten är ingen hel XML.\n    rad 10",
    ):
        assert line in said
