"""Nothing runs beside the supervisor, and nobody else decides to go on after any error whatever."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
STARTS = {"create_task", "ensure_future", "TaskGroup"}
STARTED = {
    "shared/kit/supervisor.py": "the supervisor itself",
    "shared/kit/broker.py": "a client that leaves: waited for, and what it raises is raised",
    "shared/kit/leaders.py": "a question to each broker: whoever asks tells whether one answered; the rest is let go",
    "shared/kit/leadership.py": "one attempt to lead: it waits for the work it starts, and raises what ends it",
    "services/metrics/publishing/dealing.py": "the work on each shard: waited for, and what ends it is raised",
    "services/alerts/notifiers/webhook/poster.py": "a post for each webhook: awaited, and what one raises is raised",
    "services/alerts/rounds/holding.py": "a group that ends with the first of its tasks, and raises what ended it",
}
CAUGHT = {
    "shared/kit/supervisor.py": "the supervisor itself",
    "shared/kit/reading.py": "whatever a record does to the library's reader, it is taken apart by ours",
    "shared/access/token_file.py": "a file that nobody foresaw must not end the service: the tokens before hold on",
    "services/alerts/rounds/judging.py": "an alert whose records cannot be judged must not stop the others",
    "services/alerts/domain/plan/choice.py": "a plan that cannot be read must not stop the others",
    "services/alerts/rounds/plan_shelf.py": "handed from the thread to whoever waits for it",
    "shared/written/faults.py": "the YAML library says of some texts by any error that they are none",
    "services/alerts/notifiers/email/writing.py": "a mail that cannot be written must not stop those behind it",
    "services/alerts/notifiers/bounce/taking.py": "whatever a stranger sends, the bounces behind it must be read",
    "services/alerts/notifiers/webhook/poster.py": "a notice that cannot be written must not stop those behind it",
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
    """Whether it catches or suppresses every error, and never raises it again."""
    handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and not raises_again(node)]
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    suppressed = [arg for call in calls if ast.unparse(call.func).endswith("suppress") for arg in call.args]
    return any(kind is None or names(kind) & WHATEVER for kind in [h.type for h in handlers] + suppressed)


def raises_again(handler: ast.ExceptHandler) -> bool:
    """Whether there are errors it lets through."""
    return any(isinstance(node, ast.Raise) and node.exc is None for node in ast.walk(handler))


def names(kind: ast.expr) -> set[str]:
    """The plain names in an expression."""
    return {node.id for node in ast.walk(kind) if isinstance(node, ast.Name)}


def test_tasks_are_started_by_the_supervisor_alone() -> None:
    """A task that is started elsewhere would end unseen."""
    assert {path for path, tree in modules() if STARTS & set(called(tree))} == set(STARTED)


def test_every_error_is_caught_only_where_there_is_a_reason() -> None:
    """Who catches everything would try a fault of the code again for ever, or bury it."""
    assert {path for path, tree in modules() if catches_whatever(tree)} == set(CAUGHT)


def test_no_wait_loses_a_stop() -> None:
    """``asyncio.wait_for`` may, ``shared.kit.waiting.within`` does not."""
    assert [path for path, tree in modules() if "wait_for" in set(called(tree))] == []
