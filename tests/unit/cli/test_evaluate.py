"""``stadga evaluate``: from a plan and a log to the answer, its words and its picture."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from tests import builders as make

PLAN = """\
plan: help
targets: [{id: t, metric: agency_share, breach: {above: 0.2}}]
measures:
  - id: mentor
    title: {sv: Mentorer, en: Mentors}
    owner: head
    evaluate:
      metrics: [leaver_rate_own_request, sick_rate]
      start: 2024-01-01
      units: [helped]
      before: 12m
      after: 12m
      smallest: 0.5
  - {id: pay, owner: head}
"""
CAME = date(2015, 1, 1)
"""When the first came, the others a month apart."""
FIRST, START, LAST = date(2023, 1, 1), date(2024, 1, 1), date(2024, 12, 31)
STAFF = {"helped": 60, "b1": 40, "b2": 40, "b3": 40, "small": 4}
LEFT = {"helped": (30, 6), "b1": (12, 12), "b2": (11, 10), "b3": (10, 10), "small": (1, 1)}


def events() -> Iterator[dict[str, Any]]:
    """People who leave at even distances, each followed by another the day after."""
    for unit, people in STAFF.items():
        yield make.unit_defined(unit, name=unit.title(), parent="dep")
        for n in range(people):
            yield make.employment_started(f"{unit}-{n}", f"{CAME + timedelta(days=30 * n)}", unit=unit)
        for year, leavers in zip((FIRST, START), LEFT[unit], strict=True):
            for n in range(leavers):
                last = year + timedelta(days=(n * 2 + 1) * 182 // leavers)
                gone = f"{unit}-{n}" if year == FIRST else f"{unit}-{FIRST.year}-{n}"
                yield make.employment_ended(gone, last.isoformat(), reason="own_request")
                came = (last + timedelta(days=1)).isoformat()
                yield make.employment_started(f"{unit}-{year.year}-{n}", came, unit=unit)
    for n in range(12):
        yield make.absence_started("helped-59", f"x{n}", f"2023-{n + 1:02}-03")
        yield make.absence_ended("helped-59", f"x{n}", f"2023-{n + 1:02}-09")
    yield make.unit_defined("dep", name="Department", time="2025-01-02T08:00:00Z")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log and the plan."""
    here = tmp_path_factory.mktemp("evaluate")
    (here / "log.jsonl").write_bytes(make.lines(list(events())))
    (here / "plan.yaml").write_text(PLAN)
    return here


def run(folder: Path, *options: str, measure: str = "mentor", plan: str = "plan.yaml") -> Result:
    """The outcome of ``stadga evaluate``."""
    return CliRunner().invoke(app, ["evaluate", str(folder / plan), measure, str(folder / "log.jsonl"), *options])


def sheet(folder: Path, *options: str, plan: str = "plan.yaml") -> dict[str, Any]:
    """The first metric's answer as JSON."""
    found: list[dict[str, Any]] = msgspec.json.decode(run(folder, "--format", "json", *options, plan=plan).stdout)
    return found[0]


def then(folder: Path) -> tuple[str, str]:
    """The option that says what the plan was at the start: what it is now."""
    return "--plan-then", str(folder / "plan.yaml")


def test_the_answer_counts_exactly(folder: Path):
    """Leavers of the windows' own months, person-years of their own days, each unit by itself."""
    found = sheet(folder, *then(folder), "--language", "en")["evaluation"]
    assert (found["verdict"], found["because"]) == ("improved", [])
    assert (found["acted"]["count_before"], found["acted"]["count_after"]) == (30, 6)
    assert found["acted"]["before"] == pytest.approx(30 / 60, rel=1e-3)
    assert (found["compared"]["count_before"], found["compared"]["count_after"]) == (33, 32)
    assert found["effect"]["effect"] == pytest.approx((6 / 30) / (32 / 33), rel=1e-2)
    assert {"one_unit", "few_others", "left_out"} == set(found["caveats"])
    assert found["left_out"] == ["Small"]


def test_how_long_people_stay_is_told_of_leaving(folder: Path):
    """Each who left counts at the length of the stay, as the log has it; nothing of a hidden group or of sickness."""
    found = sheet(folder, *then(folder))["evaluation"]["staying"]
    assert found["left"] == 6
    assert found["expected"] > 12
    assert found["p"] < 0.01
    said = run(folder, *then(folder), "--language", "en").stdout
    assert "6 left after, where" in said
    assert said.count("By how long each had been there") == 1
    assert "fewer than one case of a hundred" in said
    (folder / "small.yaml").write_text(PLAN.replace("units: [helped]", "units: [small]"))
    assert sheet(folder, plan="small.yaml")["evaluation"]["staying"] is None


