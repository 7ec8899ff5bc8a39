"""PAXml files with something wrong in them: a clear reason, with its line, and the rest goes through."""

import codecs
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.commands.import_ import MAPPINGS
from cli.connect.importing import codes
from cli.connect.importing.paxml import ReadingOptions, lines
from cli.connect.importing.understood import Remark, Understood
from cli.connect.publishing.hindrance import HindranceError
from shared.contracts.envelope import decode
from tests.unit.cli.paxml import clocked, paxml, schedule, transaction, written

CODES = codes.read(MAPPINGS / "paxml.yaml")
BEFORE = transaction("SJK", "2024-02-05", who='anstid="before"', timmar=8)
AFTER = transaction("SJK", "2024-02-05", who='anstid="after"', timmar=8)
LINE = 6
"""Of the record between the two."""
GOOD = transaction("SJK", "2024-02-05", timmar=8)


def understood(file: Path, **how: dict[str, str]) -> tuple[Understood, set[str]]:
    """The report, and whom events are made of."""
    report = Understood([])
    made = lines([file], [], ReadingOptions(CODES, **how), "paxml", report)
    report.events = dict(Counter(decode(line.body).type for line in made))
    return report, {line.body.decode().split('"subject":"person/')[1].split('"')[0] for line in made}


@pytest.mark.parametrize(
    ("record", "field", "said"),
    [
        (GOOD.replace("</timmar>", ""), "tidtrans", "mismatched tag"),
        (GOOD.replace("</tidtrans>", ""), "tidtrans", "not closed before the next record"),
        (GOOD.replace("SJK", "SJK & annat"), "tidtrans", "not well-formed"),
        (GOOD.replace("SJK", "S\x1bK"), "tidtrans", "not well-formed"),
        (GOOD.replace("SJK", "&skurk;"), "tidtrans", "undefined entity"),
        (GOOD.replace('anstid="1"', "anstid=1"), "tidtrans", "not well-formed"),
        (GOOD.replace('anstid="1"', ""), "anstid", "neither anstid nor persnr"),
        (GOOD.replace('anstid="1"', f'anstid="{"9" * 201}"'), "anstid", "longer than 200 characters"),
        (GOOD.replace("<tidkod>SJK</tidkod>", ""), "tidkod", "tidkod is missing"),
        (GOOD.replace("2024-02-05", "2024-02-30"), "datum", "'2024-02-30' is not a date like 2024-01-31"),
        (GOOD.replace("2024-02-05", "i måndags"), "datum", "'i måndags' is not a date"),
        (GOOD.replace("2024-02-05", "0024-02-05"), "datum", "is not a date"),
        (GOOD.replace("datum>", "dag>"), "datum", "neither datum nor datumfrom"),
        (GOOD.replace(">8<", ">åtta<"), "timmar", "'åtta' is not a number"),
        (GOOD.replace(">8<", ">24.5<"), "timmar", "24.5 is not between -24 and 24"),
        (GOOD.replace(">8<", ">-8<"), "timmar", "-8 takes back more than the files tell of 2024-02-05"),
        (GOOD.replace(">8<", ">NaN<"), "timmar", "'NaN' is not a number"),
        (GOOD.replace("timmar>8", "omfattning>120").replace("timmar", "omfattning"), "omfattning", "not between 0 and"),
        (transaction("SJK", "2024-02-05", "2024-02-04"), "datumtom", "2024-02-04 is before datumfrom"),
        (transaction("SJK", "2024-02-05", "2044-02-04"), "datumtom", "longer than ten years"),
        (transaction("SJK", "2099-02-05", timmar=8), "datum", "2099-02-05 is more than ten years after the file was"),
        (transaction("SJK", "2052-02-05", "2052-02-06", timmar=8), "datumtom", "more than ten years after the file"),
        (clocked("SJK", "2052-02-05T08:00:00", "2052-02-05T12:00:00"), "sluttid", "more than ten years after the file"),
        (transaction("ÖT1", "2024-02-05"), "timmar", "how many hours of ÖT1"),
        (
            clocked("SJK", "2024-02-05T12:00:00", "2024-02-05T08:00:00"),
            "sluttid",
            "is before starttid, 2024-02-05T12:00",
        ),
        (clocked("SJK", "2024-02-05T08:00:00", "2044-02-05T08:00:00"), "sluttid", "longer than ten years"),
        (clocked("SJK", "2024-02-05T08:00:00", "i morgon"), "sluttid", "'i morgon' is not a time"),
        (clocked("SJK", "08:00", "12:00"), "starttid", "'08:00' is not a time"),
        (clocked("SJK", "2024-02-05T25:00:00", "2024-02-05T26:00:00"), "starttid", "is not a time"),
        (clocked("SJK", "9999-12-31T24:00:00", "9999-12-31T24:00:00"), "starttid", "is not a time"),
        (clocked("SJK", "0001-01-01T00:00:00+14:00", "2024-02-05T08:00:00"), "starttid", "is not a time"),
        (clocked("SJK", "2024-02-05T08:00:00", ""), "sluttid", "sluttid is missing"),
    ],
)
def test_a_broken_record_spoils_no_other(tmp_path: Path, record: str, field: str, said: str):
    """It is told with its line, the field and what is wrong; those around it become events."""
    report, people = understood(written(tmp_path / "f.xml", paxml([BEFORE, record, AFTER])))
    assert people == {"before", "after"}
    (broken,) = report.broken
    assert (broken.line, broken.field, said in broken.message) == (LINE, field, True), broken
    assert (report.records, report.used) == (3, 2)


