"""The argument parser in the language of whoever types: Swedish, unless they typed ``--language en`` with it.

What is wrong is found before a command knows its language, so that is looked for in what was typed.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import typer
from typer import rich_utils
from typer.core import TyperGroup

from cli import parser_words
from cli.help_words import COMMANDS
from cli.option_words import OPTIONS
from shared.language.language import Language

NAMES = ("--language", "--lang")
ENGLISH = {(name, "en") for name in NAMES}


def asked(arguments: Sequence[str]) -> Language:
    """The language that was typed; what is no language counts as none."""
    words = [part for word in arguments for part in word.split("=", 1)]
    return "en" if any(pair in ENGLISH for pair in pairwise(words)) else "sv"


def without_language(arguments: Sequence[str]) -> list[str]:
    """What else was typed."""
    kept, words = list[str](), iter(arguments)
    for word in words:
        if word in NAMES:
            next(words, None)
        elif word.partition("=")[0] not in NAMES:
            kept.append(word)
    return kept


class SpeakingContext(typer.Context):
    """Of the root or of a command; its object is the language."""

    def __init__(self, command: Any, *given: Any, **named: Any) -> None:  # noqa: ANN401  (Typer's)
        """The option that every command gets says what it does."""
        super().__init__(command, *given, **named)
        if self.obj == "sv" and (option := command.get_help_option(self)):
            option.help = OPTIONS.get(option.help, option.help)

    def make_formatter(self) -> Any:  # noqa: ANN401  (Typer's formatter, whose type it keeps to itself)
        """One that writes the line of usage in the language."""
        language: Language = self.obj
        formatter = super().make_formatter()
        write = formatter.write_usage

        def write_usage(prog: str, args: str = "", prefix: str | None = None) -> None:
            for place in parser_words.PLACES:
                args = args.replace(place.en, place.told(language))
            write(prog, args, prefix or parser_words.USAGE.told(language))

        formatter.write_usage = write_usage  # type: ignore[method-assign]
        return formatter


class SpeakingGroup(TyperGroup):
    """The root of the commands."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:  # noqa: ANN401  (Typer's)
        """Reads what was typed."""
        language = asked(args)
        _speak(self, language, "")
        for name, heading in parser_words.HEADINGS.items():
            setattr(rich_utils, name, heading.told(language))
        with _said(language):
            return super().make_context(info_name, self._for_commands(args), parent, obj=language, **extra)

    def _for_commands(self, args: list[str]) -> list[str]:
        """Without the language, where no command is named that would take it: then it is the help's."""
        one: Any = self
        for word in args:
            one = getattr(one, "commands", {}).get(word, one)
        return without_language(args) if hasattr(one, "commands") else args

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401  (Typer's)
        """Reads what was typed for a command, and runs it."""
        with _said(ctx.obj):
            return super().invoke(ctx)


def _speak(command: Any, language: Language, path: str) -> None:  # noqa: ANN401  (Typer's)
    """Has a command, and all below it, say what it and its parameters are for."""
    command.context_class = SpeakingContext
    if language == "sv":
        command.help = COMMANDS[path]
        for param in command.params:
            param.help = OPTIONS.get(param.help, param.help)
    for name, below in getattr(command, "commands", {}).items():
        _speak(below, language, f"{path} {name}".strip())


@contextmanager
def _said(language: Language) -> Iterator[None]:
    try:
        yield
    except typer.TyperException as error:
        sentence = parser_words.told(error.format_message(), language)
        error.format_message = lambda: sentence  # type: ignore[method-assign]
        raise
