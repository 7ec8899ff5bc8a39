"""What keeps whole files from being read or sent: every kind of it is met, and said in both languages."""

import errno
import gzip
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import httpx
import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from cli.commands.import_ import MAPPINGS
from cli.connect.publishing import sender
from cli.connect.publishing.hindrance import HindranceError, of_system
from cli.connect.publishing.words import EN, SV, Hindrance
from cli.main import app
from shared.language.language import Language
from shared.language.phrase import fields
from tests import builders as make
from tests.unit.cli.paxml import paxml, transaction

NOWHERE = "http://127.0.0.1:1"
OURS = MAPPINGS / "anstallningar.yaml"
HEADER = "Anställningsnr;Personnr;Org.enhet;Befattning;Anställningsform;Sysselsättningsgrad;Från;Till\n"
STAFF = HEADER + "1;q1;Jour;Kurator;TV;75;2021-03-01;\n"
MANY = HEADER + "".join(f"{n};q{n % 2};Jour;Kurator;TV;75;2021-03-01;\n" for n in range(20))
OTHERS = HEADER + "".join(f"9{n};q9{n};Jour;Kurator;TV;75;2021-03-01;\n" for n in range(20))
PAX = paxml([transaction("SJK", "2024-02-05", timmar=8)])
EMPLOYMENTS = ("import", "employments", "{f}", "--as-of", "2024-10-01")
WHOLE = (*EMPLOYMENTS, "--complete", "--previous", "{f}")
PAXML = ("import", "paxml", "{f}")
MAPPED = ("publish", "{f}", "--check", "--mapping", "{m}")
SENT = ("publish", "{f}", "--url", NOWHERE)
Made = str | bytes | Callable[[Path], object]


def archive(file: Path) -> None:
    """A zip of something else."""
    with zipfile.ZipFile(file, "w") as content:
        content.writestr("staff.csv", HEADER)


def spoilt(old: bytes, new: bytes) -> Callable[[Path], None]:
    """A workbook whose parts say something else."""

    def made(file: Path) -> None:
        Workbook().save(file)
        with zipfile.ZipFile(file) as whole:
            parts = {name: whole.read(name).replace(old, new) for name in whole.namelist()}
        with zipfile.ZipFile(file, "w") as content:
            for name, part in parts.items():
                content.writestr(name, part)

    return made


def mapping(old: str = "", new: str = "") -> str:
    """The mapping that comes along, changed."""
    text = OURS.read_text("utf-8")
    assert old in text
    return text.replace(old, new, 1) if old else text


