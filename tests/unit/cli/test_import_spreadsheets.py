"""What spreadsheets and databases do to a file before it comes here: understood, or told with its cell."""

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cli.commands.import_ import MAPPINGS
from cli.connect.importing.employment_rows import lines
from cli.connect.importing.understood import Broken, Understood
from tests.unit.ingest.deciding import accepted

HEADER = "Anstnr;Personnr;Enhet;Yrke;Anstform;Syssgrad;Fr.o.m.;T.o.m.;Slutorsak;Lön"
ROW = "71;19900101-2385;Familjecentralen;Kurator;Vikariat;80;2022-09-05;;;41200"
OTHER = "72;p9;Familjecentralen;Kurator;TV;100;2020-01-07;;;"
AS_OF = datetime(2024, 10, 1)  # noqa: DTZ001 -- the file's own clock


def imported(folder: Path, *rows: str, before: str = "", encoding: str = "utf-8") -> tuple[list[Any], list[Broken]]:
    """The starts and ends of a file of those rows, and what of it could not be used."""
    file, report = folder / "staff.csv", Understood([])
    file.write_bytes((before + "\n".join([HEADER, *rows, ""])).encode(encoding))
    made = lines(file, None, MAPPINGS / "anstallningar.yaml", AS_OF, report)
    events = [msgspec.json.decode(line.body) for line in made]
    return [event for event in events if "data" in event], report.broken


def test_texts_that_a_spreadsheet_shall_leave_alone(tmp_path: Path):
    """``="…"`` is what stands in the quotes, whether the cell is quoted or not."""
    bare = ROW.replace("71;19900101-2385", '="0071";="199001012385"')
    quoted = ROW.replace("71;19900101-2385", '"=""0073""";19900101-2385')
    events, broken = imported(tmp_path, bare, quoted)
    assert broken == []
    assert [e["data"]["employment"] for e in events] == ["0071", "0073"]
    assert len({accepted(e).subject for e in events}) == 1


@pytest.mark.parametrize(
    "number", ["19900101 2385", "900101–2385", "900101\N{NO-BREAK SPACE}2385", "900101\N{NON-BREAKING HYPHEN}2385"]
)
def test_all_spellings_of_a_number_are_one_person(tmp_path: Path, number: str):
    """Here and at ingest."""
    events, broken = imported(tmp_path, ROW, ROW.replace("71;19900101-2385", f"74;{number}"))
    assert broken == []
    assert len({accepted(e).subject for e in events}) == 1
    assert {(e["data"]["gender"], e["data"]["born"]) for e in events} == {("f", 1990)}


@pytest.mark.parametrize("stray", ["Familje\0centralen", "\0Familjecentralen", "Familjecentralen\0"])
def test_a_stray_nul_spoils_its_row_alone(tmp_path: Path, stray: str):
    """It is the fault of its cell, early in the file too."""
    events, broken = imported(tmp_path, ROW.replace("Familjecentralen", stray), OTHER)
    assert [(b.line, b.kind, b.column) for b in broken] == [(2, "nul", "Org.enhet")]
    assert [event["data"]["employment"] for event in events] == ["72"]


def test_a_name_on_two_lines(tmp_path: Path):
    """A break in a quoted cell is a space; the rows after it keep their numbers."""
    events, broken = imported(tmp_path, ROW.replace("Familjecentralen", '"Familje\ncentralen"'), OTHER + ";x;y")
    assert [e["data"]["unit"] for e in events] == ["Familje centralen"]
    assert [(b.line, b.kind) for b in broken] == [(4, "cells")]


@pytest.mark.parametrize(
    "never",
    [
        *("9999-12-31", "99991231", "2999-12-31", "31.12.9999", "9999-12-31 00:00:00", "9999-12-31T00:00:00"),
        *("-", "–", "tills vidare", "Tillsvidare", "t.v.", "NULL"),
    ],
)
def test_an_end_that_never_comes(tmp_path: Path, never: str):
    """It is none."""
    events, broken = imported(tmp_path, ROW.replace(";;;", f";{never};;"))
    assert (broken, [e["type"] for e in events]) == ([], ["hr.employment.started.v1"])


