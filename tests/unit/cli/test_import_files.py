"""Files of another kind: each said what it is and what to do; workbooks of Excel are read."""

import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import Result
from openpyxl import Workbook
from typer.testing import CliRunner

from cli.main import app

RUN = CliRunner()
HEADER = [
    "Anställningsnr",
    "Personnr",
    "Org.enhet",
    "Befattning",
    "Anställningsform",
    "Sysselsättningsgrad",
    "Från",
    "Till",
]


def run(file: Path, *options: str) -> Result:
    """The command, in English."""
    return RUN.invoke(app, ["import", "employments", str(file), "--as-of", "2024-10-01", "--language", "en", *options])


def starts(result: Result) -> list[dict[str, Any]]:
    """The starts that it wrote to stdout."""
    events = map(msgspec.json.decode, result.stdout.splitlines())
    return [e["data"] for e in events if e["type"] == "hr.employment.started.v1"]


def workbook(file: Path, *rows: list[object], title: list[list[object]] | None = None, cover: bool = False) -> Path:
    """A workbook of those rows under the header, with other sheets before it."""
    book = Workbook()
    sheet = book.active
    if cover:
        sheet.append(["Uttag ur lönesystemet"])
        hidden = book.create_sheet("dold")
        hidden.append(HEADER)
        hidden.sheet_state = "hidden"
        sheet = book.create_sheet("Anställda")
    for row in (*(title or []), HEADER, *rows):
        sheet.append(row)
    book.save(file)
    return file


def test_a_workbook_is_read_with_its_real_days(tmp_path: Path):
    """Days, whole numbers and shares are what Excel holds; the row is Excel's own."""
    file = workbook(
        tmp_path / "staff.xlsx",
        [501, 199001012385, "Socialjouren", "Kurator", "TV", 1, datetime(2021, 3, 1), None],  # noqa: DTZ001 -- a day
        [502, "q2", "Social\njouren", "Kurator", "TV", 0.75, date(2022, 3, 1), date(9999, 12, 31)],
        [503, "q3", "Socialjouren", "Kurator", "TV", 0.5, "i våras", None],
        title=[["Anställda 2024-10-01"], []],
        cover=True,
    )
    result = run(file)
    first, second = starts(result)
    assert (first["employment"], first["effective"], first["born"]) == ("501", "2021-03-01", 1990)
    assert (second["fte"], second["unit"], second["effective"]) == (0.75, "Social jouren", "2022-03-01")
    assert "row 6 “i våras”" in result.stderr


def with_sheets(file: Path, *sheets: tuple[str, str, list[list[object]]]) -> Path:
    """A workbook of sheets: title, state, rows."""
    book = Workbook()
    book.remove(book.active)
    for title, state, rows in sheets:
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        for row in rows:
            sheet.append(row)
    book.save(file)
    return file


def employed(number: int) -> list[object]:
    """A row of somebody."""
    return [number, f"q{number}", "Lagparken", "Kurator", "TV", 80, "2022-01-03", None]


def test_sheets_that_are_not_read_are_told_with_their_rows(tmp_path: Path):
    """Which one was read, and what stands in the others, also in hidden ones."""
    file = with_sheets(
        tmp_path / "staff.xlsx",
        ("Hemtjänst", "visible", [HEADER, employed(1), employed(2)]),
        ("Äldre", "visible", [HEADER, employed(3), [], employed(4), employed(5)]),
        ("Gömd", "hidden", [HEADER, employed(6)]),
        ("Tom", "visible", []),
        ("Koder", "veryHidden", [["AVA", "visstid"], ["TV", "tillsvidare"]]),
    )
    result = run(file)
    assert [data["employment"] for data in starts(result)] == ["1", "2"]
    for line in (
        "Sheet Hemtjänst of the workbook is read.",
        "Sheet Äldre is not read: 3 rows.",
        "The hidden sheet Gömd is not read: 1 row.",
        "The hidden sheet Koder is not read: 2 rows.",
    ):
        assert f"  {line}\n" in result.stderr
    assert "Tom" not in result.stderr


@pytest.mark.parametrize("state", ["visible", "hidden"])
def test_a_workbook_is_not_complete_if_another_sheet_has_the_same_columns(tmp_path: Path, state: str):
    """Those of that sheet would all be said to have left."""
    before = workbook(tmp_path / "before.xlsx", employed(1), employed(2))
    asked = ("--previous", str(before), "--complete")
    two = with_sheets(
        tmp_path / "two.xlsx", ("Ett", "visible", [HEADER, employed(1)]), ("Två", state, [HEADER, employed(2)])
    )
    result = run(two, *asked)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "sheet Två has the same columns and 1 row, and only sheet Ett is read" in result.stderr
    codes = [["TV", "tillsvidare"]]
    one = with_sheets(tmp_path / "one.xlsx", ("Ett", "visible", [HEADER, employed(1)]), ("Koder", state, codes))
    assert run(one, *asked).exit_code == 0


