"""The SQL in code: which of its strings are statements, and where the database's driver is asked."""

import ast
import re
from collections.abc import Iterator

FIRST = r"(?:\s|\(|--[^\n]*\n|/\*.*?\*/)*"
"""What may stand before the first word of a statement."""

WORDS = (
    r"select\b",
    r"insert\s+into\b",
    r'update\s+[\w."]+(\s+(as\s+)?\w+)?\s+set\b',
    r"delete\s+from\b",
    r"with\s+(recursive\s+)?\w+(\s*\([^)]*\))?\s+as\s",
    r"merge\s+into\b",
    r"truncate\s+\w",
    r'copy\s+(\(|[\w."]+(\s*\([^)]*\))?\s+(from|to))',
    r"lock\s+table",
    r"(un)?listen\s+\w",
    r"notify\s+\w",
    r"set\s+((local|session)\s+)?\w+\s*(=|to)",
    r"(create|alter|drop)\s+\w",
)
STATEMENT = re.compile(rf"{FIRST}({'|'.join(WORDS)})", re.IGNORECASE | re.DOTALL)

DRIVER = re.compile(r"execute(many)?|fetch(val|row|many)?|prepare|cursor|copy_\w+|add_listener")
"""Methods of a connection that take a statement, or tell of one."""


def texts(tree: ast.AST) -> Iterator[str]:
    """Every string of the code but its docstrings; of one with fields in it, the text between them."""
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes) and id(node) not in told:
            yield node.value if isinstance(node.value, str) else node.value.decode("utf-8", "replace")


def statements(tree: ast.AST) -> list[str]:
    """The strings that begin as SQL does."""
    return [text for text in texts(tree) if STATEMENT.match(text)]


def asked(tree: ast.AST) -> list[str]:
    """The methods of the driver that are named, called or not."""
    named = (node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute))
    return [name for name in named if DRIVER.fullmatch(name)]
