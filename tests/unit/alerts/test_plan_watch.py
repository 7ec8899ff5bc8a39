"""Plan files against the plans that run."""

import os
import threading
from collections import Counter
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.alerts.domain.plan import choice as plan_choice
from services.alerts.domain.plan.choice import Comparison, PlanChange, PlanFile, PlanReader, compare
from services.alerts.domain.plan.plan import Plan, Version, digest
from services.alerts.domain.plan.reading import read
from services.alerts.repository import plan_files
from services.alerts.repository.plan_files import LARGEST, paths
from services.alerts.repository.plan_files import file as read_file
from services.alerts.rounds.plan_shelf import PlanShelf
from shared.language.said import Said
from tests.unit.alerts.test_plan import SMALL

BROKEN = SMALL.replace("leaver_rate", "leaver_rat")
NEWER = SMALL.replace("0.15", "0.20")
OTHER = SMALL.replace("plan: p", "plan: q")


UNREAD = PlanFile("a.yaml", "", datetime(2026, 1, 2, tzinfo=UTC), Said("nekad", "denied"))
THEN = datetime(2026, 1, 1, tzinfo=UTC)
SINCE = datetime(2026, 1, 2, tzinfo=UTC)


def running(text: str = SMALL, source: str = "a.yaml", version: int = 1) -> dict[str, Version]:
    """A plan that runs, last changed on the first of January."""
    plan = read(text)
    return {plan.id: Version(plan, version, source, digest(text), THEN, THEN)}


def verdict(found: list[PlanFile], runs: dict[str, Version], earlier: dict[str, int] | None = None) -> Comparison:
    """Without units known of; ``earlier`` are the versions of plan p by their digest."""
    return compare(found, runs, {"p": earlier or {}}, PlanReader(), ())


def file(name: str, text: str, changed: datetime = SINCE) -> PlanFile:
    """A file that was changed since the plan that runs."""
    return PlanFile(name, text, changed)


def new(plan: str, text: str, source: str, replaces: int | None = None) -> PlanChange:
    """What lets the text of such a file run."""
    return PlanChange(plan, text, source, SINCE, replaces)


CASES = [
    ("a new file runs", [file("a.yaml", SMALL)], {}, [new("p", SMALL, "a.yaml")], 0),
    ("the same file goes on", [file("a.yaml", SMALL)], running(), [], 0),
    ("a changed file runs anew", [file("a.yaml", NEWER)], running(), [new("p", NEWER, "a.yaml", 1)], 0),
    ("a broken file changes nothing", [file("a.yaml", BROKEN)], running(), [], 1),
    (
        "a file that can't be read changes nothing",
        [UNREAD],
        running(),
        [],
        1,
    ),
    ("a renamed file goes on", [file("b.yaml", SMALL)], running(), [], 0),
    (
        "another plan in the file runs beside the one before until that is found missing often enough",
        [file("a.yaml", OTHER)],
        running(),
        [new("q", OTHER, "a.yaml")],
        0,
    ),
    (
        "a plan that two files claim runs from the first",
        [file("a.yaml", SMALL), file("b.yaml", NEWER)],
        {},
        [new("p", SMALL, "a.yaml")],
        1,
    ),
    (
        "a broken file holds no other back",
        [file("a.yaml", BROKEN), file("b.yaml", OTHER)],
        running(),
        [new("q", OTHER, "b.yaml")],
        1,
    ),
]


