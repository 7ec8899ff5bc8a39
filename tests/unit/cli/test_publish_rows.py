"""CSV rows and what a mapping makes of them."""

from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cli.connect.publishing.hindrance import HindranceError
from cli.connect.publishing.line import Line, LineFault
from cli.connect.publishing.mapping import Mapping, read
from cli.connect.publishing.rows import events
from services.ingest.domain.outcome import Accepted
from tests.unit.ingest.deciding import decided

MAPPING = """
source: personalsystem
delimiter: ";"
decimal: ","
events:
  - type: hr.employment.started.v1
    subject: person/{Nr}
    time: {column: Registrerad, format: "%Y-%m-%d %H:%M"}
    data:
      effective: {column: Från, date: "%d.%m.%Y"}
      unit: Enhet
      occupation: {column: Titel, values: {Socsekr: socialsekreterare}}
      form: {constant: permanent}
      fte: {column: Grad, divide: 100, default: 1}
      monthly_pay: Lön
      case_holder: {column: HL, values: {J: true, N: false}}
  - type: hr.employment.ended.v1
    subject: person/{Nr}
    time: {column: Registrerad, format: "%Y-%m-%d %H:%M"}
    filled: [Till]
    where: {Enhet: [Söder, Norr]}
    data:
      last_day: {column: Till, date: "%d.%m.%Y"}
      reason: {constant: other}
"""
HEADER = "Nr;Från;Till;Enhet;Titel;Grad;Lön;HL;Registrerad"
ROW = "7;01.02.2024;;Söder;Socsekr;75;38 500,50;J;2024-07-01 08:15"


@pytest.fixture
def mapping(tmp_path: Path) -> Mapping:
    """The mapping above, as read from a file."""
    return read(written(tmp_path, MAPPING))


def written(folder: Path, text: str) -> Path:
    """A mapping file."""
    file = folder / "mapping.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def of(mapping: Mapping, *rows: str, header: str = HEADER) -> list[Line | LineFault]:
    """What becomes of a file of those rows."""
    return list(events(BytesIO("\n".join([header, *rows]).encode()), "staff.csv", mapping))


def sent(mapping: Mapping, *rows: str) -> list[dict[str, Any]]:
    """The events of rows; fails on a fault."""
    lines = of(mapping, *rows)
    assert all(isinstance(line, Line) for line in lines), lines
    return [msgspec.json.decode(line.body) for line in lines if isinstance(line, Line)]


def test_a_row_becomes_an_event(mapping: Mapping):
    """Dates, numbers with a decimal comma, percent, words and constants are read as their field needs them."""
    (event,) = sent(mapping, ROW)
    assert event["subject"] == "person/7"
    assert event["time"] == "2024-07-01T08:15:00+02:00"
    assert event["data"] == {
        "effective": "2024-02-01",
        "unit": "Söder",
        "occupation": "socialsekreterare",
        "fte": 0.75,
        "monthly_pay": 38500.5,
        "case_holder": True,
    }


def test_a_row_may_mean_several_events(mapping: Mapping):
    """Each rule whose columns are filled, and whose conditions hold, makes one."""
    row = ROW.replace(";;", ";30.06.2024;")
    assert [e["type"] for e in sent(mapping, row, row.replace("Söder", "Öster"))] == [
        "hr.employment.started.v1",
        "hr.employment.ended.v1",
        "hr.employment.started.v1",
    ]


def test_an_empty_cell_leaves_the_field_out(mapping: Mapping):
    """Unless the mapping has a default for it."""
    (event,) = sent(mapping, ROW.replace("75;38 500,50;J", ";;"))
    assert event["data"].keys() == {"effective", "unit", "occupation", "fte"}
    assert event["data"]["fte"] == 1


def test_the_same_file_makes_the_same_ids(mapping: Mapping):
    """Publishing it again changes nothing; equal rows are two events all the same."""
    first, again = sent(mapping, ROW, ROW), sent(mapping, ROW, ROW)
    assert first == again
    assert first[0]["id"] != first[1]["id"]


def test_another_row_has_another_id(mapping: Mapping):
    """The id is a digest of what the event says."""
    assert sent(mapping, ROW)[0]["id"] != sent(mapping, ROW.replace("75", "80"))[0]["id"]


@pytest.mark.parametrize(
    ("row", "reason", "path"),
    [
        (ROW.replace("01.02.2024", "2024-02-01"), "invalid_value", "$.data.effective"),
        (ROW.replace("Socsekr", "Chef"), "invalid_value", "$.data.occupation"),
        (ROW.replace("75", "175"), "invalid_value", "$.data.fte"),
        (ROW.replace("75", "hel"), "invalid_value", "$.data.fte"),
        (ROW.replace("38 500,50", "mycket"), "wrong_type", "$.data.monthly_pay"),
        (ROW.replace("01.02.2024", ""), "missing_field", "$.data.effective"),
        (ROW.replace("7;01", ";01"), "missing_field", "$.subject"),
        (ROW.replace("08:15", "8 på morgonen"), "invalid_value", "$.time"),
        (f"{ROW};more", "invalid_value", "$"),
        ("7;01.02.2024", "invalid_value", "$.time"),
    ],
)
def test_a_faulty_row_is_told_and_the_others_go_on(mapping: Mapping, row: str, reason: str, path: str):
    """The line, the field and what is wrong with it."""
    good, bad, last = of(mapping, ROW, row, ROW)
    assert isinstance(good, Line)
    assert isinstance(last, Line)
    assert isinstance(bad, LineFault)
    assert (bad.place.number, bad.reason, bad.path) == (3, reason, path)


