"""What is wrong with a plan, where, and what was meant: all of it, not only the first."""

import difflib
from collections.abc import Collection

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.composer import MaxDepthExceededError
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import Node, ScalarNode, SequenceNode

DEEPEST = 20
"""Levels of nesting; a plan has seven."""


class Fault(msgspec.Struct, frozen=True, order=True):
    """What is wrong and where; lines and columns count from 1."""

    line: int
    column: int
    message: str

    def __str__(self) -> str:
        """As editors and compilers write it, after the name of the file."""
        return f"{self.line}:{self.column}: {self.message}"


class Faults:
    """The faults found so far; the same one is kept once."""

    def __init__(self) -> None:
        """None yet."""
        self._found: set[Fault] = set()

    def add(self, node: Node, message: str) -> None:
        """Something is wrong where ``node`` begins."""
        self._found.add(Fault(node.start_mark.line + 1, node.start_mark.column + 1, message))

    def sorted(self) -> tuple[Fault, ...]:
        """Every fault, from the top of the file down."""
        return tuple(sorted(self._found))


def meant(word: str, known: Collection[str]) -> str:
    """The known word most like ``word``, as the end of a sentence; empty when none is like it."""
    close = difflib.get_close_matches(word, sorted(known), n=1)
    return f'; did you mean "{close[0]}"?' if close else ""


def shown(node: Node) -> str:
    """How a fault quotes a value."""
    if isinstance(node, ScalarNode):
        return f'"{node.value}"' if node.value else "nothing"
    return "a list" if isinstance(node, SequenceNode) else "a mapping"


def document(text: str) -> Node | Fault:
    """The root of the one YAML document in ``text``, or why there is none."""
    yaml = YAML(typ="safe", pure=True)
    yaml.max_depth = DEEPEST
    try:
        root: Node | None = yaml.compose(text)
    except MaxDepthExceededError as error:
        mark = error.problem_mark
        return Fault(mark.line + 1, mark.column + 1, f"not a plan: nested more than {DEEPEST} levels deep")
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return Fault(mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, f"not YAML: {error.problem}")
    except YAMLError as error:
        return Fault(1, 1, f"not YAML: {' '.join(str(error).split())}")
    except RecursionError:
        return Fault(1, 1, "not a plan: nested too deeply")
    return root or Fault(1, 1, "the file is empty")
