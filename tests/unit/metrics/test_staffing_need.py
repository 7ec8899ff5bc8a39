"""How many case holders are missing at the norm."""

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import ONE
from services.metrics.domain.sums.tree import Trees
from services.metrics.domain.values.book import Book
from tests import builders as make
from tests.unit.metrics.folding import asked, fold

ON = "2024-12-31"


def worker(points: float | None, fte: float = 1) -> list[make.Event]:
    """A case holder with so many case points, or without a report of any."""
    reported = {} if points is None else {"points": points}
    return [
        make.employment_started("p", "2024-01-01", fte=fte, case_holder=True),
        make.caseload_reported("p", "2024-06-01", 10, **reported),
    ]


@pytest.mark.parametrize(("points", "fte", "need"), [(300, 1, 1), (150, 1, 0), (75, 1, -0.5), (180, 0.75, 0.45)])
def test_need(points: float, fte: float, need: float):
    """The points at the norm of 150, less the case holders there are; below zero they could carry more."""
    found = asked(fold(*worker(points, fte)), ON)["u1", "*"].metrics["staffing_need_fte"]
    assert found.value == pytest.approx(need)
    assert (found.numerator, found.denominator) == (pytest.approx(points - 150 * fte), 150)


def test_without_points():
    """Where no points are reported nothing is known of the need: not that everyone is too many."""
    assert asked(fold(*worker(None)), ON)["u1", "*"].metrics["staffing_need_fte"].status == "not_applicable"


def test_by_another_norm(tmp_path: Path):
    """``stadga compute --norm`` says what a normal load is."""
    file = tmp_path / "log.jsonl"
    file.write_bytes(make.lines(worker(300)))
    arguments = ["compute", str(file), "--as-of", ON, "--metrics", "staffing_need_fte", "--format", "csv"]
    said = CliRunner().invoke(app, [*arguments, "--norm", "100"]).stdout
    assert f"{ON},u1,*,staffing_need_fte,2.0,200.0,100.0," in said


def test_published_by_another_norm():
    """What is published follows the norm of the service."""
    today = date.fromisoformat(ON).toordinal()
    book = Book(Trees({}), today, 365, 100)
    book.know([(1, Cell("u1", "o"))])
    book.add([(1, Measure.case_points, today, 300 * ONE), (1, Measure.case_holder_fte, today, ONE)])
    values = [p.metrics["staffing_need_fte"].value for day in book.changed() for p in day if p.as_of == today]
    assert set(values) == {2}
