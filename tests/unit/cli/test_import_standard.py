"""What the standard of PAXml lets a file say, and what common senders add: worked out by hand."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cli.commands.import_ import MAPPINGS
from cli.connect.importing import codes
from cli.connect.importing.paxml import ReadingOptions, lines
from cli.connect.importing.told import report_lines
from cli.connect.importing.understood import Remark, Understood
from tests.unit.cli.paxml import clocked, paxml, schedule, transaction, written

CODES = codes.read(MAPPINGS / "paxml.yaml")
STANDARD = re.split(
    r"\s+",
    "SJK SJK_KAR SJK_LÖN SJK_ERS SJK_PEN ASK HAV FPE VAB SMB UTB MIL SVE NÄR TJL SEM SEM_BET SEM_SPA SEM_OBE SEM_FÖR "
    "KOM PEM PER FAC ATK KON PAP ATF FR1 FR2 FR3 FR4 FR5 FR6 FR7 FR8 FR9 FLX TS1 TS2 TS3 TS4 TS5 TS6 TS7 TS8 TS9 TID "
    "ARB MER ÖT1 ÖT2 ÖT3 ÖT4 ÖT5 ÖK1 ÖK2 ÖK3 ÖK4 ÖK5 OB1 OB2 OB3 OB4 OB5 OS1 OS2 OS3 OS4 OS5 JR1 JR2 JR3 JS1 JS2 JS3 "
    "BE1 BE2 BE3 BS1 BS2 BS3 RE1 RE2 RE3 HLG SKI LT1 LT2 LT3 LT4 LT5 LT6 LT7 LT8 LT9 NV1 NV2 NV3 NV4 NV5 NV6 NV7 NV8 "
    "NV9",
)
"""tidkodTYPE of the schema of PAXml 2.0."""
Event = dict[str, Any]


def imported(
    folder: Path, *contents: str, previous: int = 0, report: Understood | None = None, **how: object
) -> list[Event]:
    """The data of the events of files, of which the first ``previous`` were imported before."""
    files = [written(folder / f"{n}.xml", content) for n, content in enumerate(contents)]
    made = lines(files[previous:], files[:previous], ReadingOptions(CODES, **how), "paxml", report or Understood([]))
    return [msgspec.json.decode(line.body).get("data") for line in made]


def days(code: str, *some: str, hours: float = 8) -> list[str]:
    """A transaction for each day."""
    return [transaction(code, day, timmar=hours) for day in some]


@pytest.mark.parametrize("code", STANDARD)
def test_every_code_of_the_standard_is_known(code: str):
    """And so is what common senders add."""
    assert codes.written(code) in CODES
    assert CODES["ÖB3"].use == "overtime"
    assert CODES["RE4"].use == "passed_over"


def test_sickness_that_the_insurance_pays_for_goes_on(tmp_path: Path):
    """Karens, two weeks of sick pay, then sickness benefit: one absence."""
    spell = [
        *days("SJK_KAR", "2024-09-02"),
        transaction("SJK_LÖN", "2024-09-03", "2024-09-15", omfattning=50),
        transaction("SJK_PEN", "2024-09-16", "2024-10-11", omfattning=50),
    ]
    started, changed = imported(tmp_path, paxml(spell))
    assert (started["effective"], started["last_day"], started["extent"]) == ("2024-09-02", "2024-10-13", 1)
    assert (changed["effective"], changed["extent"]) == ("2024-09-03", 0.5)


def test_a_meaning_that_each_employer_decides_is_remarked_on(tmp_path: Path):
    """Other absence is leave, other presence is passed over, until somebody says what they are."""
    report = Understood([])
    (away,) = imported(tmp_path, paxml([*days("FR2", "2024-09-02"), *days("NV1", "2024-09-03")]), report=report)
    assert away["kind"] == "leave"
    assert (report.passed_over, report.whole) == (1, True)
    assert report.remarks == [
        Remark("own_code_absent", {"n": 1}, {"code": "FR2"}),
        Remark("own_code_passed", {"n": 1}, {"code": "NV1"}),
    ]


@pytest.mark.parametrize(
    ("start", "end", "planned", "extent"),
    [
        ("2024-09-02T08:00:00", "2024-09-02T10:00:00", "08:00:00 16:00:00", 0.25),
        ("2024-09-02T06:00:00Z", "2024-09-02T10:00:00+02:00", "08:00 16:00", 0.25),
        ("2024-09-02T22:00:00", "2024-09-03T00:15:00", "22:00:00 07:00:00", 0.25),
        ("2024-09-02T00:00:00", "2024-09-02T23:59:00", "08:00:00 16:00:00", 1),
        ("2024-09-02T00:00:00", "2024-09-03T00:00:00", "08:00:00 16:00:00", 1),
        ("2024-09-02T00:00:00", "2024-09-02T24:00:00", "00:00:00 24:00:00", 1),
    ],
)
def test_a_record_from_one_time_to_another(tmp_path: Path, start: str, end: str, planned: str, extent: float):
    """Of a day whose schedule is told by its times; a shift over midnight is of the day it begins on."""
    first, last = planned.split()
    plan = f'<schema anstid="1"><dag datum="2024-09-02" starttid="{first}" sluttid="{last}"/></schema>'
    found = imported(tmp_path, paxml([clocked("SJK", start, end)], [plan]))
    assert [(e["effective"], e["extent"]) for e in found if "kind" in e] == [("2024-09-02", extent)]


def test_days_from_one_time_to_another(tmp_path: Path):
    """From a day's morning to the afternoon three days later are four days."""
    (away,) = imported(tmp_path, paxml([clocked("SJK", "2024-09-02T08:00:00", "2024-09-05T16:00:00")]))
    assert (away["effective"], away["last_day"], away["extent"]) == ("2024-09-02", "2024-09-05", 1)