@pytest.mark.parametrize(
    ("day", "meant"),
    [
        ("2022-09-05 00:00:00", "2022-09-05"),
        ("2022-09-05T00:00:00.000", "2022-09-05"),
        ("05.09.2022 08:30", "2022-09-05"),
        ("2022-09-04T22:00:00Z", "2022-09-05"),
        ("2022-09-05T00:00:00+02:00", "2022-09-05"),
    ],
)
def test_days_with_a_time(tmp_path: Path, day: str, meant: str):
    """The day alone counts: by Swedish clocks, where the time is said to be of others."""
    events, broken = imported(tmp_path, ROW.replace("2022-09-05", day))
    assert (broken, [e["data"]["effective"] for e in events]) == ([], [meant])


@pytest.mark.parametrize(
    ("wrong", "column", "kind", "said"),
    [
        (("19900101-2385", "1,99001E+11"), "Personnr", "digits_lost", "has made a power of ten of the number"),
        (("41200", "4.12E+04"), "Månadslön", "digits_lost", "its digits are lost"),
        (("2022-09-05", "44809"), "Från", "excel_day", "a spreadsheet counts the day 2022-09-05"),
        (("Familjecentralen", "=VLOOKUP(A2;B:C;2)"), "Org.enhet", "cells", ""),
        (("Familjecentralen", "=LETARAD(A2)"), "Org.enhet", "formula", "save the file as values"),
        (("Kurator", "#SAKNAS!"), "Befattning", "formula", "a formula or its error"),
        (("Kurator", "#N/A"), "Befattning", "formula", "a formula or its error"),
        (("Kurator", "a|b"), "Befattning", "", "occupation"),
        (("71;", "19900101-2393;"), "Anställningsnr", "", "identity number"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_cell(
    tmp_path: Path, wrong: tuple[str, str], column: str, kind: str, said: str
):
    """Before anything is sent, and the other rows go on."""
    events, (broken,) = imported(tmp_path, ROW.replace(*wrong), OTHER)
    assert [e["data"]["employment"] for e in events] == ["72"]
    assert (broken.line, broken.kind, said in broken.message) == (2, kind, True), broken
    assert kind == "cells" or (broken.column, broken.cell) == (column, wrong[1].rstrip(";"))


def test_cells_at_the_end(tmp_path: Path):
    """Left out, or more of them than the header has: nothing is lost while they are empty."""
    events, broken = imported(tmp_path, ROW + ";;;", OTHER.rstrip(";"))
    assert ([e["data"]["employment"] for e in events], broken) == (["71", "72"], [])


@pytest.mark.parametrize(
    "before", ["sep=;\n", "Personalförteckning\n\n", '"Uttag 2024-10-01; alla"\n;;;\n', "SEP=;\r\n"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252"])
def test_lines_above_the_header(tmp_path: Path, before: str, encoding: str):
    """They are passed over, and rows keep the numbers that an editor shows."""
    events, (broken,) = imported(
        tmp_path, ROW, ROW.replace("71;", "75;").replace("80", "hel"), before=before, encoding=encoding
    )
    assert [e["data"]["occupation"] for e in events] == ["Kurator"]
    assert broken.line == 3 + before.count("\n")


def test_a_quote_that_is_not_closed(tmp_path: Path):
    """What it swallows is told, with the lines."""
    events, broken = imported(tmp_path, ROW, OTHER.replace("Kurator", '"Kurator'), OTHER, OTHER)
    assert len(events) == 1
    assert [(b.line, b.kind, "lines 3–5 cannot be read" in b.message) for b in broken] == [(3, "open_quote", True)]


def test_a_line_without_end(tmp_path: Path):
    """It spoils no other, and is not kept."""
    events, broken = imported(tmp_path, ROW, "x" * 3_000_000, OTHER)
    assert ([e["data"]["employment"] for e in events], [b.line for b in broken]) == (["71", "72"], [3])
