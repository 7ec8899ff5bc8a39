"""What only a whole column shows: shares among per cents, months before days, too few persons."""

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cli.commands.import_ import MAPPINGS
from cli.connect.importing.employment_rows import lines
from cli.connect.importing.understood import Understood
from cli.connect.publishing.hindrance import HindranceError

HEADER = "Anställningsnr;Personnr;Org.enhet;Befattning;Anställningsform;Sysselsättningsgrad;Från;Till"
AS_OF = datetime(2024, 10, 1)  # noqa: DTZ001 -- the file's own clock


def imported(folder: Path, *rows: tuple[str, str, str]) -> tuple[list[dict[str, Any]], Understood]:
    """The starts of employments with those persons, degrees and first days; and the report."""
    file, report = folder / "staff.csv", Understood([])
    texts = [f"{n};{who};Hemtjänst;Biståndshandläggare;TV;{grade};{day};" for n, (who, grade, day) in enumerate(rows)]
    file.write_text("\n".join([HEADER, *texts, ""]), "utf-8")
    made = lines(file, None, MAPPINGS / "anstallningar.yaml", AS_OF, report)
    events = [msgspec.json.decode(line.body) for line in made]
    return [e["data"] for e in events if e["type"] == "hr.employment.started.v1"], report


def of_grades(folder: Path, *grades: str) -> tuple[list[float], list[tuple[str, str]], list[str]]:
    """The degrees that are read, the cells at fault, and what the column shows."""
    made, report = imported(folder, *((f"q{n}", grade, "2023-02-01") for n, grade in enumerate(grades)))
    faults = [(b.kind, b.cell) for b in report.broken]
    assert all(f.row == 2 + next(n for n, g in enumerate(grades) if is_share(g)) for f in report.findings)
    return [data.get("fte", 1) for data in made], faults, [f.kind for f in report.findings]


def is_share(grade: str) -> bool:
    """Whether a degree is written as a part of one."""
    return 0 < float(grade.replace(",", ".").rstrip(" %")) <= 1


@pytest.mark.parametrize(
    ("grades", "read", "faults", "shows"),
    [
        (("1", "0,4", "0.85"), [1, 0.4, 0.85], [], ["shares"]),
        (("1,00", "0", "0,5"), [1, 0, 0.5], [], ["shares"]),
        (("100", "40", "85"), [1, 0.4, 0.85], [], []),
        (("100", "0", "85 %"), [1, 0, 0.85], [], []),
        (("100", "0,5", "85"), [1, 0.85], [("mixed_degrees", "0,5")], ["mixed_degrees"]),
        (("100", "1", "85"), [1, 0.85], [("mixed_degrees", "1")], ["mixed_degrees"]),
        (("0", "0"), [0, 0], [], []),
    ],
)
def test_degrees_are_shares_or_per_cents(
    tmp_path: Path, grades: tuple[str, ...], read: list[float], faults: list[tuple[str, str]], shows: list[str]
):
    """All of a column; a share among per cents can be either, so it is at fault."""
    assert of_grades(tmp_path, *grades) == (read, faults, shows)


def of_days(folder: Path, *days: str) -> tuple[list[str], list[str], list[tuple[str, int, int]]]:
    """The first days that are read, the cells at fault, and what the column shows, first in which row."""
    made, report = imported(folder, *((f"q{n}", "100", day) for n, day in enumerate(days)))
    found = [(f.kind, f.cells, f.row) for f in report.findings]
    return [data["effective"] for data in made], [b.cell for b in report.broken], found


def test_days_in_two_forms_are_remarked_on(tmp_path: Path):
    """Each can be only one day, so all are used."""
    read, faults, found = of_days(tmp_path, "2023-02-01", "2023-02-02", "03.02.2023")
    assert (read, faults) == (["2023-02-01", "2023-02-02", "2023-02-03"], [])
    assert found == [("forms_of_days", 1, 4)]


def test_days_that_begin_with_the_month(tmp_path: Path):
    """One shows that the others, which could be either, are not what they look like."""
    read, faults, found = of_days(tmp_path, "2023-02-01", "02/03/2023", "02/25/2023")
    assert (read, faults) == (["2023-02-01"], ["02/03/2023", "02/25/2023"])
    assert found == [("month_first", 2, 3)]


def test_persons_that_cannot_be_persons(tmp_path: Path):
    """Nobody has twenty employments on average; a few have several."""
    with pytest.raises(HindranceError, match="20 employments of 2 persons"):
        imported(tmp_path, *((f"q{n % 2}", "100", "2023-02-01") for n in range(20)))
    made, _ = imported(tmp_path, *((f"q{n % 10}", "50", "2023-02-01") for n in range(20)))
    assert len(made) == 20


def test_a_zero_in_front_that_is_lost(tmp_path: Path):
    """In a column of personal identity numbers it is told; other references of nine digits stay."""
    numbers = ["9001012385", "9001022384", "9001032383", "9001042382"]
    made, report = imported(tmp_path, *((who, "100", "2023-02-01") for who in [*numbers, "403122385", "q5"]))
    assert (len(made), [(b.kind, b.column, b.cell) for b in report.broken]) == (
        5,
        [("zero_lost", "Personnr", "403122385")],
    )
    assert [(f.kind, f.cells, f.row) for f in report.findings] == [("odd_numbers", 2, 6)]
    made, report = imported(tmp_path, *((who, "100", "2023-02-01") for who in ["403122385", "123456789"]))
    assert (len(made), report.broken, report.findings) == (2, [], [])