@pytest.mark.parametrize(
    ("found", "runs", "changes", "refused"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_compare(found: list[PlanFile], runs: dict[str, Version], changes: list[PlanChange], refused: int):
    """The changes are what the sentence of the case says."""
    assert (verdict(found, runs).changes, len(verdict(found, runs).refusals)) == (changes, refused)


def test_a_running_plan_is_not_judged_by_units_again():
    """Units that are merely late do not stop a plan that runs; a new text must name known ones."""
    scoped = SMALL.replace("targets:", "scope: {units: [late]}\ntargets:")
    assert compare([file("a.yaml", scoped)], running(scoped), {}, PlanReader(), {"other"}).refusals == []
    assert [str(one) for one in compare([file("a.yaml", scoped)], {}, {}, PlanReader(), {"latte"}).refusals] == [
        'a.yaml:3:17: unknown unit "late"; did you mean "latte"?'
    ]


def test_a_plan_without_a_file_is_missing():
    """What runs and is in no file is told; whether it has ended, one look cannot know."""
    assert (verdict([], running()).missing, verdict([], running()).changes) == (["p"], [])


def test_an_earlier_version_does_not_come_back_unasked():
    """A process that sees the text of before does not put it in the place of what replaced it."""
    found = verdict([file("a.yaml", SMALL)], running(NEWER, version=2), {digest(SMALL): 1, digest(NEWER): 2})
    assert found.changes == []
    assert [str(one) for one in found.refusals] == [
        "a.yaml:1:1: this is version 1 of the plan, and version 2 has replaced it;"
        ' "stadga plan adopt a.yaml" lets it run'
    ]


def test_a_text_last_changed_before_the_one_that_runs_does_not_replace_it():
    """Of two texts that no one has seen before, the one changed later holds."""
    older = file("a.yaml", NEWER, THEN - timedelta(seconds=1))
    found = verdict([older], running())
    assert (found.changes, len(found.refusals)) == ([], 1)
    assert "last changed 2025-12-31 23:59:59 UTC, before version 1" in found.refusals[0].message


def test_a_text_is_refused_once(monkeypatch: pytest.MonkeyPatch):
    """A text that was refused is not read again at each look, nor because other units were heard of."""
    reads: list[str] = []
    monkeypatch.setattr(plan_choice, "read", lambda text, units: reads.append(text) or read(text, units))
    reading = PlanReader()
    scoped = SMALL.replace("targets:", "scope: {units: [late]}\ntargets:")
    for units in ((), ("other",), ("other", "another"), ("other",)):
        compare([file("a.yaml", BROKEN), file("b.yaml", scoped)], {}, {}, reading, units)
    assert [reads.count(text) for text in (BROKEN, scoped)] == [1, 2]
    found = compare([file("b.yaml", scoped)], {}, {}, reading, ("late",))
    assert [one.plan for one in found.changes] == ["p"]


def files(folder: Path) -> list[PlanFile]:
    """Every plan file of a folder."""
    return [read_file(path) for path in paths(folder)]


def test_files_are_those_of_the_folder(tmp_path: Path):
    """Plan files are read by name; what is hidden or something else is passed over."""
    for name in ("b.yml", "a.yaml", ".hidden.yaml", "notes.txt"):
        (tmp_path / name).write_text(name)
    assert [(one.name, one.text) for one in files(tmp_path)] == [("a.yaml", "a.yaml"), ("b.yml", "b.yml")]


def test_one_file_may_be_named(tmp_path: Path):
    """The setting may name a file instead of a folder."""
    (tmp_path / "plan").write_text("x")
    assert [(one.name, one.text) for one in files(tmp_path / "plan")] == [("plan", "x")]


def test_a_missing_folder_is_an_error(tmp_path: Path):
    """No folder is not an empty folder: nothing may be concluded from it."""
    with pytest.raises(FileNotFoundError):
        files(tmp_path / "none")


def test_files_that_hold_no_plan_say_why(tmp_path: Path):
    """Bytes that are not text, and far too many of them, are faults of their file."""
    (tmp_path / "a.yaml").write_bytes(b"plan: \xff")
    (tmp_path / "b.yaml").write_bytes(b" " * (LARGEST + 1))
    assert [file.problem for file in files(tmp_path)] == [
        Said("inte UTF-8: byte 6", "not UTF-8: byte 6"),
        Said("större än 200 000 byte", "larger than 200,000 bytes"),
    ]


def test_what_is_no_file_is_not_read(tmp_path: Path):
    """A pipe would be waited for and a device read for ever; a folder and a link to nothing say what they are."""
    os.mkfifo(tmp_path / "a.yaml")
    (tmp_path / "b.yaml").symlink_to("/dev/zero")
    (tmp_path / "c.yaml").mkdir()
    (tmp_path / "d.yaml").symlink_to(tmp_path / "nowhere")
    no_file = "not a regular file"
    assert [one.problem and one.problem.en for one in files(tmp_path)] == [
        no_file,
        no_file,
        "Is a directory",
        "No such file or directory",
    ]


def test_a_name_that_is_not_text_is_shown(tmp_path: Path):
    """Bytes of a name that are not UTF-8 are told as escapes, which every log, answer and table can hold."""
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xff.yaml")).write_text(SMALL)
    (found,) = files(tmp_path)
    assert (found.name, found.text) == ("b\\xff.yaml", SMALL)


@pytest.mark.parametrize("seconds", [-1e18, -1.0, 0.0, 1e10, 1e18, float(2**63)])
def test_any_time_of_change_is_a_date(seconds: float):
    """A file system may say that a file was changed before or after all dates."""
    assert THEN.replace(year=1970) <= plan_files.moment(seconds) <= THEN.replace(year=9999)


async def test_a_file_that_hangs_holds_up_no_other(tmp_path: Path):
    """It is told, not asked again while it hangs, and read once it can be."""
    answers, asked = threading.Event(), Counter[str]()

    def read_slowly(path: Path) -> PlanFile:
        asked[path.name] += 1
        return PlanFile(path.name, "late", SINCE) if path.name == "a.yaml" and answers.wait() else read_file(path)

    (tmp_path / "a.yaml").write_text(SMALL)
    (tmp_path / "b.yaml").write_text(OTHER)
    shelf = PlanShelf(tmp_path, read_slowly, 1)
    for _ in range(3):
        hung, sound = await shelf.files()
        assert (hung.name, hung.problem and hung.problem.en, sound.text) == ("a.yaml", "not read within 1 s", OTHER)
    assert asked == {"a.yaml": 1, "b.yaml": 3}
    answers.set()
    shelf = PlanShelf(tmp_path, read_slowly)
    assert [one.text for one in await shelf.files()] == ["late", OTHER]


def test_a_text_that_brings_out_a_fault_of_ours_holds_up_no_other(monkeypatch: pytest.MonkeyPatch):
    """It is refused, and the others run."""

    def fails(text: str, units: Collection[str]) -> Plan:
        return read(text, units) if text == OTHER else {}[text]

    monkeypatch.setattr(plan_choice, "read", fails)
    found = verdict([file("a.yaml", SMALL), file("b.yaml", OTHER)], {})
    assert [one.plan for one in found.changes] == ["q"]
    assert [str(one) for one in found.refusals] == ["a.yaml:1:1: cannot be read: KeyError"]


def test_the_ready_made_plans_are_sound():
    """Every plan that ships can run as it is."""
    shipped = files(Path(__file__).parents[3] / "deploy" / "plans")
    assert shipped
    assert verdict(shipped, {}).refusals == []
