"""What only a whole PAXml file shows: its encoding, its own day, shares among per cents, records told twice."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import Result
from typer.testing import CliRunner

from cli.main import app
from tests.unit.cli.paxml import paxml, transaction, written

RUN = CliRunner()


def run(file: Path, *options: str) -> Result:
    """The command, in Swedish."""
    return RUN.invoke(app, ["import", "paxml", str(file), *options])


def events(result: Result) -> list[dict[str, Any]]:
    """What it wrote to stdout."""
    return [msgspec.json.decode(line) for line in result.stdout.splitlines()]


def away(*extents: str) -> str:
    """A file of sick days in February, each to an extent."""
    return paxml(
        transaction("SJK", f"2023-02-{2 * n + 1:02}", who=f'anstid="w{n}"', omfattning=extent)
        for n, extent in enumerate(extents)
    )


@pytest.mark.parametrize(
    ("extents", "read"),
    [(("0,5", "0.75", "1"), [0.5, 0.75, 1]), (("1", "1"), [1, 1]), (("50", "75", "100"), [0.5, 0.75, 1])],
)
def test_extents_that_are_all_shares_are_read_as_shares(tmp_path: Path, extents: tuple[str, ...], read: list[float]):
    """And that is remarked on; per cents are not."""
    result = run(written(tmp_path / "f.xml", away(*extents)))
    assert (result.exit_code, [e["data"]["extent"] for e in events(result)]) == (0, read)
    said = (
        f"Fältet omfattning är i f.xml läst som delar av en heltid: 1 är heltid, 0,75 är 75 procent. {len(read)} poster"
    )
    assert (said in result.stderr) == ("50" not in extents)


def test_a_share_among_per_cents_is_at_fault(tmp_path: Path):
    """It can be either; the others are used."""
    result = run(written(tmp_path / "f.xml", away("50", "0,5", "1", "80")))
    assert (result.exit_code, [e["data"]["extent"] for e in events(result)]) == (1, [0.5, 0.8])
    assert "4 poster: 2 används, 0 hoppas över, 0 har okända koder, 2 kan inte användas." in result.stderr
    assert "Fältet omfattning: det kan vara procent eller del av heltid." in result.stderr
    assert "rad 6 ”0.5”, rad 7 ”1”" in result.stderr


def test_a_vacation_next_summer(tmp_path: Path):
    """All days lie after the day of the file: it tells since its own day, and every record is used."""
    days = [transaction("SEM", f"2024-07-{day:02}", timmar=8) for day in (1, 2, 3, 4, 5, 8)]
    result = run(written(tmp_path / "f.xml", paxml(days, made="2024-02-29")))
    assert (result.exit_code, {e["knownfrom"] for e in events(result)}) == (0, {"2024-02-29"})
    assert "6 poster: 6 används, 0 hoppas över, 0 har okända koder, 0 kan inte användas." in result.stderr


def test_what_an_event_is_refused_for_is_not_counted_as_used(tmp_path: Path):
    """A name that ingest does not take: the record is at fault, and all of them add up."""
    days = [transaction("SJK", "2024-07-01", who='persnr="???"', timmar=8), transaction("SJK", "2024-07-02", timmar=8)]
    result = run(written(tmp_path / "f.xml", paxml(days)))
    assert "2 poster: 1 används, 0 hoppas över, 0 har okända koder, 1 kan inte användas." in result.stderr
    assert "  Det ska vara det som säger vem det gäller, med bokstäver" in result.stderr


RECORDS = [transaction("SJK", "2024-02-05", timmar=8), transaction("ÖT1", "2024-02-06", timmar=2)]


def test_utf8_that_is_declared_otherwise_is_read_as_utf8(tmp_path: Path):
    """And that is remarked on: no code is unknown."""
    file = tmp_path / "f.xml"
    file.write_bytes(paxml(RECORDS).encode())
    result = run(file)
    assert (result.exit_code, len(events(result))) == (0, 2)
    assert "f.xml säger att den är i ISO-8859-1 men är skriven i UTF-8, och är läst så." in result.stderr


def test_a_file_that_is_not_in_the_utf8_it_declares(tmp_path: Path):
    """Its records are said to be that; a header in another encoding keeps the file from being read."""
    declared = paxml(RECORDS).replace("ISO-8859-1", "UTF-8")
    result = run(written(tmp_path / "f.xml", declared))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "f.xml: filen är inte skriven i den teckenkodning som den anger, UTF-8:" in result.stderr
    result = run(written(tmp_path / "f.xml", declared.replace("LÖNIN", "LONIN")))
    assert (result.exit_code, len(events(result))) == (1, 1)
    assert "tecknen är inte i den teckenkodning som filen anger." in result.stderr


def test_a_header_whose_day_is_none(tmp_path: Path):
    """It is said with what stands there; with ``--as-of`` it does not matter."""
    file = written(tmp_path / "f.xml", paxml(RECORDS).replace("2024-12-31T06:00:00", "3/4/2024"))
    result = run(file)
    assert (result.exit_code, "f.xml: filens header har datum ”3/4/2024”, och det går" in result.stderr) == (2, True)
    result = run(file, "--as-of", "2024-04-03")
    assert (result.exit_code, len(events(result))) == (0, 2)


def test_records_that_are_identical_are_remarked_on(tmp_path: Path):
    """They may be two shifts, so both count."""
    result = run(written(tmp_path / "f.xml", paxml([*RECORDS, RECORDS[1], RECORDS[1]])))
    assert "f.xml: 2 poster säger precis samma sak som en tidigare, den första på rad 7." in result.stderr
    assert [e["data"].get("overtime_hours") for e in events(result)] == [None, 6]


@pytest.mark.parametrize("left_empty", ["<timmar></timmar>", "<timmar/>", "<timmar> </timmar>"])
def test_hours_that_are_left_empty_are_remarked_on(tmp_path: Path, left_empty: str):
    """An absence without hours is of the whole day; that may not be what was meant."""
    record = transaction("VAB", "2024-02-07").replace("</tidtrans>", f"{left_empty}</tidtrans>")
    result = run(written(tmp_path / "f.xml", paxml([record])))
    assert "f.xml: 1 post har fältet timmar utan något i, den första på rad 5. Räknas som hela dagar." in result.stderr
    assert [e["data"]["extent"] for e in events(result)] == [1]
    assert "utan något i" not in run(written(tmp_path / "f.xml", paxml(RECORDS))).stderr


@pytest.mark.parametrize("never", ["9999-12-31", "2999-12-31"])
def test_an_absence_that_never_ends(tmp_path: Path, never: str):
    """It is known to last until the file was made."""
    result = run(written(tmp_path / "f.xml", paxml([transaction("TJL", "2024-05-01", never)], made="2024-06-28")))
    (event,) = events(result)
    assert (event["data"]["effective"], event["data"]["last_day"]) == ("2024-05-01", "2024-06-30")
    assert "f.xml: 1 post har inget slut, den första på rad 5. Räknas till och med dagen då filen" in result.stderr


@pytest.mark.parametrize("never", ["9999-12-31", "2999-12-31", "9999-12-31T00:00:00"])
def test_an_employment_that_never_ends(tmp_path: Path, never: str):
    """It has no end."""
    person = (
        f'<personal><person anstid="1"><anstdatum>2020-01-01</anstdatum><avgdatum>{never}</avgdatum>'
        '<befattning>Kurator</befattning><resenheter><resenhet dim="1" id="77"/></resenheter></person></personal>'
    )
    result = run(
        written(tmp_path / "f.xml", paxml(RECORDS).replace("<tidtransaktioner>", f"{person}\n<tidtransaktioner>"))
    )
    assert "hr.employment.ended.v1" not in {e["type"] for e in events(result)}
    assert "hr.employment.started.v1" in {e["type"] for e in events(result)}


def test_records_on_one_line_are_all_told(tmp_path: Path):
    """None is only counted: three at fault are three rows told."""
    bad = [transaction("SJK", f"2024-02-{day}", timmar=8) for day in (30, 31, 32)]
    content = paxml([*RECORDS, *bad]).replace("\n<tidtrans ", "<tidtrans ")
    said = run(written(tmp_path / "f.xml", content)).stderr
    assert said.count("rad 4 ”2024-02-3") == 3
    assert "Ytterligare" not in said
    planned = '<schema anstid="1"><dag datum="x" timmar="8"/><dag datum="y" timmar="8"/></schema>'
    said = run(written(tmp_path / "f.xml", paxml(RECORDS, [planned]))).stderr
    assert "3 poster: 2 används, 0 hoppas över, 0 har okända koder, 1 kan inte användas." in said
    assert "Ytterligare" not in said


def test_faults_are_told_in_swedish_with_their_field(tmp_path: Path):
    """Those that only rules or a number's range find, too."""
    record = transaction("SJK", "2024-02-05", omfattning=150)
    bad = (
        record,
        record.replace("150", "0"),
        record.replace("<tidkod>SJK</tidkod>", ""),
        record.replace("datum>", "dag>").replace("150", "100"),
    )
    said = run(written(tmp_path / "f.xml", paxml([*RECORDS, *bad]))).stderr
    for line in (
        "Fältet omfattning: Det ska vara procent av heltid, mer än 0 och högst 100, till exempel 75.\n    rad 7 ”150”",
        "Fältet tidkod: något saknas. Det ska vara en tidkod som SJK.\n    rad 9",
        "Fältet datum: något saknas. Det ska vara ett datum som 2024-01-31.\n    rad 10",
    ):
        assert line in said
    assert not [word for word in ("between", "expected", "missing", "neither") if word in said]
