"""What tests need to read of a PromQL expression: the series it selects, and the labels it names.

Not a parser: it knows the shapes that the project's own rules and dashboards use.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

_STRING = re.compile(r'"[^"]*"')
_SELECTOR = re.compile(r"\b((?:[a-z_]+:)?(?:stadga[a-z0-9_:]*|up)(?::[a-z0-9_:]+)?)\b\s*(?:\{([^}]*)\})?")
_LABEL = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)")
_GROUPING = re.compile(r"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)")


class Selected(NamedTuple):
    """A series name as written, and the labels its matchers name."""

    name: str
    labels: frozenset[str]


def selected(expression: str) -> list[Selected]:
    """Every series an expression selects, in order."""
    bare = _GROUPING.sub("", _STRING.sub("", expression))
    return [Selected(name, frozenset(_LABEL.findall(matchers))) for name, matchers in _SELECTOR.findall(bare)]


def selectors(expression: str) -> list[str]:
    """Every selector of an expression as it is written, with its matchers and without its range."""
    return [found[0].strip() for found in _SELECTOR.finditer(_GROUPING.sub("", expression))]


def grouped(expression: str) -> set[str]:
    """Every label an expression groups or joins by."""
    return {label.strip() for labels in _GROUPING.findall(expression) for label in labels.split(",") if label.strip()}


def told_by(expression: str, instances: Iterable[str]) -> str:
    """The expression as if only these instances were scraped."""
    told = f'instance=~"{"|".join(map(re.escape, instances))}"'.replace("\\", "\\\\")
    return _SELECTOR.sub(lambda found: f"{found[1]}{{{','.join(filter(None, (found[2], told)))}}}", expression)


def spelled_out(expression: str, recorded: Mapping[str, str]) -> str:
    """The expression with what rules record in the words of those rules."""
    for name, words in recorded.items():
        expression = expression.replace(name, f"({words})")
    return expression