def test_bytes_that_are_not_utf8_fault_their_row_only(mapping: Mapping):
    """A file saved in an older encoding says so line by line."""
    content = "\n".join([HEADER, ROW, ROW.replace("Söder", "Norr")]).encode().replace("Söder".encode(), b"S\xf6der")
    bad, good = events(BytesIO(content), "staff.csv", mapping)
    assert isinstance(bad, LineFault)
    assert (bad.place.number, bad.reason) == (2, "not_utf8")
    assert isinstance(good, Line)


def test_a_field_that_is_too_long_faults_its_row_only(mapping: Mapping):
    """Whatever a program put there."""
    bad, good = of(mapping, ROW.replace("Söder", "x" * 200_000), ROW)
    assert isinstance(bad, LineFault)
    assert (bad.place.number, bad.reason) == (2, "invalid_value")
    assert "no CSV: field larger than field limit" in bad.message
    assert isinstance(good, Line)


def test_a_header_that_is_no_csv(mapping: Mapping):
    """Then no row can be read."""
    with pytest.raises(HindranceError, match=r"staff\.csv:1: the header is far too long"):
        of(mapping, ROW, header="x" * 200_000)


def test_a_second_column_of_the_same_name(mapping: Mapping):
    """Which of them is meant is not for us to guess; what nobody asks for may be there as often as it likes."""
    with pytest.raises(HindranceError, match=r"staff\.csv: more than one column is Enhet"):
        of(mapping, f"{ROW};Norr", header=f"{HEADER};Enhet")
    (line,) = of(mapping, f"{ROW};a;b", header=f"{HEADER};Ort;Ort")
    assert isinstance(line, Line)


def test_a_column_that_the_file_lacks(mapping: Mapping):
    """Found before anything is sent."""
    with pytest.raises(HindranceError, match=r"staff\.csv: no column Lön; the file has Nr, "):
        of(mapping, ROW, header=HEADER.replace("Lön", "Pay"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("hr.employment.ended", "hr.employment.stopped"), "no type is called hr.employment.stopped.v1"),
        (("unit: Enhet", "team: Enhet"), "has no field team"),
        (("filled:", "full:"), "unknown field `full`"),
        (("source: personalsystem", ""), "missing required field `source`"),
        (("form: {constant: permanent}", "form: {default: permanent}"), "form needs either a column or a constant"),
        (('delimiter: ";"', 'delimiter: ["'), "line"),
        (("source: personalsystem", "source: personalsystem\nencoding: klingon"), "no encoding is called klingon"),
        (("source: personalsystem", "source: personalsystem\nencoding: utf-16"), "save them as UTF-8"),
        (("hr.employment.ended.v1", "hr.event.retracted.v1"), "has no data, and needs states"),
        (("unit: Enhet", "unit: " + "{a: " * 3000), "nested more than 20 levels deep"),
        (("unit: Enhet", "unit: 0001-01-01T99:99:99"), "hour must be in 0..23"),
        (("unit: Enhet", "unit: !!binary å"), "binary"),
    ],
)
def test_a_wrong_mapping_is_refused(tmp_path: Path, wrong: tuple[str, str], said: str):
    """The message names the file and the place."""
    with pytest.raises(HindranceError, match=r"mapping\.yaml: ") as error:
        read(written(tmp_path, MAPPING.replace(*wrong)))
    assert said in str(error.value)


def test_the_example_of_the_documentation(tmp_path: Path):
    """The mapping and the rows shown there make the three events promised."""
    text = (Path(__file__).parents[3] / "services" / "ingest" / "README.md").read_text(encoding="utf-8")
    mapping = read(written(tmp_path, text.split("```yaml\n")[2].split("```")[0]))
    rows = text.split("```csv\n")[1].split("```")[0]
    lines = list(events(BytesIO(rows.encode()), "staff.csv", mapping))
    assert all(isinstance(line, Line) and isinstance(decided(line.body), Accepted) for line in lines), lines
    assert len(lines) == 3


def test_a_share_of_odd_hours_has_the_decimals_that_count(tmp_path: Path):
    """Hours a week of those of full time: ingest would refuse the other ten."""
    mapping = read(written(tmp_path, MAPPING.replace("divide: 100", "divide: 38.25")))
    (event,) = sent(mapping, ROW.replace("75", "25"))
    assert event["data"]["fte"] == 0.653595