def test_the_line_is_that_of_the_fault(tmp_path: Path):
    """In a record of several lines."""
    record = GOOD.replace("><", ">\n<").replace("</timmar>", "</tid>")
    report, _ = understood(written(tmp_path / "f.xml", paxml([BEFORE, record, AFTER])))
    assert report.broken[0].line == LINE + 3


def test_a_file_that_ends_inside_a_record(tmp_path: Path):
    """What came before is used."""
    whole = paxml([BEFORE, GOOD])
    report, people = understood(
        written(tmp_path / "f.xml", whole[: whole.index("<timmar>8</timmar></tidtrans>\n<") + 4])
    )
    assert (people, len(report.broken)) == (set(), 1)
    report, people = understood(written(tmp_path / "f.xml", whole[: whole.rindex("<timmar>")]))
    assert (people, len(report.broken)) == ({"before"}, 1)


def test_unknown_codes_are_counted(tmp_path: Path):
    """Each with how often and where first; they are not broken, and not used."""
    unknown = [transaction("XYZ", "2024-02-05", timmar=1)] * 2
    report, people = understood(written(tmp_path / "f.xml", paxml([BEFORE, *unknown, AFTER])))
    assert (report.unknown_codes["XYZ"].count, report.unknown_codes["XYZ"].first_line) == (2, LINE)
    assert (people, report.broken, report.whole) == ({"before", "after"}, [], False)


def test_a_code_of_ones_own(tmp_path: Path):
    """A file of codes adds to those that are known, and overrides them."""
    own = tmp_path / "own.yaml"
    own.write_text("absence:\n  study: [FR1, sjk]\n", encoding="utf-8")
    meanings = codes.read(MAPPINGS / "paxml.yaml", own)
    assert (meanings["FR1"].kind, meanings["SJK"].kind, meanings["VAB"].kind) == ("study", "study", "child_care")


def test_a_wrong_file_of_codes_is_named(tmp_path: Path):
    """With what is wrong in it."""
    own = tmp_path / "own.yaml"
    own.write_text("absence:\n  ill: [FR1]\n", encoding="utf-8")
    with pytest.raises(HindranceError, match=r"own\.yaml: Invalid enum value 'ill'"):
        codes.read(own)


