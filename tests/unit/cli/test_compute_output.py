"""Numbers as the table of ``stadga compute`` writes them."""

from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.offline.computing.log import Counts
from cli.offline.computing.output import shown
from cli.offline.computing.rows import Number
from cli.offline.computing.words import WORDS
from services.metrics.domain.sums.groups import Group
from shared.contracts.metrics import Status
from shared.language.phrase import fields
from tests import builders as make

TOLD = {"final", "provisional", "low_reliability"}
"""Of a number that is told."""


def number(value: float | None, status: Status = "final") -> Number:
    """A number without anything behind it."""
    return Number(value, None, None, None, None, status)


@pytest.mark.parametrize(
    ("metric", "value", "sv", "en"),
    [
        ("sick_rate", 0.0512, "5,1\N{NO-BREAK SPACE}%", "5.1%"),
        ("pay_median", 40_620.49, "40\N{NO-BREAK SPACE}620", "40,620"),
        ("pay_p90_p10", 1.3345, "1,33", "1.33"),
        ("caseload", 15.96, "16,0", "16.0"),
    ],
)
def test_units(metric: str, value: float, sv: str, en: str):
    """Shares are in per cent, pay in whole kronor, quotients have two decimals, all else one."""
    assert shown(metric, number(value), "sv") == sv
    assert shown(metric, number(value), "en") == en


def test_statuses():
    """What has no number says why; a number of low reliability is marked."""
    assert shown("pay_median", number(None, "suppressed"), "sv") == "dolt"
    assert shown("pay_median", number(None, "suppressed"), "en") == "hidden"
    assert shown("pay_median", number(None, "not_applicable"), "sv") == "–"
    assert shown("referral_survival", number(0.75, "low_reliability"), "en") == "~75.0%"


def test_words():
    """Every word of the table and of what is said about a log is there in both languages, with the same parts."""
    sv, en = WORDS["sv"], WORDS["en"]
    assert sv.counts.keys() == en.counts.keys() == set(Counts.__struct_fields__)
    assert sv.sides.keys() == en.sides.keys() == set(Group._fields)
    assert sv.marks.keys() == en.marks.keys() == set(get_args(Status)) - TOLD
    for mine, other in ((sv.title, en.title), (sv.more, en.more), (sv.ahead, en.ahead)):
        assert fields(mine) == fields(other)
        assert mine != other


def test_a_table_in_both(tmp_path: Path):
    """Its title, its headings and the sums below it; kinds of anomalies are the contract's."""
    file = tmp_path / "log.jsonl"
    file.write_bytes(make.lines([make.employment_started("o", "2024-02-01"), make.unit_defined("u1", parent="u2")]))
    asked = ["compute", str(file), "--as-of", "2024-03-31", "--metrics", "headcount"]
    sv = CliRunner().invoke(app, asked).stdout
    en = CliRunner().invoke(app, [*asked, "--language", "en"]).stdout
    kind = "unit_parent_undefined 1"
    for said in ("mätperiod 365 dagar", "enhet", "yrke", "tillsvidareanställda", "lästa 2", f"avvikelser: {kind}"):
        assert said in sv, said
    for said in ("window 365 days", "unit", "occupation", "permanent staff", "read 2", f"anomalies: {kind}"):
        assert said in en, said
