"""A file is a statement about a register: histories, who is not in it any more, who has another number."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import Result
from typer.testing import CliRunner

from cli.main import app
from services.metrics.domain.facts.measures import Measure
from shared.contracts import envelope
from tests.unit.ingest.deciding import accepted
from tests.unit.metrics.folding import Folded, changes, fold

RUN = CliRunner()
HEADER = "Anställningsnr;Personnr;Org.enhet;Befattning;Anställningsform;Sysselsättningsgrad;Från;Gäller från;Till"
COORDINATION, PERSONAL = "19900161-2382", "19900101-2385"


def row(number: str, who: str, grade: int = 100, since: str = "", till: str = "", first: str = "2020-02-01") -> str:
    """An employment, or a part of its history."""
    return f"{number};{who};Stöd;Kurator;Tillsvidare;{grade};{first};{since};{till}"


def written(folder: Path, name: str, *rows: str) -> Path:
    """A file of those rows."""
    file = folder / name
    file.write_text("\n".join([HEADER, *rows, ""]), "utf-8")
    return file


def run(file: Path, as_of: str, *options: object) -> Result:
    """The command, in English; its events go to a file beside the CSV."""
    output = file.with_suffix(".jsonl")
    asked = [file, "--as-of", as_of, "--language", "en", "--output", output, *options]
    return RUN.invoke(app, ["import", "employments", *map(str, asked)])


def events(*files: Path) -> list[dict[str, Any]]:
    """What imports of files wrote."""
    return [msgspec.json.decode(x) for f in files for x in f.with_suffix(".jsonl").read_bytes().splitlines()]


def folded(*files: Path) -> Folded:
    """What the metrics service makes of what ingest publishes of them, with nothing that contradicts."""
    found = fold(*(msgspec.json.decode(envelope.encode(accepted(event))) for event in events(*files)))
    assert found.anomalies == {}
    return found


def test_rows_of_one_employment_are_its_history(tmp_path: Path):
    """In whatever order they stand: it begins as the first says, and ends as the last does."""
    rows = row("8", "q8", 60, "2022-01-01"), row("8", "q8", 80, "2024-01-01", "2024-06-30"), row("8", "q8", 100)
    file = written(tmp_path, "a.csv", *rows, row("9", "q9"))
    assert run(file, "2024-03-01").exit_code == 0
    assert changes(fold(*[e for e in events(file) if e["subject"] == "person/q8"]), Measure.fte) == {
        "2020-02-01": pytest.approx(1),
        "2022-01-01": pytest.approx(-0.4),
        "2024-01-01": pytest.approx(0.2),
        "2024-07-01": pytest.approx(-0.8),
    }


def test_the_same_row_again_is_passed_over(tmp_path: Path):
    """Another row of the same day is at fault, wherever it stands."""
    file = written(tmp_path, "a.csv", row("8", "q8"), row("9", "q9"), row("8", "q8"), row("9", "q9", 50))
    result = run(file, "2024-03-01")
    assert (result.exit_code, "4 rows: 2 used, 1 passed over, 1 cannot be used" in result.stderr) == (1, True)
    assert "an earlier row says something else of the same employment" in result.stderr
    assert changes(folded(file), Measure.fte) == {"2020-02-01": 2}


def test_two_files_put_together(tmp_path: Path):
    """The header between them is no row."""
    file = written(tmp_path, "a.csv", row("8", "q8"), HEADER, row("8", "q8"), row("9", "q9"))
    assert run(file, "2024-03-01").exit_code == 0
    assert changes(folded(file), Measure.headcount) == {"2020-02-01": 2}


def test_who_is_missing_is_counted(tmp_path: Path):
    """And stays; who had left before is not missing."""
    march = written(tmp_path, "march.csv", row("7", "q7"), row("8", "q8"), row("9", "q9", till="2024-01-31"))
    april = written(tmp_path, "april.csv", row("7", "q7"))
    run(march, "2024-03-01")
    result = run(april, "2024-04-01", "--previous", march)
    assert "Of the previous file 1 employment is not in this one. They stay employed." in result.stderr
    assert (result.exit_code, events(april)) == (0, [])


def test_who_is_missing_in_a_complete_file_has_left(tmp_path: Path):
    """The day before the file's; one that was still to begin never did; a row at fault is still there."""
    march = written(
        tmp_path, "march.csv", row("6", "q6"), row("7", "q7"), row("8", "q8", 50), row("9", "q9", first="2024-06-01")
    )
    april = written(tmp_path, "april.csv", row("7", "q7"), row("6", "q6").replace("Kurator", ""))
    run(march, "2024-03-01")
    result = run(april, "2024-04-01", "--previous", march, "--complete")
    assert "Of the previous file 1 employment is not in this one. They end on 2024-03-31 now" in result.stderr
    assert "1 employment is missing that had not begun yet." in result.stderr
    assert changes(folded(march, april), Measure.fte) == {"2020-02-01": 2.5, "2024-04-01": -0.5}
    (end,) = (e for e in events(april) if e["type"] == "hr.employment.ended.v1")
    assert end["data"] == {"employment": "8", "last_day": "2024-03-31", "reason": "other"}


