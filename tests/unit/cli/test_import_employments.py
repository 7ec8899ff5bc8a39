"""Employments of a CSV file, with the mapping that comes along."""

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cli.commands.import_ import MAPPINGS
from cli.connect.importing.employment_rows import lines
from cli.connect.importing.understood import Understood
from cli.connect.publishing.hindrance import HindranceError
from services.metrics.domain.facts.measures import Measure
from tests.unit.ingest.deciding import accepted
from tests.unit.metrics.folding import changes, fold

MAPPING = MAPPINGS / "anstallningar.yaml"
HEADER = (
    "Anställningsnr;Personnr;Org.enhet;Befattning;Anställningsform;Sysselsättningsgrad;Från;Till;Avgångsorsak;Månadslön"
)
ROW = "1001;19811218-9876;Barn och unga;Socialsekreterare;Tillsvidare;75;2021-03-01;;;38 500,50"
ENDS = ROW.replace(";;;", ";2024-05-31;Egen begäran;")
STARTED, CHANGED, ENDED = (f"hr.employment.{what}.v1" for what in ("started", "changed", "ended"))
Event = dict[str, Any]


def written(folder: Path, *rows: str, header: str = HEADER, encoding: str = "iso-8859-1", name: str = "f.csv") -> Path:
    """A file of those rows."""
    file = folder / name
    file.write_bytes("\r\n".join([header, *rows, ""]).encode(encoding))
    return file


def imported(file: Path, as_of: str = "2024-04-01", previous: Path | None = None) -> list[Event]:
    """The events of a file without faults."""
    report = Understood([])
    made = list(lines(file, previous, MAPPING, datetime.fromisoformat(as_of), report))
    assert report.broken == []
    return [msgspec.json.decode(line.body) for line in made]


def faults(file: Path) -> list[tuple[int, str, str]]:
    """Row, field and message of what could not be read."""
    report = Understood([])
    list(lines(file, None, MAPPING, datetime(2024, 4, 1), report))  # noqa: DTZ001 -- the file's own clock
    return [(b.line, b.field, b.message) for b in report.broken]


def said(events: list[Event], type_: str) -> list[dict[str, Any]]:
    """The data of the events of a type."""
    return [e["data"] for e in events if e["type"] == type_]


def test_a_row_is_an_employment(tmp_path: Path):
    """Per cent, decimal comma, thousands apart; gender and year of birth from the number."""
    (data,) = said(imported(written(tmp_path, ROW)), STARTED)
    assert data == {
        "employment": "1001",
        "effective": "2021-03-01",
        "unit": "Barn och unga",
        "occupation": "Socialsekreterare",
        "fte": 0.75,
        "monthly_pay": 38500.5,
        "gender": "m",
        "born": 1981,
    }


def test_variable_pay_and_category(tmp_path: Path):
    """Columns of their own; an empty cell says nothing."""
    header = f"{HEADER};Tillägg;Kategori"
    (data,) = said(imported(written(tmp_path, f"{ROW};1 250,00;BAS 12", header=header)), STARTED)
    assert (data["variable_pay"], data["category"]) == (1250, "BAS 12")
    (data,) = said(imported(written(tmp_path, f"{ROW};;", header=header)), STARTED)
    assert not {"variable_pay", "category"} & data.keys()


def test_what_is_made_is_accepted(tmp_path: Path):
    """By ingest, as it stands, and a person's number leaves with it."""
    for event in imported(written(tmp_path, ENDS)):
        assert "19811218" not in str(accepted(event))


def test_an_end_has_its_reason(tmp_path: Path):
    """In the words of payroll systems; none is other."""
    (end,) = said(imported(written(tmp_path, ENDS)), ENDED)
    assert end == {"employment": "1001", "last_day": "2024-05-31", "reason": "own_request"}
    (end,) = said(imported(written(tmp_path, ENDS.replace("Egen begäran", ""))), ENDED)
    assert end["reason"] == "other"


def test_several_employments_of_a_person(tmp_path: Path):
    """Each row is one of its own."""
    events = imported(written(tmp_path, ROW, ROW.replace("1001", "1002").replace("75", "25")))
    assert [data["fte"] for data in said(events, STARTED)] == [0.75, 0.25]
    assert len({e["subject"] for e in events}) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-1", "windows-1252"])