def test_the_words(folder: Path):
    """Swedish unless told otherwise; both metrics, one after the other."""
    swedish, english = run(folder, *then(folder)).stdout, run(folder, *then(folder), "--language", "en").stdout
    assert swedish.startswith("Mentorer: hjälpte det?\nAvgångar på egen begäran, i Helped, från 1 januari 2024.\n")
    assert "Förbättrat. Det blev bättre" in swedish
    assert "färre än nitton enheter" in swedish
    assert "Improved. It became better" in english
    assert english.count("did it help?") == 2


def test_without_the_plan_of_then_nobody_knows(folder: Path):
    """It is said; and where the plan of then says otherwise, there is no answer."""
    assert "version_unknown" in sheet(folder)["evaluation"]["caveats"]
    (folder / "other.yaml").write_text(PLAN.replace("after: 12m", "after: 6m"))
    found = sheet(folder, "--plan-then", str(folder / "other.yaml"))["evaluation"]
    assert (found["verdict"], found["because"]) == ("cannot_be_told", ["chosen_afterwards"])


def test_what_the_log_says_has_begun_beside_it_takes_the_answer_away(folder: Path):
    """An action of the same unit that the plan gives no day."""
    (folder / "two.yaml").write_text(PLAN + "local: {helped: {measures: [{id: walks, owner: head}]}}\n")
    assert sheet(folder, plan="two.yaml")["evaluation"]["because"] == []
    begun = make.measure_updated("help", "walks", "2024-03-01")
    (folder / "begun.jsonl").write_bytes(make.lines([begun]))
    found = sheet(folder, str(folder / "begun.jsonl"), plan="two.yaml")["evaluation"]
    assert (found["because"], found["others"]) == (["another_action"], ["walks"])


def test_a_small_group_is_not_told_of(folder: Path):
    """Not by any number, in any form; nor can it be reached as a unit beside another."""
    (folder / "small.yaml").write_text(PLAN.replace("units: [helped]", "units: [small]"))
    found = sheet(folder, plan="small.yaml")["evaluation"]
    assert (found["verdict"], found["because"]) == ("cannot_be_told", ["small_group"])
    assert (found["lines"], found["effect"], found["acted"]) == ([], None, None)
    (folder / "beside.yaml").write_text(PLAN.replace("units: [helped]", "units: [b1]\n      compare: [small]"))
    found = sheet(folder, plan="beside.yaml")["evaluation"]
    assert found["compared"] is None
    assert [line["unit"] for line in found["lines"]] == ["b1"]


def test_a_picture_is_of_one_metric(folder: Path, tmp_path: Path):
    """With its words in either language; of several, one is to be chosen."""
    file = tmp_path / "answer.png"
    assert run(folder, "--output", str(file)).exit_code == 2
    for metric in ("leaver_rate_own_request", "sick_rate"):
        assert run(folder, "--metric", metric, "--output", str(file), "--language", "en").exit_code == 0
        assert file.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("measure", "language", "says"),
    [
        ("mento", "en", 'plan "help" has no measure "mento"; did you mean "mentor"?'),
        ("mento", "sv", 'planen "help" har ingen åtgärd "mento"; menade du "mentor"?'),
        ("pay", "en", 'plan "help" does not say how to evaluate "pay"'),
        ("pay", "sv", 'planen "help" säger inte hur "pay" ska utvärderas'),
    ],
)
def test_what_cannot_be_evaluated_is_told(folder: Path, measure: str, language: str, says: str):
    """With the nearest name."""
    found = run(folder, "--language", language, measure=measure)
    assert found.exit_code == 2
    assert says in found.stderr


def test_a_broken_plan_says_where(folder: Path):
    """As plan check does."""
    (folder / "broken.yaml").write_text(PLAN.replace("before: 12m", "before: 12"))
    for language, said in (("sv", "måste vara 1m till 60m"), ("en", "must be 1m to 60m")):
        found = run(folder, "--language", language, plan="broken.yaml")
        assert found.exit_code == 1
        assert f'broken.yaml:11:15: "before" {said}' in found.stdout
