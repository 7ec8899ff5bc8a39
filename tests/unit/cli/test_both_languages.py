"""Every command speaks Swedish, or English when it is asked to, and nothing is written past the languages."""

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.main import app
from tests.unit.cli.walking import commands

ROOT = Path(__file__).parents[3]
LEAVES = {path: one for path, one in commands() if not hasattr(one, "commands")}
SENDING = {("publish",), ("import", "employments"), ("import", "paxml")}
"""These try again for long."""
ASKING = {path for path, one in LEAVES.items() if "--url" in {param.opts[0] for param in one.params}} - SENDING
SAYING = {"say", "echo", "print", "prompt", "confirm", "status", "BadParameter"}
ENGLISH = {"ValueError", "RuntimeError", "TypeError", "SettingsError", "YamlFileError"}
"""What operators read, of settings, and what is quoted: YAML's own words, and our mistakes."""
SENTENCE = re.compile(r"[^\W\d_]{2,} [^\W\d_]{2,}")


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_each_has_the_option(path: tuple[str, ...]):
    """In both spellings, and Swedish unless told otherwise."""
    (found,) = (param for param in LEAVES[path].params if param.name == "language")
    assert (found.opts, str(found.default)) == (["--language", "--lang"], "sv")


@pytest.mark.parametrize("path", sorted(ASKING), ids=" ".join)
def test_a_service_that_is_away(path: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Each that asks one says so in the language."""
    monkeypatch.chdir(tmp_path)
    for variable in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    typed = [*path, *(word for param in LEAVES[path].params for word in _needed(param, tmp_path))]
    urls = [param.opts[0] for param in LEAVES[path].params if param.opts[0] in {"--url", "--ingest-url"}]
    away = [word for option in urls for word in (option, "http://127.0.0.1:1")]
    sv, en = (CliRunner().invoke(app, [*typed, *away, "--language", one]) for one in ("sv", "en"))
    assert (sv.exit_code, sv.stdout) == (en.exit_code, en.stdout)
    assert sv.exit_code in {1, 2}
    assert "svarar inte på http://127.0.0.1:1" in sv.stderr
    assert "does not answer at http://127.0.0.1:1" in en.stderr


def _needed(param: Any, folder: Path) -> Iterator[str]:  # noqa: ANN401 -- Typer's
    """What has to be typed for a parameter."""
    plan = folder / "plan.yaml"
    if param.required:
        yield from [] if param.param_type_name == "argument" else [param.opts[0]]
        yield str(plan) if param.name in {"file", "files"} else VALUES.get(param.name, "2024")
        plan.write_text((ROOT / "deploy" / "plans" / "boras.yaml").read_text("utf-8"), "utf-8")
    if param.name == "service":
        yield from (param.opts[0], "metrics")


VALUES = {"metric": "headcount", "where": "hr.events/0/1"}


def test_no_sentence_past_the_languages():
    """None stands where it is said: there it could be of one language only. It stands in a table, or in a Said."""
    calls = [(file, node) for file, node in nodes() if isinstance(node, ast.Call) and _name(node.func) in SAYING]
    assert sentences(calls) == []


def test_no_error_of_one_sentence():
    """What cannot be done is said in both (``SaidError``), but for mistakes of ours, and of settings and YAML."""
    raised = [(file, node.exc) for file, node in nodes() if isinstance(node, ast.Raise)]
    calls = [(file, call) for file, call in raised if isinstance(call, ast.Call) and len(call.args) == 1]
    assert sentences([(file, call) for file, call in calls if _name(call.func) not in ENGLISH]) == []


def nodes() -> Iterator[tuple[Path, ast.AST]]:
    """All of the commands' code, with where it stands."""
    for file in sorted((ROOT / "cli").rglob("*.py")):
        yield from ((file, node) for node in ast.walk(ast.parse(file.read_text("utf-8"))))


def sentences(calls: Sequence[tuple[Path, ast.Call]]) -> list[str]:
    """Those that are given one."""
    assert calls
    return [f"{file}: {ast.unparse(call)}" for file, call in calls if any(map(SENTENCE.search, _texts(call)))]


def _name(function: ast.expr) -> str:
    return function.attr.removeprefix("_") if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _texts(node: ast.AST) -> Iterator[str]:
    """Texts below it, but for those that Said has in both languages, and those beside their Swedish."""
    for below in ast.iter_child_nodes(node):
        if isinstance(below, ast.Constant) and isinstance(below.value, str):
            yield below.value
        elif not (isinstance(below, ast.Call) and _name(below.func) == "Said") and not isinstance(below, ast.IfExp):
            yield from _texts(below)