@pytest.mark.parametrize("delimiter", [";", "\t", ","])
def test_encodings_and_delimiters_are_found_out(tmp_path: Path, encoding: str, delimiter: str):
    """By the file itself."""
    row, header = (text.replace("38 500,50", "38 500").replace(";", delimiter) for text in (ROW, HEADER))
    events = imported(written(tmp_path, row, header=header, encoding=encoding))
    assert said(events, STARTED)[0]["unit"] == "Barn och unga"


def test_a_declared_encoding(tmp_path: Path):
    """A mapping may say it."""
    mapping = tmp_path / "m.yaml"
    mapping.write_text(MAPPING.read_text("utf-8").replace("encoding: detect", "encoding: cp850"), "utf-8")
    file = written(tmp_path, ROW.replace("Barn och unga", "Ö"), encoding="cp850")
    made = list(lines(file, None, mapping, datetime(2024, 4, 1), Understood([])))  # noqa: DTZ001 -- the file's own clock
    assert said([msgspec.json.decode(line.body) for line in made], STARTED)[0]["unit"] == "Ö"


@pytest.mark.parametrize("day", ["2021-03-01", "20210301", "2021/03/01", "01.03.2021", "01/03/2021"])
def test_spellings_of_a_day(tmp_path: Path, day: str):
    """All that Swedish programs write."""
    events = imported(written(tmp_path, ROW.replace("2021-03-01", day)))
    assert said(events, STARTED)[0]["effective"] == "2021-03-01"


def test_columns_by_other_names(tmp_path: Path):
    """And in other letters; columns that are not needed may be away, others are told and not read."""
    header = "PERSONNUMMER;Namn;Anstnr;Enhet;Titel;Anstform;Syssgrad;Fr.o.m."
    file = written(tmp_path, "19811218-9876;Namn;1;Vuxen;Chef;tillsvidare;100 %;2021-03-01", header=header)
    report = Understood([])
    made = list(lines(file, None, MAPPING, datetime(2024, 4, 1), report))  # noqa: DTZ001 -- the file's own clock
    (data,) = said([msgspec.json.decode(line.body) for line in made], STARTED)
    assert (data["unit"], data["role"], report.columns_not_read) == ("Vuxen", "manager", ["Namn"])


def test_a_column_that_is_needed(tmp_path: Path):
    """Without it nothing can be done."""
    with pytest.raises(HindranceError, match=r"f\.csv: no column Från; the file has Anställningsnr, "):
        imported(written(tmp_path, ROW, header=HEADER.replace("Från", "Sedan")))


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        (("Tillsvidare", "Projekt"), "$.data.form", "Anställningsform 'Projekt': expected one of Tillsvidare, "),
        (("75", "hel"), "$.data.fte", "Sysselsättningsgrad 'hel': expected a number"),
        (("75", "175"), "$.data.fte", "Sysselsättningsgrad '175': Expected `float` <= 1.0"),
        (("2021-03-01", "2021-02-30"), "$.data.effective", "Från '2021-02-30': expected a date like 2024-01-31 or "),
        (("2021-03-01", ""), "$.data.effective", "Från '': effective is missing"),
        (("38 500,50", "12"), "$.data.monthly_pay", "Månadslön '12': monthly_pay: not within 5,000"),
        (("38 500,50", "38.5"), "$.data.monthly_pay", "Månadslön '38.5': monthly_pay: not within"),
        (("19811218-9876", ""), "$.subject", "Personnr is empty"),
    ],
)
def test_a_wrong_value(tmp_path: Path, wrong: tuple[str, str], field: str, message: str):
    """Row, column, value and what was expected; the other rows go on."""
    file = written(tmp_path, ROW.replace("1001", "1"), ROW.replace(*wrong), ROW.replace("1001", "3"))
    row, where, said = faults(file)[0]
    assert (row, where, message in said) == (3, field, True), said


