"""Two measures that begin at the same time in the same units: said before anybody waits for an answer."""

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from services.alerts.domain.evaluation.asking import asked_of
from services.alerts.domain.evaluation.colliding import as_named, colliding, places_of
from services.alerts.domain.plan.plan import Unit
from services.alerts.domain.plan.reading import read
from tests import builders as make

PLAN = """\
plan: help
language: {language}
targets: [{{id: t, metric: agency_share, breach: {{above: 0.2}}}}]
measures:
  - id: mentor
    owner: head
    evaluate: {{metric: leaver_rate, start: 2025-01-01, units: [a], before: 12m, after: 6m, smallest: 0.3}}
  - id: pay
    owner: head
    evaluate: {{metric: sick_rate, start: {start}, {at}before: 12m, after: 12m, smallest: 0.3}}
"""
TREE = {name: Unit(name, name, path) for name, path in (("a", ("a", "d", "*")), ("b", ("b", "d", "*")))}
TREE |= {"d": Unit("d", "d", ("d", "*")), "a1": Unit("a1", "a1", ("a1", "a", "d", "*")), "*": Unit("*", "*", ("*",))}
SAME = "units: [a], "
CASES = [
    ("2025-03-01", SAME, {"mentor": ["pay"], "pay": ["mentor"]}),
    ("2025-06-30", SAME, {"mentor": ["pay"]}),  # Six months before pay began mentor was in place.
    ("2025-07-01", SAME, {}),
    ("2025-03-01", "units: [b], ", {}),
    ("2025-03-01", "", {"pay": ["mentor"]}),  # Everywhere: those beside have it too, so that it falls out.
]


def plan(start: str, at: str, language: str = "sv") -> str:
    """With a measure in the unit a, and another."""
    return PLAN.format(start=start, at=at, language=language)


@pytest.mark.parametrize(("start", "at", "found"), CASES)
@pytest.mark.parametrize("known", [True, False], ids=["units known", "units only named"])
def test_who_collides(start: str, at: str, found: dict[str, list[str]], known: bool):
    """By the units of a log, and by the names in the plan alone."""
    sound = read(plan(start, at))
    places = places_of(sound, TREE if known else as_named(sound))
    assert {one.measure.id: [other.id for other in one.others] for one in colliding(sound, places)} == found


@pytest.mark.parametrize(("start", "at", "found"), CASES)
def test_what_is_foreseen_is_what_will_be_answered(start: str, at: str, found: dict[str, list[str]]):
    """The evaluation names the same ones."""
    sound = read(plan(start, at))
    for measure in sound.measures:
        asking = asked_of(sound, measure, "unchanged", date(2027, 1, 1))
        (asked,) = asking.each(asking.places(TREE), {})
        assert list(asked.others) == found.get(measure, [])


def test_below_and_by_trial():
    """A trial in a unit below one that carries the measure out counts; one that is not begun on a day does not."""
    text = plan("2027-01-01", SAME) + (
        "local:\n  a1:\n    measures:\n"
        "      - {id: pool, owner: head, trial: {from: 2025-02-01, to: 2025-05-01}}\n"
        "      - {id: talks, owner: head}\n"
    )
    sound = read(text)
    assert {one.measure.id: [other.id for other in one.others] for one in colliding(sound, places_of(sound, TREE))} == {
        "mentor": ["pool"]
    }


@pytest.mark.parametrize("with_log", [True, False])
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("sv", "mentor: utvärderingen kommer inte att ge något svar, för pay börjar i samma enheter mellan"),
        ("en", "mentor: the evaluation will give no answer, for pay begins in the same units between"),
    ],
)
def test_plan_check_says_so(tmp_path: Path, language: str, said: str, with_log: bool):
    """In the language asked for, with and without a log."""
    file, log = tmp_path / "plan.yaml", tmp_path / "log.jsonl"
    file.write_text(plan("2025-03-01", SAME, language))
    log.write_bytes(make.lines([make.unit_defined("a"), make.employment_started("p1", "2024-01-01", "a")]))
    check = ["plan", "check", str(file), "--language", language]
    result = CliRunner().invoke(app, [*check, *(["--events", str(log)] if with_log else [])])
    assert result.exit_code == 0
    assert said in result.output
    file.write_text(plan("2026-03-01", SAME, language))
    assert said not in CliRunner().invoke(app, check).output
