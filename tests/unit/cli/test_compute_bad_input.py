"""``stadga compute`` on a log with everything wrong that sources get wrong: each with a reason, the rest counts."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from cli.main import app
from tests import builders as make

HIRED = make.employment_started("anna", "2024-01-01", monthly_pay=35_000)
PULSE = {"effective": "2024-02-01", "index": "hme", "invited": 9, "answers": 10, "score_sum": 500, "negative": 0}
LOG = [
    HIRED,
    make.event("hr.pulse.reported.v1", "unit/u1", PULSE),
    make.employment_changed("anna", "2024-02-01", monthly_pay=12),
    make.time_reported("anna", "2024-02-02", "2024-02-01", 8),
    make.time_reported("anna", "2024-02-01", "2024-02-01", 25),
    make.time_reported("anna", "2024-02-05", "2024-02-11", 40),
    make.time_reported("anna", "2024-02-08", "2024-02-14", 10),
    make.unit_defined("u1", parent="nowhere"),
    make.unit_defined("a", parent="b"),
    make.unit_defined("b", "2020-01-02", parent="a"),
    make.unit_defined("c", parent="a"),
    make.unit_defined("c", parent="b"),
]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """What is printed of the log, and what is said about it, in Swedish and in English."""
    file = tmp_path_factory.mktemp("log") / "log.jsonl"
    file.write_bytes(make.lines(LOG))
    asked = ["--as-of", "2024-03-31", "--measures", "--min-group", "0", "--format", "json"]
    sv, en = (CliRunner().invoke(app, ["compute", str(file), *asked, "--language", one]) for one in ("sv", "en"))
    assert (sv.exit_code, en.exit_code, sv.stdout) == (0, 0, en.stdout)
    return msgspec.json.decode(sv.stdout), sv.stderr + en.stderr


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (2, "invalid_value at $.data.answers: answers: more than invited\n"),
        (3, "invalid_value at $.data.monthly_pay: monthly_pay: not within 5,000–1,000,000 "),
        (4, "ends_before_start at $.data.to: it ends before it starts\n"),
        (2, "invalid_value i $.data.answers: värdet är inget som får stå här\n"),
        (4, "ends_before_start i $.data.to: slutet ligger före början\n"),
    ],
)
def test_what_cannot_be_is_refused(outcome: tuple[dict[str, Any], str], line: int, reason: str):
    """With its line, the field and a sentence."""
    assert f"log.jsonl:{line}: {reason}" in outcome[1]


def test_what_contradicts_is_counted_by_kind(outcome: tuple[dict[str, Any], str]):
    """Hours that a day has not, a loop, two parents, a parent that nobody defines."""
    assert outcome[0]["anomalies"] == {
        "hours_above_24_a_day": 1,
        "unit_loop": 1,
        "unit_two_parents": 1,
        "unit_parent_undefined": 1,
    }
    assert outcome[0]["events"]["anomalies"] == 4


def test_the_rest_counts(outcome: tuple[dict[str, Any], str]):
    """The employment, and all hours as they stand, also where reports overlap."""
    (everything,) = (row["measures"] for row in outcome[0]["rows"] if row["unit"] == "*")
    assert everything["headcount"]["level"] == 1
    assert everything["worked_hours"]["flow"] == pytest.approx(75, abs=1e-4)


@pytest.mark.parametrize("window", ["0", "12x", "-1", "100001"])
def test_a_window_that_is_none(tmp_path: Path, window: str):
    """One line says what a window is; nothing is computed."""
    file = tmp_path / "log.jsonl"
    file.write_bytes(make.lines([make.employment_started("p", "2024-01-01")]))
    result = CliRunner().invoke(app, ["compute", str(file), "--as-of", "2024-12-31", f"--window={window}"])
    assert result.exit_code == 2
    assert "12m" in result.output


def test_twelve_months(tmp_path: Path):
    """The report says how many days they are."""
    file = tmp_path / "log.jsonl"
    file.write_bytes(make.lines([make.employment_started("p", "2024-01-01")]))
    result = CliRunner().invoke(
        app, ["compute", str(file), "--as-of", "2024-12-31", "--window", "12m", "--format", "json"]
    )
    assert msgspec.json.decode(result.stdout)["window_days"] == 366
