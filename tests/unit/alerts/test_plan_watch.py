"""Plan files against the plans that run."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.alerts.domain.plan_reading import read
from services.alerts.evaluator.plan_watch import Verdict, compare
from services.alerts.evaluator.rounds import Change
from services.alerts.repository.plan_files import LARGEST, PlanFile, files
from services.alerts.repository.plans import Version, digest
from tests.unit.alerts.test_plan import SMALL

BROKEN = SMALL.replace("leaver_rate", "leaver_rat")
NEWER = SMALL.replace("0.15", "0.20")
OTHER = SMALL.replace("plan: p", "plan: q")


def running(text: str = SMALL, source: str = "a.yaml") -> dict[str, Version]:
    """A plan that runs."""
    plan = read(text)
    return {plan.id: Version(plan, 1, source, digest(text), datetime(2026, 1, 1, tzinfo=UTC))}


def verdict(found: list[PlanFile], runs: dict[str, Version]) -> Verdict:
    """Without units known of."""
    return compare(found, runs, ())


CASES = [
    ("a new file runs", [PlanFile("a.yaml", SMALL)], {}, [Change("p", SMALL, "a.yaml")], 0),
    ("the same file goes on", [PlanFile("a.yaml", SMALL)], running(), [], 0),
    ("a changed file runs anew", [PlanFile("a.yaml", NEWER)], running(), [Change("p", NEWER, "a.yaml")], 0),
    ("a broken file changes nothing", [PlanFile("a.yaml", BROKEN)], running(), [], 1),
    ("a file that can't be read changes nothing", [PlanFile("a.yaml", "", "denied")], running(), [], 1),
    ("a file that is gone ends its plan", [], running(), [Change("p", None, "a.yaml")], 0),
    ("a renamed file goes on", [PlanFile("b.yaml", SMALL)], running(), [], 0),
    (
        "another plan in the file ends the one before",
        [PlanFile("a.yaml", OTHER)],
        running(),
        [Change("p", None, "a.yaml"), Change("q", OTHER, "a.yaml")],
        0,
    ),
    (
        "a plan that two files claim runs from the first",
        [PlanFile("a.yaml", SMALL), PlanFile("b.yaml", NEWER)],
        {},
        [Change("p", SMALL, "a.yaml")],
        1,
    ),
    (
        "a broken file holds no other back",
        [PlanFile("a.yaml", BROKEN), PlanFile("b.yaml", OTHER)],
        running(),
        [Change("q", OTHER, "b.yaml")],
        1,
    ),
]


@pytest.mark.parametrize(
    ("found", "runs", "changes", "refused"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_compare(found: list[PlanFile], runs: dict[str, Version], changes: list[Change], refused: int):
    """The changes are what the sentence of the case says."""
    assert (verdict(found, runs).changes, len(verdict(found, runs).refusals)) == (changes, refused)


def test_a_running_plan_is_not_judged_by_units_again():
    """Units that are merely late do not stop a plan that runs; a new text must name known ones."""
    scoped = SMALL.replace("targets:", "scope: {units: [late]}\ntargets:")
    assert compare([PlanFile("a.yaml", scoped)], running(scoped), {"other"}).refusals == []
    assert [str(one) for one in compare([PlanFile("a.yaml", scoped)], {}, {"latte"}).refusals] == [
        'a.yaml:3:17: unknown unit "late"; did you mean "latte"?'
    ]


def test_files_are_those_of_the_folder(tmp_path: Path):
    """Plan files are read by name; what is hidden or something else is passed over."""
    for name in ("b.yml", "a.yaml", ".hidden.yaml", "notes.txt"):
        (tmp_path / name).write_text(name)
    assert files(tmp_path) == [PlanFile("a.yaml", "a.yaml"), PlanFile("b.yml", "b.yml")]


def test_one_file_may_be_named(tmp_path: Path):
    """The setting may name a file instead of a folder."""
    (tmp_path / "plan").write_text("x")
    assert files(tmp_path / "plan") == [PlanFile("plan", "x")]


def test_a_missing_folder_is_an_error(tmp_path: Path):
    """No folder is not an empty folder: nothing may be concluded from it."""
    with pytest.raises(FileNotFoundError):
        files(tmp_path / "none")


def test_files_that_hold_no_plan_say_why(tmp_path: Path):
    """Bytes that are not text, and far too many of them, are faults of their file."""
    (tmp_path / "a.yaml").write_bytes(b"plan: \xff")
    (tmp_path / "b.yaml").write_bytes(b" " * (LARGEST + 1))
    assert [file.problem for file in files(tmp_path)] == ["not UTF-8: byte 6", "larger than 1,000,000 bytes"]


def test_the_ready_made_plans_are_sound():
    """Every plan that ships can run as it is."""
    shipped = files(Path(__file__).parents[3] / "deploy" / "plans")
    assert shipped
    assert verdict(shipped, {}).refusals == []