def test_who_comes_back_in_a_later_file(tmp_path: Path):
    """The end is taken back."""
    march = written(tmp_path, "march.csv", row("7", "q7"), row("8", "q8"))
    april, may = (
        written(tmp_path, "april.csv", row("7", "q7")),
        written(tmp_path, "may.csv", row("7", "q7"), row("8", "q8")),
    )
    run(march, "2024-03-01")
    run(april, "2024-04-01", "--previous", march, "--complete")
    run(may, "2024-05-01", "--previous", april, "--complete")
    assert changes(folded(march, april, may), Measure.headcount) == {"2020-02-01": 2}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (row("7", "q7") + "\n" + row("8", "q8") + ";x\n" + '9;q9;"Stöd\n', "1 row cannot be read, so nobody knows"),
        (row("7", "q7") + "\n8;q8;Stöd;Kur", "it ends in the middle of a row"),
        ("", "it has no rows"),
    ],
)
def test_a_file_that_may_lack_somebody_is_not_complete(tmp_path: Path, rows: str, said: str):
    """Then nobody has left: nothing is written."""
    march, april = written(tmp_path, "march.csv", row("7", "q7")), tmp_path / "april.csv"
    april.write_text(f"{HEADER}\n{rows}", "utf-8")
    result = run(april, "2024-04-01", "--previous", march, "--complete")
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr
    assert not april.with_suffix(".jsonl").exists()


@pytest.mark.parametrize(("stay", "code"), [(9, 2), (10, 0)])
def test_a_file_that_half_of_all_are_missing_in_is_of_another_register(tmp_path: Path, stay: int, code: int):
    """Nobody is ended by the wrong file: so many do not leave at once."""
    march = written(tmp_path, "march.csv", *(row(f"e{n}", f"q{n}") for n in range(20)))
    april = written(tmp_path, "april.csv", *(row(f"e{n}", f"q{n}") for n in range(stay)))
    result = run(april, "2024-04-01", "--previous", march, "--complete")
    assert result.exit_code == code, result.stderr
    assert ("is it the same register?" in result.stderr, april.with_suffix(".jsonl").exists()) == (code == 2, code == 0)


def test_complete_needs_the_file_before(tmp_path: Path):
    """Else nobody knows who was there."""
    result = run(written(tmp_path, "a.csv", row("7", "q7")), "2024-04-01", "--complete")
    assert (result.exit_code, "--complete needs --previous" in result.stderr) == (2, True)


def test_the_same_employment_under_another_number(tmp_path: Path):
    """What was said of the old number is taken back: history, end and all. Another spelling is no other number."""
    rows = [row("7", COORDINATION), row("7", COORDINATION, 50, "2023-01-01"), row("8", PERSONAL)]
    march = written(tmp_path, "march.csv", *rows)
    changed = [text.replace(COORDINATION, "19800229-2384") for text in rows[:2]]
    april = written(tmp_path, "april.csv", *changed, row("8", PERSONAL.replace("-", "")[2:]))
    run(march, "2024-03-01")
    result = run(april, "2024-04-01", "--previous", march)
    assert "1 employment has another personal number now." in result.stderr
    assert "about 2 people." in result.stderr
    assert changes(folded(march, april), Measure.headcount) == {"2020-02-01": 2}
    assert changes(folded(april, march), Measure.fte) == {"2020-02-01": 2, "2023-01-01": -0.5}
    assert not any("1980" in e["id"] or "1990" in e["id"] for e in events(april))


@pytest.mark.parametrize(
    "options",
    [
        ("2062-01-01",),
        ("1824-04-01",),
        ("2024-04-01", "--known-from", "2024-06-01"),
        ("2024-04-01", "--known-from", "1800-01-01"),
    ],
)
def test_days_that_cannot_be(tmp_path: Path, options: tuple[str, ...]):
    """A file of the future, and what nobody can know: nothing is written."""
    file = written(tmp_path, "a.csv", row("7", "q7"))
    result = run(file, *options)
    assert (result.exit_code, "Is the year right?" in result.stderr) == (2, True)
    assert not file.with_suffix(".jsonl").exists()


def test_a_check_writes_nothing(tmp_path: Path):
    """It says what would be refused."""
    file = written(tmp_path, "a.csv", row("7", "q7"), row("8", "q8", 300))
    result = run(file, "2024-04-01", "--check")
    assert (result.exit_code, "row 3 “300”" in result.stderr) == (1, True)
    assert (result.stdout, file.with_suffix(".jsonl").exists()) == ("", False)


def test_people_are_counted_by_who_they_are(tmp_path: Path):
    """Two spellings of a number are one person, in the report as behind ingest."""
    file = written(tmp_path, "a.csv", row("7", PERSONAL), row("8", PERSONAL.replace("-", " ")), row("9", "q9"))
    assert "3 employments begin, about 2 people" in run(file, "2024-04-01").stderr