@pytest.mark.parametrize("name", ["staff.csv", "staff.xlsx"])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_file_with_nothing_but_a_header(tmp_path: Path, name: str, language: str):
    """It is said, nothing is written, and the exit code is not that of a good file."""
    file, out = tmp_path / name, tmp_path / "out.jsonl"
    if name.endswith("csv"):
        file.write_text(";".join(HEADER) + "\n", "utf-8")
    else:
        workbook(file)
    result = run(file, "--output", str(out), "--language", language)
    said = {"sv": "Filen har inga rader under rubrikraden.", "en": "The file has no rows under its header."}
    assert (result.exit_code, said[language] in result.stderr, out.exists()) == (1, True, False)


def test_formulas_of_a_workbook(tmp_path: Path):
    """One whose value is not in the file is at fault, and not taken for an empty cell."""
    file = workbook(
        tmp_path / "staff.xlsx",
        ["1", "q1", "Socialjouren", "Kurator", "TV", 75, "2021-03-01", "=TODAY()"],
        ["2", "q2", "Socialjouren", "Kurator", "TV", 75, "2021-03-01", None],
    )
    result = run(file)
    assert [data["employment"] for data in starts(result)] == ["2"]
    assert "Column Till: this is a formula or its error. Save the file with values." in result.stderr


def archive(file: Path) -> None:
    """A zip of something else."""
    with zipfile.ZipFile(file, "w") as content:
        content.writestr("staff.csv", ";".join(HEADER))


def half_a_workbook(file: Path) -> None:
    """What is left of one that was not fetched to its end."""
    content = workbook(file, ["1", "q1", "Socialjouren", "Kurator", "TV", 75, "2021-03-01", None]).read_bytes()
    file.write_bytes(content[: len(content) // 2])


def broken_workbook(file: Path) -> None:
    """One whose styles say what no library expects."""
    whole = workbook(file.with_suffix(".whole"), ["1", "q1", "Socialjouren", "Kurator", "TV", 75, "2021-03-01", None])
    with zipfile.ZipFile(whole) as parts, zipfile.ZipFile(file, "w") as broken:
        for name in parts.namelist():
            broken.writestr(name, parts.read(name).replace(b"borderId=", b"bordeaux="))


def of(content: bytes) -> Callable[[Path], object]:
    """A file with that content."""
    return lambda file: file.write_bytes(content)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (of(b"%PDF-1.7\n%\xe2\xe3\n1 0 obj"), "a PDF, no table: export it as CSV or as an Excel workbook"),
        (of(b"\n<html><body><table><tr><td>Personnr</td></tr></table>"), "a web page (HTML)"),
        (of(b"\xef\xbb\xbf<!DOCTYPE html><table>"), "a web page (HTML)"),
        (of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)), "an old Excel file (.xls), or one with a password"),
        (of(b"\x1f\x8b\x08\x00rest"), "compressed: unpack it first"),
        (of(b"{\\rtf1 Personnr}"), "a text document (RTF)"),
        (of(b"\x00\x01\x02Personnr"), "no text"),
        (of(b"\xff\xfeP\x00e\x00"), "in UTF-16; save it as UTF-8"),
        (of(b""), "the file is empty: take it out again"),
        (of(b"\n\n\n"), "the file is empty: take it out again"),
        (archive, "an archive, no workbook of Excel"),
        (broken_workbook, "an Excel workbook that is broken"),
        (half_a_workbook, "half of a workbook or of an archive: fetch the file again"),
    ],
)
def test_a_file_of_another_kind(tmp_path: Path, make: Callable[[Path], object], said: str):
    """One sentence, exit code 2."""
    file = tmp_path / "staff.xls"
    make(file)
    result = run(file)
    assert (result.exit_code, result.stdout, said in result.stderr) == (2, "", True), result.stderr


def test_a_workbook_with_too_much_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """What unpacks to far more than Excel holds is not unpacked."""
    monkeypatch.setattr("cli.connect.publishing.workbook.LARGEST", 1000)
    result = run(workbook(tmp_path / "staff.xlsx", *([n] * 8 for n in range(100))))
    assert (result.exit_code, "a part of more than 1,000 bytes" in result.stderr) == (2, True)


def test_a_workbook_that_unpacks_to_one_endless_cell(tmp_path: Path):
    """Ten kilobytes that become ten megabytes are not read into memory."""
    whole = workbook(tmp_path / "whole.xlsx", ["1", "q1", "Socialjouren", "Kurator", "TV", 75, "2021-03-01", None])
    with zipfile.ZipFile(whole) as parts, zipfile.ZipFile(tmp_path / "staff.xlsx", "w", zipfile.ZIP_DEFLATED) as bomb:
        for name in parts.namelist():
            bomb.writestr(name, parts.read(name).replace(b"Socialjouren", b"S" * 10_000_000))
    assert (tmp_path / "staff.xlsx").stat().st_size < 50_000
    result = run(tmp_path / "staff.xlsx")
    assert (result.exit_code, "a cell of more text than Excel allows" in result.stderr) == (2, True), result.stderr


