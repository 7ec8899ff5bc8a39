"""Text that others wrote, shown at a terminal so that it does nothing there: no escapes, no markup, no turned order."""

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console


def harmless(text: str) -> str:
    """The text on one line, with what cannot be seen or controls a terminal as the escape that names it: ``\\x1b``."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def harmless_words(text: str) -> str:
    """The same of words of our own, where the space between a number and its unit is one that no line breaks at."""
    return harmless_lines(text.replace("\N{NO-BREAK SPACE}", " "))


def harmless_lines(text: str) -> str:
    """The same line by line, for what is several lines of our own, such as the end of a log."""
    return "\n".join(map(harmless, text.split("\n")))


def harmless_json(document: bytes) -> bytes:
    """The same JSON, with what cannot be seen or controls a terminal escaped inside its strings."""
    return "\n".join(map(_json_line, document.decode().split("\n"))).encode()


def say(text: str, *, error: bool = True) -> None:
    """Print lines, to standard error unless told otherwise."""
    typer.echo(harmless_lines(text), err=error)


def console(*, stderr: bool = False) -> "Console":
    """A console that takes ``[words in brackets]`` and ``:names:`` for what they are."""
    from rich.console import Console  # noqa: PLC0415  (--help stays fast)

    return Console(stderr=stderr, markup=False, emoji=False)


def _json_line(line: str) -> str:
    return line if line.isprintable() else "".join(c if c.isprintable() else _escape(c) for c in line)


def _escape(character: str) -> str:
    units = character.encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
