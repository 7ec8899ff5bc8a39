"""Files of employments with what lists have around them: sums, other encodings, cells that are no personal numbers."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import Result
from openpyxl import Workbook
from typer.testing import CliRunner

from cli.main import app

RUN = CliRunner()
HEADER = "Personnr;Anstnr;Enhet;Titel;Anställningsform;Grad;Fr.o.m.;T.o.m.;Närmaste chef"


def row(number: int, person: str, start: str = "2021-09-01", end: str = "", chief: str = "") -> str:
    """An employment."""
    return f"{person};{number};Hälsoängen;Skötare;TV;100;{start};{end};{chief}"


def numbers(count: int) -> list[str]:
    """So many personal identity numbers."""
    found = []
    for day in range(1, count + 1):
        ten = f"8503{day:02}238"
        total = sum(sum(divmod(int(digit) * (2 - n % 2), 10)) for n, digit in enumerate(ten))
        found.append(f"19{ten}{-total % 10}")
    return found


def run(file: Path, *options: str) -> Result:
    """The command, in Swedish."""
    return RUN.invoke(app, ["import", "employments", str(file), "--as-of", "2024-05-02", *options])


def imported(folder: Path, *rows: str, encoding: str = "utf-8", end: bytes = b"") -> tuple[list[dict[str, Any]], str]:
    """The starts that come of rows, and what is said of them."""
    file = folder / "staff.csv"
    file.write_bytes("\n".join([HEADER, *rows, ""]).encode(encoding) + end)
    result = run(file)
    events = map(msgspec.json.decode, result.stdout.splitlines())
    return [e["data"] for e in events if e["type"] == "hr.employment.started.v1"], result.stderr


FOOTERS = [
    ";;;Summa;;200;;;",
    "Antal anställda: 2;;;;;;;;",
    "Totalt;;;;;=SUM(F2:F3);;;",
    "Utskriven 2024-05-02 av lönekontoret;;;;;;;;",
    "Delsumma Hälsoängen;;;;;;;;",
]


def test_sums_under_a_list_are_passed_over(tmp_path: Path):
    """With a remark; they are no fault, and none of them contradicts another."""
    made, said = imported(tmp_path, row(1, "a"), row(2, "b"), *FOOTERS, end=b"\x1a")
    assert len(made) == 2
    assert "8 rader: 2 används, 6 hoppas över, 0 kan inte användas." in said
    assert "6 rader under listan, som summor, hoppas över: den första rad 4." in said
    assert "mitt i en rad" not in said


def test_a_person_whose_unit_is_like_a_sum_stays(tmp_path: Path):
    """What names an employment and a person is no footer, whatever it begins with."""
    made, said = imported(tmp_path, row(1, "Summa Andersson"), row(2, "b"))
    assert ([data["employment"] for data in made], "hoppas över:" in said) == (["1", "2"], False)


def test_rows_without_a_number_contradict_nobody(tmp_path: Path):
    """Each is at fault for its empty cell alone."""
    bare = [row(1, person).replace(";1;", ";;", 1) for person in ("a", "b", "c")]
    made, said = imported(tmp_path, *bare, row(2, "d"))
    assert (len(made), "tidigare rad" in said) == (1, False)
    assert "Kolumnen Anställningsnr: cellen är tom." in said
    assert "4 rader: 1 används, 0 hoppas över, 3 kan inte användas." in said


@pytest.mark.parametrize("encoding", ["cp850", "mac_roman"])
def test_an_encoding_that_is_not_looked_for(tmp_path: Path, encoding: str):
    """It is said, with the first line, whether letters of the header are of it or only those of rows."""
    _, said = imported(tmp_path, row(1, "a"), encoding=encoding)
    assert "staff.csv:1: det går inte att läsa å, ä och ö här" in said
    file = tmp_path / "plain.csv"
    file.write_bytes("\n".join([HEADER.replace("Anställningsform", "Form"), row(1, "a"), ""]).encode(encoding))
    file.write_bytes(file.read_bytes().replace("Närmaste chef".encode(encoding), b"Chef"))
    result = run(file)
    assert (result.exit_code, result.stdout, "plain.csv:2: det går inte" in result.stderr) == (2, "", True)


def test_one_byte_that_is_of_another_encoding(tmp_path: Path):
    """In a row it spoils that row; in the header, where a column is missing for it, its line is told."""
    made, said = imported(tmp_path, row(1, "a"), row(2, "b"), end=row(3, "c").encode("latin-1") + b"\n")
    assert [data["unit"] for data in made] == ["Hälsoängen", "Hälsoängen"]
    assert "tecknen går inte att läsa. Spara filen som UTF-8." in said
    assert "rad 4" in said
    file = tmp_path / "staff.csv"
    file.write_bytes(file.read_bytes().replace("ställningsform".encode(), "ställningsform".encode("latin-1")))
    assert "staff.csv:1: det går inte att läsa å, ä och ö här" in run(file).stderr


def test_every_cell_that_is_no_personal_identity_number_is_told(tmp_path: Path):
    """Check digits, days that are none, names; and of managers too."""
    good = numbers(12)
    odd = ["19850312-0000", "198513451232", "Anna Andersson"]
    rows = [row(n, person, chief=good[0]) for n, person in enumerate([*good, *odd])]
    _, said = imported(tmp_path, *rows, row(90, good[0], chief="Chefen"))
    told = "rad 14 ”19850312-0000”, rad 15 ”198513451232”, rad 16 ”Anna Andersson”."
    assert f"Kolumnen Personnr har 3 celler som inte är personnummer, fast filen har sådana: {told}" in said
    assert "Kolumnen Chef har 1 cell som inte är personnummer, fast filen har sådana: rad 17 ”Chefen”." in said


def test_many_cells_that_are_none_are_told_in_part(tmp_path: Path):
    """The first twenty, and how many more."""
    rows = [row(n, person) for n, person in enumerate([*numbers(28), *(f"x{n}" for n in range(23))])]
    _, said = imported(tmp_path, *rows)
    assert "rad 49 ”x19”, och 3 till." in said


@pytest.mark.parametrize(
    ("spoilt", "kind"),
    [
        ("{}.0", "ett program har skrivit numret som ett tal med decimaler"),
        ("{},00", "ett program har skrivit numret som ett tal med decimaler"),
        ("0203022380"[1:], "ett kalkylprogram har tagit bort nollan först"),
        ("0002292387"[3:], "ett kalkylprogram har tagit bort nollan först"),
    ],
)
@pytest.mark.parametrize("column", ["Personnr", "Chef"])
def test_a_number_that_a_spreadsheet_has_spoilt_is_at_fault(tmp_path: Path, spoilt: str, kind: str, column: str):
    """It would be another person; of a manager too, and in a file of few."""
    ours = numbers(2)
    ten = spoilt.format(ours[1]) if "{" in spoilt else with_check_digit(spoilt)
    bad = row(2, ten) if column == "Personnr" else row(2, ours[1], chief=ten)
    made, said = imported(tmp_path, row(1, ours[0]), bad)
    assert ([data["employment"] for data in made], f"Kolumnen {column}: {kind}" in said) == (["1"], True), said


def with_check_digit(short: str) -> str:
    """The number without its zeros, its last digit made right."""
    nine = short.zfill(10)[:9]
    total = sum(sum(divmod(int(digit) * (2 - n % 2), 10)) for n, digit in enumerate(nine))
    return f"{nine}{-total % 10}".lstrip("0")


def test_a_zero_that_excel_has_left_out(tmp_path: Path):
    """A number in a workbook, where it was a text."""
    book = Workbook()
    book.active.append(HEADER.split(";"))
    for n, person in enumerate([*numbers(2), int(with_check_digit("0203022380"))]):
        book.active.append([person, n, "Ängen", "Skötare", "TV", 100, "2021-09-01"])
    book.save(tmp_path / "staff.xlsx")
    result = run(tmp_path / "staff.xlsx")
    assert (result.exit_code, "ett kalkylprogram har tagit bort nollan först" in result.stderr) == (1, True)


def test_days_that_may_all_be_either_are_remarked_on(tmp_path: Path):
    """How they were read is said, unless some day of the file shows it."""
    either = [row(1, "a", "03/05/2021"), row(2, "b", "04/05/2021", "05/06/2023")]
    made, said = imported(tmp_path, *either)
    assert [data["effective"] for data in made] == ["2021-05-03", "2021-05-04"]
    assert "Kolumnen Från har 2 datum som 03/05/2021, och inget i filen visar om dagen" in said
    assert "Kolumnen Till har 1 datum" in said
    _, said = imported(tmp_path, *either, row(3, "c", "04/05/2021", "25/06/2023"))
    assert "inget i filen visar" not in said


def test_a_month_first_in_another_column(tmp_path: Path):
    """Shows that the file begins days with the month, so what may be either is at fault there too."""
    made, said = imported(tmp_path, row(1, "a", "03/05/2021"), row(2, "b", "2021-04-05", "06/25/2023"))
    assert made == []
    assert "rad 2 ”03/05/2021”" in said


def test_a_year_typed_wrong_is_seen(tmp_path: Path):
    """What begins after the file was made, and what ends more than ten years later, with the row farthest ahead."""
    rows = (
        row(1, "a", "2024-06-01"),
        row(2, "b", "2042-03-01"),
        row(3, "c", end="2052-01-31"),
        row(4, "d", end="2025-01-31"),
    )
    made, said = imported(tmp_path, *rows)
    assert len(made) == 4
    assert (
        "2 anställningar börjar eller ändras efter den 2024-05-02, då staff.csv gjordes, längst fram 2042-03-01 på"
        " rad 3. Stämmer dagarna?" in said
    )
    assert (
        "1 anställning slutar mer än tio år efter den 2024-05-02, då staff.csv gjordes, längst fram 2052-01-31 på"
        " rad 4. Stämmer dagarna?" in said
    )
    _, said = imported(tmp_path, row(1, "a", "2024-05-02", "2025-01-31"))
    assert "Stämmer dagarna?" not in said
