"""Absences from day-by-day transactions of PAXml, worked out by hand."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from cli.commands.import_ import MAPPINGS
from cli.connect.importing import codes
from cli.connect.importing.paxml import ReadingOptions, lines
from cli.connect.importing.understood import Understood
from tests.unit.cli.paxml import paxml, schedule, transaction, written

CODES = codes.read(MAPPINGS / "paxml.yaml")
Event = dict[str, Any]


def imported(folder: Path, *contents: str, previous: int = 0, **how: object) -> list[Event]:
    """The events of files, of which the first ``previous`` were imported before."""
    files = [written(folder / f"{n}.xml", content) for n, content in enumerate(contents)]
    made = lines(files[previous:], files[:previous], ReadingOptions(CODES, **how), "paxml", Understood([]))
    return [msgspec.json.decode(line.body) for line in made]


def sick(*days: str, hours: float | None = 8) -> list[str]:
    """A transaction of sickness for each day."""
    return [transaction("SJK", day, **({} if hours is None else {"timmar": hours})) for day in days]


def absences(events: list[Event]) -> list[tuple[str, str]]:
    """First and last days of the absences that begin."""
    found = [e["data"] for e in events if e["type"] == "hr.absence.started.v1"]
    return sorted((data["effective"], data["last_day"]) for data in found)


def test_days_in_a_row_are_one_absence(tmp_path: Path):
    """Monday to Wednesday."""
    assert absences(imported(tmp_path, paxml(sick("2024-02-05", "2024-02-06", "2024-02-07")))) == [
        ("2024-02-05", "2024-02-07")
    ]


def test_a_weekend_does_not_break_an_absence(tmp_path: Path):
    """Friday and Monday are one absence, with the days between."""
    assert absences(imported(tmp_path, paxml(sick("2024-02-09", "2024-02-12")))) == [("2024-02-09", "2024-02-12")]


def test_a_day_at_work_breaks_an_absence(tmp_path: Path):
    """Monday and Wednesday are two."""
    assert absences(imported(tmp_path, paxml(sick("2024-02-05", "2024-02-07")))) == [
        ("2024-02-05", "2024-02-05"),
        ("2024-02-07", "2024-02-07"),
    ]


def test_easter_does_not_break_an_absence(tmp_path: Path):
    """From Maundy Thursday to the Tuesday after: Good Friday and Easter Monday are not worked."""
    assert absences(imported(tmp_path, paxml(sick("2024-03-28", "2024-04-02")))) == [("2024-03-28", "2024-04-02")]


def test_the_schedule_says_which_days_are_worked(tmp_path: Path):
    """Who works on Mondays and Saturdays is absent all the time from the one to the other."""
    planned = schedule({"2024-02-05": 8, "2024-02-10": 6, "2024-02-12": 8})
    events = imported(tmp_path, paxml(sick("2024-02-05", "2024-02-10"), [planned]))
    assert absences(events) == [("2024-02-05", "2024-02-10")]


def test_a_scheduled_weekend_at_work_breaks_an_absence(tmp_path: Path):
    """Friday and Monday are two absences for who was to work on Saturday."""
    planned = schedule({"2024-02-09": 8, "2024-02-10": 8, "2024-02-12": 8})
    assert len(absences(imported(tmp_path, paxml(sick("2024-02-09", "2024-02-12"), [planned])))) == 2


def test_a_period_says_all_its_days(tmp_path: Path):
    """From a day to a day, weekends included."""
    events = imported(tmp_path, paxml([transaction("SJK", "2024-02-05", "2024-02-11", omfattning=50)]))
    assert absences(events) == [("2024-02-05", "2024-02-11")]
    assert events[0]["data"]["extent"] == 0.5


@pytest.mark.parametrize(
    ("hours", "planned", "how", "extent"),
    [
        (2, {"2024-02-05": 8}, {}, 0.25),
        (2, {}, {}, 1),
        (2, {}, {"day_hours": 8.0}, 0.25),
        (10, {"2024-02-05": 8}, {}, 1),
        (None, {"2024-02-05": 8}, {}, 1),
    ],
)
def test_the_extent_of_a_day(
    tmp_path: Path, hours: float | None, planned: dict[str, float], how: dict[str, float], extent: float
):
    """Hours by the hours scheduled, or by those said for a day without; all of the day if nothing is known of it."""
    (event,) = (
        e
        for e in imported(tmp_path, paxml(sick("2024-02-05", hours=hours), [schedule(planned)]), **how)
        if e["type"] == "hr.absence.started.v1"
    )
    assert event["data"]["extent"] == extent


def test_another_extent_goes_on_with_the_absence(tmp_path: Path):
    """Full for two days, then half."""
    half = [transaction("SJK", day, omfattning=50) for day in ("2024-02-07", "2024-02-08")]
    started, changed = imported(tmp_path, paxml([*sick("2024-02-05", "2024-02-06"), *half]))
    assert (started["data"]["last_day"], started["data"]["extent"]) == ("2024-02-08", 1)
    assert changed["data"] == {"absence": started["data"]["absence"], "effective": "2024-02-07", "extent": 0.5}


def test_kinds_are_absences_of_their_own(tmp_path: Path):
    """Half sick and half on parental leave the same day; each code has its kind."""
    day = [transaction(code, "2024-02-05", omfattning=50) for code in ("SJK", "FPE", "ASK", "VAB", "SEM", "UTB", "SMB")]
    kinds = {e["data"]["kind"] for e in imported(tmp_path, paxml(day))}
    assert kinds == {"sick", "parental", "work_injury", "child_care", "vacation", "study", "leave"}


def test_an_absence_at_the_end_of_the_file_lasts_to_the_next_day_of_work(tmp_path: Path):
    """Friday the 29th of November, where the files end: whether it goes on, the next file tells."""
    assert absences(imported(tmp_path, paxml(sick("2024-11-29")))) == [("2024-11-29", "2024-12-01")]


NOVEMBER = paxml(sick("2024-11-28", "2024-11-29"), made="2024-12-02")


def test_the_next_file_goes_on_with_the_absence(tmp_path: Path):
    """Even by itself: its first day is the day after the last one of the file before."""
    december = paxml(sick("2024-12-02", "2024-12-03"), made="2025-01-02")
    before, after = imported(tmp_path, NOVEMBER) + imported(tmp_path, december)
    assert (before["data"]["last_day"], after["data"]["effective"]) == ("2024-12-01", "2024-12-02")


def test_with_the_file_before_it_is_one_absence(tmp_path: Path):
    """The absence of the first file is said anew, with its new last day, in place of what was said."""
    december = paxml(sick("2024-12-02", "2024-12-03"), made="2025-01-02")
    (before,) = imported(tmp_path, NOVEMBER)
    (after,) = imported(tmp_path, NOVEMBER, december, previous=1)
    assert after["data"] == before["data"] | {"last_day": "2024-12-03"}
    assert after["corrects"] == before["corrects"]
    assert after["time"] > before["time"]


def test_with_the_file_before_an_absence_that_ended_is_not_longer(tmp_path: Path):
    """Back at work on Monday: the weekend was no absence."""
    december = paxml([transaction("ÖT1", "2024-12-03", timmar=2)], made="2025-01-02")
    events = imported(tmp_path, NOVEMBER, december, previous=1)
    assert absences(events) == [("2024-11-28", "2024-11-29")]


def test_what_the_later_file_no_longer_says_is_taken_back(tmp_path: Path):
    """Of days that both tell of the later made one holds; a start that moved leaves nothing of the old one."""
    corrected = paxml([transaction("TID", "2024-11-28", timmar=8), *sick("2024-11-29")], made="2024-12-05")
    (before,) = imported(tmp_path, NOVEMBER)
    events = imported(tmp_path, NOVEMBER, corrected, previous=1)
    assert absences(events) == [("2024-11-29", "2024-12-01")]
    (retraction,) = (e for e in events if e["type"] == "hr.event.retracted.v1")
    assert retraction["corrects"] == before["corrects"]


def test_the_same_file_makes_the_same_events(tmp_path: Path):
    """Imported again it changes nothing: every id is known."""
    assert imported(tmp_path, NOVEMBER) == imported(tmp_path, NOVEMBER)
    assert imported(tmp_path, NOVEMBER, NOVEMBER.replace("12-02T06", "12-02T07"), previous=1) == []


def test_the_register_says_whose_an_employment_is(tmp_path: Path):
    """Then the absence is of that employment alone."""
    (event,) = imported(tmp_path, paxml(sick("2024-02-05")), register={"1": "anna"})
    assert (event["subject"], event["data"]["employment"]) == ("person/anna", "1")


def test_a_number_said_once_is_known_of_all_records_of_the_employment(tmp_path: Path):
    """``persnr`` beside one ``anstid`` tells whose the others are."""
    named = transaction("SJK", "2024-02-05", who='anstid="1" persnr="19811218-9876"')
    events = imported(tmp_path, paxml([named, *sick("2024-02-07")]))
    assert {e["subject"] for e in events} == {"person/19811218-9876"}
