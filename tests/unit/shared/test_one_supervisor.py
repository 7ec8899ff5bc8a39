"""Nothing runs beside the supervisor, and nobody else decides to go on after any error whatever."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
STARTS = {"create_task", "ensure_future", "TaskGroup"}
STARTED = {
    "shared/kit/supervisor.py": "the supervisor itself",
    "services/metrics/leadership.py": "one attempt to lead: it waits for the work it starts, and raises what ends it",
}
CAUGHT = {
    "shared/kit/supervisor.py": "the supervisor itself",
    "shared/kit/batches.py": "FastStream would swallow it: handed to the supervisor",
    "services/metrics/batch.py": "a record that cannot be folded must not stop its neighbours",
    "services/alerts/scheduler.py": "a mail that cannot be written must not stop those behind it",
}
WHATEVER = {"Exception", "BaseException"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """The code of services and what they share, by path."""
    for part in ("services", "shared"):
        for path in sorted((ROOT / part).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text("utf-8"))


def called(tree: ast.Module) -> Iterator[str]:
    """The last names of what is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            yield node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id


def catches_whatever(tree: ast.Module) -> bool:
    """Whether it catches or suppresses every error."""
    caught = [node.type for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    suppressed = [arg for call in calls if ast.unparse(call.func).endswith("suppress") for arg in call.args]
    return any(
        kind is None or {n.id for n in ast.walk(kind) if isinstance(n, ast.Name)} & WHATEVER
        for kind in caught + suppressed
    )


def test_tasks_are_started_by_the_supervisor_alone() -> None:
    """A task that is started elsewhere would end unseen."""
    assert {path for path, tree in modules() if STARTS & set(called(tree))} == set(STARTED)


def test_every_error_is_caught_only_where_there_is_a_reason() -> None:
    """Who catches everything would try a fault of the code again for ever, or bury it."""
    assert {path for path, tree in modules() if catches_whatever(tree)} == set(CAUGHT)