CASES: list[tuple[Hindrance, Made, tuple[str, ...], str]] = [
    ("pdf", b"%PDF-1.7\n", EMPLOYMENTS, ""),
    ("pdf", b"%PDF-1.7\n", PAXML, ""),
    ("rtf", b"{\\rtf1 Personnr}", EMPLOYMENTS, ""),
    ("web_page", b"<html><table>", EMPLOYMENTS, ""),
    ("web_page", b"\n<!DOCTYPE html>", PAXML, ""),
    ("paxml", PAX, EMPLOYMENTS, ""),
    ("no_text", b"\0\1\2Personnr", PAXML, ""),
    ("no_text", "Anstnr;Personnr".encode("utf-16-le"), EMPLOYMENTS, ""),
    ("no_text", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\2\0\0\0", EMPLOYMENTS, ""),
    ("old_workbook", b"\xd0\xcf\x11\xe0" + bytes(600), EMPLOYMENTS, ""),
    ("workbook", b"\xd0\xcf\x11\xe0" + bytes(600), PAXML, ""),
    ("workbook", lambda file: Workbook().save(file), PAXML, ""),
    ("compressed", gzip.compress(PAX.encode()), PAXML, ""),
    ("half_archive", b"PK\3\4half", EMPLOYMENTS, ""),
    ("pipe", os.mkfifo, MAPPED, mapping()),
    ("empty", b"\n", PAXML, ""),
    ("utf16", HEADER.encode("utf-16"), EMPLOYMENTS, ""),
    ("archive", archive, EMPLOYMENTS, ""),
    ("broken_workbook", spoilt(b"borderId=", b"bordeaux="), EMPLOYMENTS, ""),
    ("large_cell", spoilt(b"<sheetData", b"x" * (1 << 21) + b"<sheetData"), EMPLOYMENTS, ""),
    ("no_sheet", spoilt(b'state="visible"', b'state="hidden"'), EMPLOYMENTS, ""),
    ("no_file", b"", ("publish", "{f}.jsonl", "--check"), ""),
    ("is_folder", Path.mkdir, ("publish", "{f}", "--check"), ""),
    ("yaml", STAFF, MAPPED, "source: []"),
    ("no_encoding", STAFF, MAPPED, mapping("encoding: detect", "encoding: klingon")),
    ("no_encoding", PAX.replace("ISO-8859-1", "KLINGON"), PAXML, ""),
    ("no_lines", STAFF, MAPPED, mapping("encoding: detect", "encoding: utf-16")),
    ("bare_retraction", STAFF, MAPPED, mapping("hr.employment.started.v1", "hr.event.retracted.v1")),
    ("no_type", STAFF, MAPPED, mapping("hr.employment.started.v1", "hr.employment.stared.v1")),
    ("no_field", STAFF, MAPPED, mapping("unit: Org.enhet", "unti: Org.enhet")),
    ("no_source", STAFF, MAPPED, mapping("unit: Org.enhet", "unit: {default: a}")),
    ("header_long", "x" * 2_100_000, EMPLOYMENTS, ""),
    ("header_quote", '"' + STAFF, EMPLOYMENTS, ""),
    ("columns_twice", STAFF.replace("Befattning", "Personnr"), EMPLOYMENTS, ""),
    ("no_column", STAFF.replace("Befattning", "Sysslor"), EMPLOYMENTS, ""),
    ("empty", "\n", EMPLOYMENTS, ""),
    ("no_header", "sep=;\n", EMPLOYMENTS, ""),
    ("unread_letters", STAFF.encode("cp850"), EMPLOYMENTS, ""),
    ("no_moment", paxml([transaction("SJK", "2024-02-05", timmar=8)], made="3/4/2024"), PAXML, ""),
    ("other_encoding", PAX.replace("ISO-8859-1", "UTF-8").replace("SJK", "ÖT1"), PAXML, ""),
    ("no_as_of", STAFF, MAPPED, mapping()),
    ("no_persons", MANY, EMPLOYMENTS, ""),
    ("as_of", STAFF, (*EMPLOYMENTS[:-1], "2924-10-01"), ""),
    ("known_from", STAFF, (*EMPLOYMENTS, "--known-from", "1024-10-01"), ""),
    ("nobody_before", STAFF, (*EMPLOYMENTS, "--complete"), ""),
    ("no_rows", HEADER, WHOLE, ""),
    ("cut", STAFF + "2;q2;Jour;Kur", WHOLE, ""),
    ("unreadable", STAFF + "2;q2;;;;;;;;x\n", WHOLE, ""),
    ("half_gone", STAFF, (*WHOLE[:-1], "{m}"), OTHERS),
    ("no_event", PAX, (*PAXML, "--employments", "{f}"), ""),
    ("no_paxml", "<?xml version='1.0'?><Workbook/>", PAXML, ""),
    ("xml", "<?xml version='1.0'?><Workbook/>", EMPLOYMENTS, ""),
    ("table_no_paxml", STAFF, PAXML, ""),
    ("events", '{"specversion": "1.0"}\n', EMPLOYMENTS, ""),
    ("events", '{"specversion": "1.0"}\n', PAXML, ""),
    ("no_file", b"", ("import", "paxml", "{f}.xml"), ""),
    ("no_file", b"", (*EMPLOYMENTS, "--previous", "{f}.csv"), ""),
    ("is_folder", Path.mkdir, EMPLOYMENTS, ""),
    ("pipe", os.mkfifo, PAXML, ""),
    ("undated", PAX.replace("<datum>2024-12-31T06:00:00</datum>", ""), PAXML, ""),
    ("made_then", PAX.replace("2024-12-31", "2924-12-31"), PAXML, ""),
    ("not_later", PAX, (*PAXML, "--previous", "{f}"), ""),
    ("token", b"", (*SENT, "--token", "å"), ""),
    ("address", b"", (*SENT[:-1], "ftp://x"), ""),
]
BELOW: set[Hindrance] = {
    "no_right",
    "disk_full",
    "system",
    "large_part",
    "header_unread",
    "refused",
    "away",
    "uncounted",
    "sheet_alike",
    "table",
}
"""Met in the tests below, or in those of publishing, of whole files and of ``compute``."""


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize(("kind", "made", "command", "told"), CASES, ids=[f"{c[0]}-{c[2][1]}" for c in CASES])
def test_each_is_met(
    tmp_path: Path, kind: Hindrance, made: Made, command: tuple[str, ...], told: str, language: Language
):
    """By a command, which says it in a sentence of the reader's language and ends with 2."""
    file, other = tmp_path / "file", tmp_path / "other"
    other.write_text(told, "utf-8")
    if callable(made):
        made(file)
    else:
        file.write_bytes(made if isinstance(made, bytes) else made.encode("latin-1" if made[:2] == "<?" else "utf-8"))
    how = [part.format(f=file, m=other) for part in command]
    result = CliRunner().invoke(app, [*how, "--language", language])
    begins = (SV if language == "sv" else EN).hindrances[kind].partition("{")[0]
    assert (result.exit_code, result.stdout) == (2, ""), result.stderr
    assert begins in result.stderr
    assert len([line for line in result.stderr.splitlines() if str(file) in line or begins in line]) == 1


def test_all_are_said_in_both_languages():
    """Whatever kind there is, with the same parts; and each is met here."""
    assert set(get_args(Hindrance)) == SV.hindrances.keys() == EN.hindrances.keys()
    assert {case[0] for case in CASES} | BELOW == set(get_args(Hindrance))
    assert SV.wanted.keys() == EN.wanted.keys()
    for kind in SV.hindrances:
        assert fields(SV.hindrances[kind]) == fields(EN.hindrances[kind]), kind
        assert SV.hindrances[kind] != EN.hindrances[kind] or kind in {"away", "refused"}, kind
    for sv, en in zip(SV[2:], EN[2:], strict=True):
        assert fields(sv) == fields(en)


@pytest.mark.parametrize(
    ("number", "sv", "en"),
    [
        (errno.ENOENT, "f: det finns ingen sådan fil", "f: No such file"),
        (errno.EACCES, "f: du får inte läsa eller skriva den", "f: you may not read or write it"),
        (errno.ENOSPC, "f: disken är full", "f: the disk is full"),
        (errno.EIO, "f: systemet säger: Input/output error", "f: the system says: Input/output error"),
    ],
)
def test_what_the_system_says(number: int, sv: str, en: str):
    """Is said in our words, where we have them."""
    found = of_system(OSError(number, os.strerror(number), "f"))
    assert (found.said("sv"), found.said("en"), str(found)) == (sv, en, en)


def test_numbers_are_written_as_the_reader_does():
    """And inflected."""
    error = HindranceError("large_part", "f.xlsx", most=4_000_000_000)
    assert "4 000 000 000 byte" in error.said("sv")
    assert "4,000,000,000 bytes" in error.said("en")
    assert "1 rad går inte" in HindranceError("unreadable", "f", n=1).said("sv")


@pytest.mark.parametrize(
    ("language", "said"),
    [("sv", "0 händelser publicerades innan dess"), ("en", "0 events were published before")],
)
def test_an_ingest_that_says_no(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, said: str):
    """Is quoted, with what was done until then."""
    monkeypatch.setattr(sender, "_attempt", lambda *_: ("", httpx.Response(401, json={"message": "no"})))
    file = tmp_path / "f.jsonl"
    file.write_bytes(make.encoded(make.unit_defined("u1")))
    result = CliRunner().invoke(app, ["publish", str(file), "--url", NOWHERE, "--language", language])
    assert (result.exit_code, result.stderr.strip()) == (2, f"{NOWHERE}: 401 Unauthorized; {said}")