def rewritten(file: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """A workbook of two employments, of which a part is another."""
    row = ["q1", "Socialjouren", "Kurator", "TV", 75, "2021-03-01", None]
    whole = workbook(file.with_suffix(".whole"), ["1", *row], ["2", *row])
    with zipfile.ZipFile(whole) as parts, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as other:
        for name in parts.namelist():
            other.writestr(name, change(parts.read(name)) if name == part else parts.read(name))
    return file


@pytest.mark.parametrize("size", [b'<dimension ref="A1"/>', b'<dimension ref="A1:H2"/>', b""])
def test_a_workbook_that_says_another_size(tmp_path: Path, size: bytes):
    """Some programs write a wrong one, or none: every row that is there is read, so nobody is lost."""
    change = partial(re.sub, rb"<dimension[^>]*/>", size)
    result = run(rewritten(tmp_path / "staff.xlsx", "xl/worksheets/sheet1.xml", change))
    assert [data["employment"] for data in starts(result)] == ["1", "2"], result.stderr


def test_a_workbook_with_a_row_beyond_those_of_excel(tmp_path: Path):
    """The rows between are not made, one by one, in billions."""
    far = b'<row r="2000000000"><c><v>1</v></c></row></sheetData>'
    file = rewritten(
        tmp_path / "staff.xlsx", "xl/worksheets/sheet1.xml", lambda part: part.replace(b"</sheetData>", far)
    )
    result = run(file)
    assert (result.exit_code, "more than 1048576 rows" in result.stderr) == (2, True), result.stderr


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b'<row r="3"', b'<row r="2"', "row 2 comes after row 2"),
        (b'<row r="2"', b'<row r="9"', "row 3 comes after row 9"),
    ],
)
def test_a_workbook_whose_rows_are_not_in_order(tmp_path: Path, old: bytes, new: bytes, said: str):
    """A row that would be left out without a word: the file is refused instead."""
    file = rewritten(tmp_path / "staff.xlsx", "xl/worksheets/sheet1.xml", lambda part: part.replace(old, new))
    result = run(file)
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/workbook.xml", "[Content_Types].xml", "docProps/core.xml"])
def test_a_part_that_is_held_in_memory_is_not_large(tmp_path: Path, part: str):
    """Half a megabyte of a file would be many gigabytes of memory."""
    file = rewritten(tmp_path / "staff.xlsx", part, lambda content: content + b" " * 60_000_000)
    result = run(file)
    assert (result.exit_code, "a part of more than 50,000,000 bytes" in result.stderr) == (2, True), result.stderr


def test_lines_that_end_as_on_old_macs(tmp_path: Path):
    """They are lines."""
    file = tmp_path / "staff.csv"
    rows = [";".join(HEADER), "1;q1;Jour;Kurator;TV;75;2021-03-01;", "2;q2;Jour;Kurator;TV;100;2021-03-01;", ""]
    file.write_bytes("\r".join(rows).encode())
    assert [data["employment"] for data in starts(run(file))] == ["1", "2"]


def test_half_a_file_is_remarked_on(tmp_path: Path):
    """It ends in the middle of a row: what is there is used."""
    file = tmp_path / "staff.csv"
    file.write_text(";".join(HEADER) + "\n1;q1;Jour;Kurator;TV;75;2021-03-01;\n2;q2;Jour;Kur", "utf-8")
    result = run(file)
    assert [data["employment"] for data in starts(result)] == ["1"]
    assert "The file ends in the middle of a row. Is it the whole file?" in result.stderr


def test_a_delimiter_that_the_mapping_does_not_say(tmp_path: Path):
    """The message shows what stands in the file."""
    mapping = tmp_path / "m.yaml"
    ours = (Path(__file__).parents[3] / "deploy" / "mappings" / "anstallningar.yaml").read_text("utf-8")
    mapping.write_text(ours.replace("delimiter: detect", 'delimiter: ","'), "utf-8")
    file = tmp_path / "staff.csv"
    file.write_text(";".join(HEADER) + "\n", "utf-8")
    result = run(file, "--mapping", str(mapping))
    assert (result.exit_code, "the file has Anställningsnr;Personnr;" in result.stderr) == (2, True)
    assert starts(
        run(workbook(tmp_path / "s.xlsx", ["1", "q", "J", "K", "TV", 75, "2021-03-01"]), "--mapping", str(mapping))
    )