def test_hours_between_times(tmp_path: Path):
    """Of a night in which clocks are put forward; ``timmar`` beside them, without the break, holds."""
    night = clocked("ARB", "2024-03-30T22:00:00", "2024-03-31T06:00:00")
    day = clocked("ARB", "2024-03-28T08:00:00", "2024-03-28T17:00:00").replace(
        "</tidkod>", "</tidkod><timmar>8</timmar>"
    )
    dated = transaction("ARB", "2024-03-27", starttid="20:00:00", sluttid="02:00:00")
    (hours,) = imported(tmp_path, paxml([dated, day, night]))
    assert hours["worked_hours"] == 6 + 8 + 7


def test_hours_that_are_taken_back(tmp_path: Path):
    """All of them or a part; of an absence too."""
    told = [*days("TID", "2024-09-02", "2024-09-03"), *days("ÖT1", "2024-09-02", hours=3)]
    back = [transaction("ÖT1", "2024-09-02", timmar="-3,00"), transaction("TID", "2024-09-03", timmar=-2)]
    sick = [*days("SJK", "2024-09-04"), *days("SJK", "2024-09-04", hours=-8)]
    half = [*days("VAB", "2024-09-05"), *days("VAB", "2024-09-05", hours=-4)]
    away, hours = imported(tmp_path, paxml([*told, *back, *sick, *half]))
    assert (away["kind"], away["effective"], away["extent"]) == ("child_care", "2024-09-05", 0.5)
    assert (hours["worked_hours"], "overtime_hours" in hours) == (14, False)


def test_a_whole_day_that_is_taken_back_in_hours(tmp_path: Path):
    """The absence was told by its extent, the correction by hours."""
    told = transaction("SJK", "2024-09-02", omfattning=100)
    assert imported(tmp_path, paxml([told, *days("SJK", "2024-09-02", hours=-8)])) == []


SEPTEMBER = paxml(
    [*days("TID", "2024-09-02"), *days("SJK", "2024-09-03"), *days("TID", "2024-09-04")], made="2024-10-01"
)
OCTOBER = paxml([*days("SJK", "2024-09-03", hours=-8), *days("TID", "2024-10-01")], made="2024-11-01")


def test_what_an_earlier_file_told_is_taken_back(tmp_path: Path):
    """With that file as ``previous``: nothing else that it told of is lost, and telling it twice changes nothing."""
    report = Understood([])
    september, october, retracted = imported(tmp_path, SEPTEMBER, OCTOBER, previous=1, report=report)
    assert (september["worked_hours"], october["worked_hours"], retracted, report.whole) == (16, 8, None, True)
    again = OCTOBER.replace("11-01T06", "11-01T07")
    assert imported(tmp_path, SEPTEMBER, OCTOBER, again, previous=2, report=report) == []
    assert report.whole


def test_nothing_to_take_back(tmp_path: Path):
    """It is said with its line, and no hours are below zero."""
    report = Understood([])
    (hours,) = imported(tmp_path, OCTOBER, report=report)
    assert hours["worked_hours"] == 8
    assert [(b.line, b.field) for b in report.broken] == [(5, "timmar")]
    assert "as --previous" in report.broken[0].message


def test_balances_may_say_anything(tmp_path: Path):
    """More hours than a day has, below zero, or none of a number: they are not read."""
    balances = [transaction("TS3", "2024-09-30", timmar=told) for told in (112.5, -40, "okänt")]
    report = Understood([])
    assert imported(tmp_path, paxml([*balances, transaction("LT2", "2024-09-30", antal=3)]), report=report) == []
    assert (report.passed_over, report.broken) == (4, [])


def test_a_part_of_a_day_beside_hours_worked(tmp_path: Path):
    """Its share of the day's own hours; two kinds of absence share a day that nothing else tells of."""
    ill = [*days("TID", "2024-09-02", hours=6), *days("SJK", "2024-09-02", hours=2)]
    both = [*days("TJL", "2024-09-04", hours=3), *days("VAB", "2024-09-04", hours=1)]
    found = imported(tmp_path, paxml([*ill, *days("TID", "2024-09-03"), *both]), day_hours=None)
    assert {e["kind"]: e["extent"] for e in found if "kind" in e} == {"sick": 0.25, "leave": 0.75, "child_care": 0.25}


def test_hours_of_an_unknown_code_are_not_worked(tmp_path: Path):
    """A scheduled day of eight hours, three of them something that nobody knows."""
    plan = schedule({"2024-09-02": 8, "2024-09-03": 8})
    report = Understood([])
    told = [*days("SJK", "2024-09-03"), *days("XYZ", "2024-09-02", hours=3)]
    away, hours = imported(tmp_path, paxml(told, [plan]), report=report)
    assert (away["kind"], hours["worked_hours"]) == ("sick", 5)
    assert (report.used, report.unknown_codes["XYZ"].count) == (1, 1)


def test_more_hours_than_a_day_has(tmp_path: Path):
    """A remark with the line of the longest record; the hours are counted as they stand."""
    report = Understood([])
    told = [*days("ARB", "2024-09-02"), *days("ARB", "2024-09-02", hours=17), *days("ARB", "2024-09-03", hours=24)]
    (hours,) = imported(tmp_path, paxml(told), report=report)
    assert hours["worked_hours"] == 49
    assert "  25 timmar den 2024-09-02, 17 av dem på rad 6 i 0.xml: ett dygn har 24." in report_lines(report, 5, "sv")
