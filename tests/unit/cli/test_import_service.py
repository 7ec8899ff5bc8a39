"""Days of service: hours are cut at the first and the last one, whoever tells of them."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from cli.commands.import_ import MAPPINGS
from cli.connect.importing import codes, register
from cli.connect.importing.paxml import ReadingOptions, lines
from cli.connect.importing.period import Days
from cli.connect.importing.told import report_lines
from cli.connect.importing.understood import Remark, Understood
from cli.main import app
from tests import builders as make
from tests.unit.cli.paxml import paxml, schedule, transaction, written

CODES = codes.read(MAPPINGS / "paxml.yaml")
WORKED = [transaction("TID", f"2024-05-{day:02}", timmar=8) for day in (6, 13, 20, 27)]
PERSON = {"anstdatum": "2024-05-13", "befattning": "Socialsekreterare", "anstform": "Tillsvidare", "sysgrad": 75}
UNIT = '<resenheter><resenhet dim="6" id="9"/><resenhet dim="1" id="410"/></resenheter>'


def person(who: str = 'anstid="1"', more: str = UNIT, **told: object) -> str:
    """A ``person``, with what is told in place of the usual."""
    fields = "".join(f"<{name}>{value}</{name}>" for name, value in (PERSON | told).items() if value is not None)
    return f"<person {who}>{fields}{more}</person>"


def with_persons(content: str, *persons: str) -> str:
    """The file with ``personal``."""
    return content.replace("</paxml>", f"<personal>{''.join(persons)}</personal></paxml>")


def imported(folder: Path, content: str, report: Understood | None = None, **how: object) -> list[dict[str, Any]]:
    """The events of a file."""
    file = written(folder / "f.xml", content)
    made = lines([file], [], ReadingOptions(CODES, **how), "paxml", report or Understood([]))
    return [msgspec.json.decode(line.body) for line in made]


def of_type(events: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """The data of the events of a type."""
    return [e["data"] for e in events if e["type"] == name]


def hours(events: list[dict[str, Any]]) -> list[tuple[str, str, float]]:
    """First day, last day and hours of the reports."""
    return [(d["from"], d["to"], d["worked_hours"]) for d in of_type(events, "hr.time.reported.v1")]


def days(first: str, last: str) -> Days:
    """From one day to another."""
    return msgspec.convert([first, last], Days)


def test_hours_are_of_days_in_service(tmp_path: Path):
    """Who came on the 13th and left on the 24th worked no day before or after."""
    report = Understood([])
    found = imported(tmp_path, paxml(WORKED), report, service={"1": [days("2024-05-13", "2024-05-24")]})
    assert hours(found) == [("2024-05-13", "2024-05-24", 16)]
    assert [(b.line, b.reason) for b in report.broken] == [(5, "outside_employment"), (8, "outside_employment")]
    assert "8 hours on 2024-05-06, when the employment is not: it lasts 2024-05-13 to 2024-05-24" in str(report.broken)
    assert (report.records, report.used) == (4, 2)


def test_who_came_back_has_a_report_of_each_time(tmp_path: Path):
    """Two periods of an employment in one month; a schedule tells of days between."""
    plan = schedule({f"2024-05-{day:02}": 8 for day in range(6, 11)})
    service = {"1": [days("2024-05-06", "2024-05-07"), days("2024-05-09", "9999-12-31")]}
    assert hours(imported(tmp_path, paxml([], [plan]), service=service)) == [
        ("2024-05-06", "2024-05-07", 16),
        ("2024-05-09", "2024-05-10", 16),
    ]


def test_a_report_that_was_longer_is_replaced(tmp_path: Path):
    """What an import without the employments said of the month is said anew, not once more."""
    (before,) = imported(tmp_path, paxml(WORKED[1:]))
    service = {"1": [days("2024-05-14", "9999-12-31")]}
    (after,) = imported(tmp_path, paxml(WORKED[1:]), service=service)
    assert (after["corrects"], after["data"]["from"]) == (before["corrects"], "2024-05-14")


def test_the_events_of_employments_say_when_they_last(tmp_path: Path):
    """The last statement of each; an end that was taken back is none."""
    file = tmp_path / "staff.jsonl"
    end = make.employment_ended("anna", "2024-05-24", employment="1")
    told = [
        make.employment_started("anna", "2024-05-13", employment="1"),
        end,
        make.employment_started("bo", "2024-01-01", employment="2"),
        make.employment_ended("bo", "2024-02-29", employment="2"),
        make.employment_started("bo", "2024-05-13", employment="2"),
    ]
    file.write_bytes(b"\n".join(msgspec.json.encode(event) for event in told))
    known = register.read(file)
    assert known.persons == {"1": "anna", "2": "bo"}
    assert known.service["1"] == [days("2024-05-13", "2024-05-24")]
    assert known.service["2"] == [days("2024-01-01", "2024-02-29"), days("2024-05-13", "9999-12-31")]


def test_persons_are_employments(tmp_path: Path):
    """Since when, where, as what, to which degree; their absence is of that employment, their hours of its days."""
    told = person('anstid="1" persnr="198112189876"', avgdatum="2024-05-24", lonform="MÅN")
    ill = transaction("SJK", "2024-05-21", timmar=8)
    events = imported(tmp_path, with_persons(paxml([*WORKED[1:3], ill], made="2024-06-01"), told))
    assert {e["subject"] for e in events} == {"person/198112189876"}
    assert of_type(events, "hr.employment.started.v1") == [
        {
            "effective": "2024-05-13",
            "unit": "410",
            "occupation": "Socialsekreterare",
            "form": "permanent",
            "fte": 0.75,
            "born": 1981,
            "gender": "m",
            "employment": "1",
        }
    ]
    assert of_type(events, "hr.employment.ended.v1") == [
        {"employment": "1", "last_day": "2024-05-24", "reason": "other"}
    ]
    assert of_type(events, "hr.absence.started.v1")[0]["employment"] == "1"
    assert hours(events) == [("2024-05-13", "2024-05-21", 16)]
    assert {e["knownfrom"] for e in events if e["type"].startswith("hr.employment")} == {"2024-06-01"}


def test_a_degree_since_a_day(tmp_path: Path):
    """It holds from that day on; hourly staff are told by their pay; no end takes an earlier one back."""
    told = person(more=f'<sysgrad datum="2024-06-01">50</sysgrad>{UNIT}', sysgrad=None)
    hourly = person('anstid="2"', lonform="TIM", avgdatum="9999-12-31")
    report = Understood([])
    events = imported(tmp_path, with_persons(paxml([]), told.replace("Tillsvidare", ""), hourly), report)
    assert "  1 person has no anstform and counts as permanent." in report_lines(report, 5, "en")
    assert of_type(events, "hr.employment.changed.v1") == [{"employment": "1", "effective": "2024-06-01", "fte": 0.5}]
    assert [d["form"] for d in of_type(events, "hr.employment.started.v1")] == ["permanent", "hourly"]
    assert [e["type"] for e in events].count("hr.event.retracted.v1") == 2


def test_a_person_without_a_unit_is_no_employment(tmp_path: Path):
    """But whose it is and since when is known; who is to be deleted is not read."""
    report = Understood([])
    told = [person('anstid="1" persnr="198112189876"', more=""), '<person anstid="2" delete="true"/>']
    events = imported(tmp_path, with_persons(paxml(WORKED[1:]), *told), report)
    assert [(e["type"], e["subject"]) for e in events] == [("hr.time.reported.v1", "person/198112189876")]
    assert hours(events) == [("2024-05-13", "2024-05-27", 24)]
    assert report.remarks == [Remark("bare_persons", {"n": 1}, {"dimension": "1"})]
    assert (report.records, report.used, report.passed_over) == (5, 3, 2)


def test_the_events_of_employments_know_better(tmp_path: Path):
    """What ``personal`` says of an employment that is in them is not told again."""
    content = with_persons(paxml(WORKED), person(anstdatum="2024-05-27"))
    events = imported(tmp_path, content, register={"1": "anna"}, service={"1": [days("2020-01-01", "9999-12-31")]})
    assert [(e["type"], e["subject"]) for e in events] == [("hr.time.reported.v1", "person/anna")]


@pytest.mark.parametrize(
    ("told", "field", "said"),
    [
        ({"anstdatum": "igår"}, "anstdatum", "'igår' is not a date"),
        ({"avgdatum": "2024-05-12"}, "avgdatum", "2024-05-12 is before anstdatum, 2024-05-13"),
        ({"avgdatum": "2098-12-30"}, "avgdatum", "2098-12-30 is more than 70 years from when the file was made"),
        ({"sysgrad": "0.75"}, "sysgrad", "0.75 is a share; expected percent"),
        ({"sysgrad": "175"}, "sysgrad", "not between 0 and 100"),
        ({"anstform": "Projekt"}, "anstform", "'Projekt' is none of tillsvidare"),
    ],
)
def test_a_broken_person_spoils_no_other(tmp_path: Path, told: dict[str, str], field: str, said: str):
    """It is told with its field; the others become employments."""
    report = Understood([])
    events = imported(tmp_path, with_persons(paxml([]), person(**told), person('anstid="2"')), report)
    assert [d["employment"] for d in of_type(events, "hr.employment.started.v1")] == ["2"]
    assert [(b.field, said in b.message) for b in report.broken] == [(field, True)]


def test_of_an_employment_at_fault_nothing_is_made(tmp_path: Path):
    """Ingest would refuse its start: that it has no end is not sent without it, and the others are."""
    content = with_persons(paxml([]), person(avgdatum="2024-12-31") + "\n", person('anstid="2"', befattning="x" * 300))
    file, out = written(tmp_path / "f.xml", content), tmp_path / "out.jsonl"
    result = CliRunner().invoke(app, ["import", "paxml", str(file), "--output", str(out)])
    assert "2 poster: 1 används" in result.stderr
    assert (result.exit_code, '"person/2"' in out.read_text()) == (1, False)
    assert [
        e["type"] for e in map(msgspec.json.decode, out.read_bytes().splitlines()) if e["subject"] == "person/1"
    ] == [
        "hr.employment.started.v1",
        "hr.employment.ended.v1",
    ]


def test_from_the_command_line_to_the_numbers(tmp_path: Path):
    """Everybody's hours are all counted, also of who came in the middle of the month."""
    staff, out = tmp_path / "staff.jsonl", tmp_path / "out.jsonl"
    told = [
        make.employment_started("anna", "2020-01-01", employment="2"),
        make.employment_started("bo", "2024-05-13", employment="1"),
    ]
    staff.write_bytes(b"\n".join(msgspec.json.encode(event) for event in told))
    others = [t.replace('anstid="1"', 'anstid="2"') for t in WORKED]
    file = written(tmp_path / "f.xml", paxml([*others, *WORKED[1:]], made="2024-06-01"))
    run = CliRunner()
    assert (
        run.invoke(app, ["import", "paxml", str(file), "--employments", str(staff), "--output", str(out)]).exit_code
        == 0
    )
    asked = ["--as-of", "2024-05-27", "--window", "22", "--min-group", "0", "--format", "json", "--measures"]
    report = msgspec.json.decode(run.invoke(app, ["compute", str(staff), str(out), *asked]).stdout)
    (everything,) = (row for row in report["rows"] if row["unit"] == "*")
    assert everything["measures"]["worked_hours"]["flow"] == pytest.approx(56, abs=1e-3)
