"""Hostile files: action plans and what payroll systems export, through the functions that read them."""

from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from typer.testing import CliRunner

from cli.main import app
from services.alerts.domain.plan.reading import PlanRefused, read
from tests.harm.doors import Door
from tests.harm.hostile import Hostile

ROOT = Path(__file__).resolve().parents[2]
PLANS = tuple(sorted((ROOT / "deploy" / "plans").glob("*.yaml")))
CSV, PAXML = ROOT / "docs/examples/anstallningar.csv", ROOT / "docs/examples/paxml-april.xml"
IMPORTS = (("employments", CSV, ("--as-of", "2026-04-01")), ("paxml", PAXML, ()))
SOUND_ENDS = frozenset({0, 1, 2})
"""Exit codes that README describes: all understood, some not, nothing could be done."""


def plans(hostile: Hostile, inputs: int) -> Door:
    """Plans with lines and bytes changed: read, or refused with its faults."""
    texts = [path.read_text("utf-8") for path in PLANS]
    return _tried("plan files", inputs, lambda: _plan(_changed(hostile, hostile.chance.choice(texts))))


def _plan(text: str) -> str:
    try:
        read(text)
    except PlanRefused as refused:
        return "refused" if refused.faults else "refused without a fault"
    return "read"


def imports(hostile: Hostile, inputs: int, folder: Path) -> Door:
    """Exports with lines and bytes changed: imported, or refused in words."""
    runner, file = CliRunner(), folder / "export"
    texts = {path: path.read_text("latin-1") for _, path, _ in IMPORTS}

    def one() -> str:
        command, path, more = hostile.chance.choice(IMPORTS)
        encoding = hostile.chance.choice(("latin-1", "latin-1", "utf-8", "utf-16"))
        file.write_bytes(_changed(hostile, texts[path]).encode(encoding, "replace"))
        result = runner.invoke(app, ["import", command, str(file), *more, "--output", str(folder / "events")])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return f"exit {result.exit_code}" if result.exit_code in SOUND_ENDS else f"unknown exit {result.exit_code}"

    return _tried("imports", inputs, one)


def _tried(name: str, inputs: int, one: Callable[[], str]) -> Door:
    answers, faults = Counter[str](), list[str]()
    for number in range(inputs):
        try:
            with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
                answers[one()] += 1
        except Exception as error:  # noqa: BLE001  (every kind of error is what is looked for)
            answers["crashed"] += 1
            faults.append(f"input {number}: {type(error).__name__}: {error}"[:300])
    return Door(name, inputs, answers, tuple(faults))


def _changed(hostile: Hostile, text: str) -> str:
    """A few lines moved, doubled, dropped, or with a piece replaced."""
    chance, lines = hostile.chance, text.splitlines(keepends=True)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        at = chance.randrange(len(lines))
        pick = chance.randrange(6)
        if pick == 0 and len(lines) > 1:
            del lines[at]
        elif pick == 1:
            lines.insert(at, lines[chance.randrange(len(lines))])
        elif pick == 2:
            lines[at] = " " * chance.randrange(9) + lines[at].lstrip()
        else:
            lines[at] = _piece_replaced(hostile, lines[at])
    return "".join(lines)


def _piece_replaced(hostile: Hostile, line: str) -> str:
    chance = hostile.chance
    start = chance.randrange(len(line) + 1)
    end = min(len(line), start + chance.randrange(12))
    return line[:start] + str(hostile.value()) + line[end:]