def test_an_unknown_reason(tmp_path: Path):
    """It is not other: the mapping should say what it is."""
    (fault,) = faults(written(tmp_path, ENDS.replace("Egen begäran", "Hittade guld")))
    assert fault[:2] == (2, "$.data.reason")
    assert "Avgångsorsak 'Hittade guld': expected one of Egen begäran, " in fault[2]


def test_an_employment_in_two_rows(tmp_path: Path):
    """The first holds; the other is told, with what it repeats."""
    found = faults(written(tmp_path, ROW, ROW.replace("75", "50")))
    said = "Anställningsnr '1001': row 2 says something else of the same"
    assert [(row, message) for row, _, message in found] == [(3, said)]


def test_an_end_before_the_start(tmp_path: Path):
    """The row is not used: what of it is wrong nobody knows."""
    report = Understood([])
    file = written(tmp_path, ENDS.replace("2024-05-31", "2020-05-31"))
    assert list(lines(file, None, MAPPING, datetime(2024, 4, 1), report)) == []  # noqa: DTZ001 -- the file's own clock
    assert report.broken[0].message == "Till '2020-05-31': it ends 2020-05-31, before it starts, 2021-03-01"


def test_a_row_is_used_whole_or_not_at_all(tmp_path: Path):
    """One with an unknown reason does not say that the employment goes on."""
    report = Understood([])
    file = written(tmp_path, ENDS.replace("Egen begäran", "Hittade guld"))
    assert list(lines(file, None, MAPPING, datetime(2024, 4, 1), report)) == []  # noqa: DTZ001 -- the file's own clock


def test_the_same_file_makes_the_same_events(tmp_path: Path):
    """And beside itself as the previous one, none."""
    file = written(tmp_path, ROW, ENDS.replace("1001", "1002"))
    assert imported(file) == imported(file)
    assert imported(file, previous=file) == []


def test_only_what_the_previous_file_did_not_say(tmp_path: Path):
    """A row that changed is said anew."""
    before = written(tmp_path, ROW, ROW.replace("1001", "1002"), name="before.csv")
    after = written(tmp_path, ROW, ENDS.replace("1001", "1002"))
    assert [e["type"] for e in imported(after, previous=before)] == [ENDED]


def folded(*events: Event) -> dict[str, float]:
    """How the full-time equivalents change; with nothing that contradicts."""
    found = fold(*events)
    assert found.anomalies == {}
    return changes(found, Measure.fte)


def test_the_latest_file_holds_whatever_order_they_come_in(tmp_path: Path):
    """A start that moved, an extent that changed and changed back, an end that was taken back."""
    first = imported(written(tmp_path, ENDS), "2024-04-01")
    second = imported(written(tmp_path, ENDS.replace("75", "50").replace("2021-03-01", "2021-04-01")), "2024-05-01")
    third = imported(written(tmp_path, ROW), "2024-06-01")
    ended = {"2021-03-01": 0.75, "2024-06-01": -0.75}
    assert folded(*first) == ended
    assert folded(*first, *second) == folded(*second, *first) == {"2021-04-01": 0.5, "2024-06-01": -0.5}
    for order in ((first, second, third), (third, second, first), (second, third, first, third)):
        assert folded(*(event for events in order for event in events)) == {"2021-03-01": 0.75}


def test_terms_that_hold_since_a_day(tmp_path: Path):
    """With a column for it, a later file's other extent holds from that day on."""
    header = HEADER + ";Gäller från"
    first = imported(written(tmp_path, ROW + ";2021-03-01", header=header), "2024-04-01")
    second = imported(written(tmp_path, ROW.replace("75", "50") + ";2024-05-01", header=header), "2024-05-01")
    assert folded(*first, *second) == {"2021-03-01": 0.75, "2024-05-01": -0.25}


def test_no_id_is_made_of_a_person(tmp_path: Path):
    """Neither of the employee nor of the manager: who sees an id could try all identity numbers."""
    header = HEADER + ";Chef;Kön;Födelseår"
    rows = ROW + ";19811218-9876;K;1980", ROW.replace("19811218-9876", "19640823-3234") + ";19640823-3234;K;1980"
    one, two = ([e["id"] for e in imported(written(tmp_path, row, header=header))] for row in rows)
    assert one == two