def test_comments_hold_no_records(tmp_path: Path):
    """Nor does text within a record."""
    quoted = GOOD.replace("</timmar>", "</timmar><info><![CDATA[<tidtrans anstid='x'>]]></info>")
    _, people = understood(written(tmp_path / "f.xml", paxml([f"<!-- {BEFORE} -->", quoted, AFTER])))
    assert people == {"1", "after"}


@pytest.mark.parametrize(
    ("declared", "bytes_of"),
    [
        ("ISO-8859-1", lambda text: text.encode("iso-8859-1")),
        ("UTF-8", lambda text: codecs.BOM_UTF8 + text.encode()),
        ("UTF-16", lambda text: text.encode("utf-16")),
        ("windows-1252", lambda text: text.encode("windows-1252")),
    ],
)
def test_encodings(tmp_path: Path, declared: str, bytes_of: Callable[[str], bytes]):
    """As declared, or as the byte order mark says."""
    file = tmp_path / "f.xml"
    content = paxml([transaction("ÖT1", "2024-02-05", timmar=2)]).replace("ISO-8859-1", declared)
    file.write_bytes(bytes_of(content))
    report, _ = understood(file)
    assert report.whole
    assert report.events == {"hr.time.reported.v1": 1}


def test_bytes_of_another_encoding_break_their_record(tmp_path: Path):
    """A file that says UTF-8 and holds a record in ISO-8859-1."""
    content = paxml([BEFORE, transaction("ÖT1", "2024-02-05", timmar=2), AFTER]).replace("ISO-8859-1", "UTF-8")
    report, people = understood(written(tmp_path / "f.xml", content.replace("LÖNIN", "LONIN")))
    assert people == {"before", "after"}
    assert [(b.line, "encoding" in b.message) for b in report.broken] == [(LINE, True)]


def test_attributes_and_elements_say_the_same(tmp_path: Path):
    """The layout of 1.0 and that of 2.x, with prefixes and without."""
    flat = '<tidtrans anstid="1" tidkod="SJK" datum="2024-02-05" timmar="8,0"/>'
    prefixed = GOOD.replace("<", "<p:").replace("<p:/", "</p:")
    (first, _), (second, _), (third, _) = (
        understood(written(tmp_path / f"{n}.xml", paxml([record]))) for n, record in enumerate([GOOD, flat, prefixed])
    )
    assert first.events == second.events == third.events == {"hr.absence.started.v1": 1}


def test_entities_are_not_expanded(tmp_path: Path):
    """A document type that would blow up is passed over with what refers to it."""
    bomb = '<!DOCTYPE paxml [<!ENTITY a "SJK"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>\n<paxml '
    record = GOOD.replace("SJK", "&b;")
    report, people = understood(written(tmp_path / "f.xml", paxml([record, AFTER]).replace("<paxml ", bomb)))
    assert people == {"after"}
    assert "undefined entity" in report.broken[0].message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<html></html>", "a web page \\(HTML\\), no PAXml: export it as PAXml"),
        ("", "the file is empty"),
        ("<paxl>", "not PAXml"),
        (paxml([GOOD]).replace("ISO-8859-1", "KLINGON"), "no encoding is called KLINGON"),
        (paxml([GOOD]).replace("<datum>2024-12-31T06:00:00</datum>", ""), "--as-of"),
    ],
)
def test_a_file_that_cannot_be_imported(tmp_path: Path, content: str, said: str):
    """The message names the file and what to do."""
    with pytest.raises(HindranceError, match=rf"f\.xml: .*{said}"):
        understood(written(tmp_path / "f.xml", content))


def test_a_file_of_the_future(tmp_path: Path):
    """What it says would hold against every file until then; ``recorded`` says when it was made in truth."""
    file = written(tmp_path / "a.xml", paxml([GOOD], made="2062-01-31"))
    with pytest.raises(HindranceError, match=r"made 2062-01-31: no file can be from then"):
        understood(file)
    recorded = datetime(2024, 3, 1, tzinfo=UTC)
    assert lines([file], [], ReadingOptions(CODES, recorded=recorded), "paxml", Understood([]))


