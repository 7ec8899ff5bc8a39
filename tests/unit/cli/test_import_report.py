"""The report of an import: the same in both languages, short, and as the documentation shows it."""

import shutil
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from typer.testing import CliRunner

from cli.connect.importing.told import report_lines
from cli.connect.importing.understood import Broken, Understood
from cli.connect.importing.words import EN, SV
from cli.connect.publishing.columns import Finding
from cli.connect.publishing.line import Kind
from cli.main import app
from shared.language.phrase import fields

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
