"""Reports of hours from PAXml, worked out by hand."""

from pathlib import Path

import msgspec

from cli.commands.import_ import MAPPINGS
from cli.connect.importing import codes
from cli.connect.importing.paxml import ReadingOptions, lines
from cli.connect.importing.period import Per
from cli.connect.importing.understood import Understood
from tests.unit.cli.paxml import paxml, schedule, transaction, written

CODES = codes.read(MAPPINGS / "paxml.yaml")
Report = tuple[str, str, float, float]


def reports(folder: Path, content: str, report: Understood | None = None, per: Per = Per.month) -> list[Report]:
    """First day, last day, hours worked, and overtime."""
    file = written(folder / "f.xml", content)
    made = lines([file], [], ReadingOptions(CODES, per=per), "paxml", report or Understood([]))
    found = [msgspec.json.decode(line.body) for line in made]
    data = [e["data"] for e in found if e["type"] == "hr.time.reported.v1"]
    return [(d["from"], d["to"], d["worked_hours"], d.get("overtime_hours", 0)) for d in data]


def test_hours_of_a_month_add_up(tmp_path: Path):
    """Ordinary hours, mertid and overtime are worked; only overtime is overtime, paid or taken as time off."""
    days = [transaction("TID", "2024-02-05", timmar=8), transaction("ARB", "2024-02-06", timmar="4,5")]
    more = [transaction(code, "2024-02-06", timmar=1) for code in ("MER", "ÖT1", "ÖT5", "ÖK2")]
    assert reports(tmp_path, paxml([*days, *more])) == [("2024-02-05", "2024-02-06", 16.5, 3)]


def test_each_month_has_a_report(tmp_path: Path):
    """Cut where the file begins and ends."""
    days = [transaction("TID", day, timmar=8) for day in ("2024-01-30", "2024-02-01", "2024-03-04")]
    assert reports(tmp_path, paxml(days)) == [
        ("2024-01-30", "2024-01-31", 8, 0),
        ("2024-02-01", "2024-02-29", 8, 0),
        ("2024-03-01", "2024-03-04", 8, 0),
    ]


def test_each_week_has_a_report(tmp_path: Path):
    """If so asked: Monday to Sunday."""
    days = [transaction("TID", day, timmar=8) for day in ("2024-01-30", "2024-02-05")]
    assert reports(tmp_path, paxml(days), per=Per.week) == [
        ("2024-01-30", "2024-02-04", 8, 0),
        ("2024-02-05", "2024-02-05", 8, 0),
    ]


def test_scheduled_hours_without_absence_are_worked(tmp_path: Path):
    """Where no transaction tells of ordinary hours: five days of 8, one of them sick and one half on leave."""
    planned = schedule({f"2024-02-0{n}": 8 for n in range(5, 10)})
    away = [transaction("SJK", "2024-02-05", timmar=8), transaction("TJL", "2024-02-06", timmar=4)]
    more = transaction("ÖT2", "2024-02-09", timmar=2)
    assert reports(tmp_path, paxml([*away, more], [planned])) == [("2024-02-05", "2024-02-09", 30, 2)]


def test_what_is_planned_is_not_worked(tmp_path: Path):
    """Scheduled days after the file was made tell nothing yet."""
    planned = schedule({f"2024-02-0{n}": 8 for n in range(5, 10)})
    assert reports(tmp_path, paxml([], [planned], made="2024-02-06")) == [("2024-02-05", "2024-02-06", 16, 0)]


def test_shifts_of_a_day_add_up(tmp_path: Path):
    """In two schedules of the same employment."""
    planned = [schedule({"2024-02-05": 3}), schedule({"2024-02-05": 4})]
    assert reports(tmp_path, paxml([], planned)) == [("2024-02-05", "2024-02-05", 7, 0)]


def test_hours_of_a_period_are_spread_over_its_days_of_work(tmp_path: Path):
    """Twelve hours from Thursday to Tuesday, over the end of a month: four days of three."""
    over = transaction("ÖT1", "2024-02-29", "2024-03-05", timmar=12)
    assert reports(tmp_path, paxml([over])) == [("2024-02-29", "2024-02-29", 3, 3), ("2024-03-01", "2024-03-05", 9, 9)]


def test_overtime_alone_is_remarked_on(tmp_path: Path):
    """It is all that is known to be worked, so a share of it would say too much."""
    report = Understood([])
    assert reports(tmp_path, paxml([transaction("ÖT1", "2024-02-05", timmar=2)]), report) == [
        ("2024-02-05", "2024-02-05", 2, 2)
    ]
    assert [remark.kind for remark in report.remarks] == ["extra_hours_alone"]
    assert report.whole


def test_allowances_are_passed_over(tmp_path: Path):
    """They are known, and neither hours of their own nor absence."""
    report = Understood([])
    assert reports(tmp_path, paxml([transaction("OB1", "2024-02-05", timmar=2)]), report) == []
    assert (report.passed_over, report.whole) == (1, True)