def test_a_day_far_ahead_is_counted_from_when_the_file_was_made(tmp_path: Path):
    """As its header says, unless that is said otherwise; it is at fault at its own line, of a schedule too."""
    far = transaction("SJK", "2052-02-05", who='anstid="far"', timmar=8)
    planned = schedule({"2052-02-05": 8}, who='anstid="far"')
    report, people = understood(written(tmp_path / "f.xml", paxml([BEFORE, far], [planned])))
    assert ([b.line for b in report.broken], report.used, people) == ([LINE, 9], 1, {"before"})
    assert {b.reason for b in report.broken} == {"date_out_of_range"}
    assert "2052-02-05" in report.broken[0].cell


def test_days_after_the_file_was_made_are_remarked_on(tmp_path: Path):
    """By kind, with the line of the one farthest ahead: a plan, or a year typed wrong."""
    ahead = [
        *(transaction(code, f"2025-01-0{day}", timmar=8) for code, day in (("ARB", 2), ("ÖT1", 3), ("ARB", 2))),
        transaction("SJK", "2025-11-05", timmar=8),
        transaction("SEM", "2025-07-01", "2025-07-05"),
    ]
    planned = [schedule({"2025-06-01": 8}), schedule({"2026-06-01": 8})]
    report, _ = understood(written(tmp_path / "f.xml", paxml([BEFORE, *ahead], planned)))
    assert [(r.kind, r.numbers["n"], r.texts["far"], r.texts["line"]) for r in report.remarks if "far" in r.texts] == [
        ("hours_ahead", 3, "2025-01-03", str(LINE + 1)),
        ("absences_ahead", 2, "2025-11-05", str(LINE + 3)),
        ("schedules_ahead", 1, "2026-06-01", str(LINE + 8)),
    ]
    made_later = datetime(2025, 12, 31, tzinfo=UTC)
    report = Understood([])
    lines([tmp_path / "f.xml"], [], ReadingOptions(CODES, recorded=made_later), "paxml", report)
    assert not [remark for remark in report.remarks if "far" in remark.texts]


def test_an_employment_that_nobody_knows(tmp_path: Path):
    """With a register, a record of an employment that is not in it needs a person's number."""
    report, people = understood(written(tmp_path / "f.xml", paxml([BEFORE, AFTER])), register={"before": "anna"})
    assert people == {"anna"}
    assert (report.broken[0].line, "no employment 'after' in the register" in report.broken[0].message) == (LINE, True)


@pytest.mark.parametrize("rest", ["", "<tidtran", "<!-- half"])
def test_half_a_file_that_ends_between_records(tmp_path: Path, rest: str):
    """Nothing of it is broken, and what stood behind is lost: that is said."""
    whole = paxml([BEFORE, AFTER])
    report, whose = understood(written(tmp_path / "half.xml", whole[: whole.index(AFTER)] + rest))
    assert (report.faults, whose) == (0, {"before"})
    assert Remark("no_root_end", {}, {"file": "half.xml"}) in report.remarks


def test_a_whole_file_is_no_half(tmp_path: Path):
    """Also where its root has the prefix of a namespace, or something stands after it."""
    whole = paxml([BEFORE])
    for n, content in enumerate([whole, whole + "<!-- end -->", whole.replace("paxml", "p:paxml")]):
        report, _ = understood(written(tmp_path / f"{n}.xml", content))
        assert all(remark.kind != "no_root_end" for remark in report.remarks)


def test_a_file_without_records(tmp_path: Path):
    """Not even a header: it does not say when it was made."""
    with pytest.raises(HindranceError, match="its header has no datum"):
        understood(written(tmp_path / "bare.xml", "<paxml></paxml>"))
    assert understood(written(tmp_path / "made.xml", "<paxml></paxml>"), recorded=datetime.now(tz=UTC))[1] == set()
