"""Every command that there is, and for each what the argument parser can find wrong with it."""

from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple, get_origin

import typer

from cli.main import app


class Typed(NamedTuple):
    """What somebody typed, no command of which begins, and what of it is quoted."""

    words: tuple[str, ...]
    quoted: str


def commands(below: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:  # noqa: ANN401 -- Typer's commands, as below its parameters
    """Each with the words that lead to it; groups and the root too."""
    one = below or typer.main.get_command(app)
    yield path, one
    for name, command in getattr(one, "commands", {}).items():
        yield from commands(command, (*path, name))


def mistakes() -> Iterator[Typed]:
    """Whatever can be wrong with what is typed for each."""
    for path, one in commands():
        yield Typed((*path, "--nowhere"), "--nowhere")
        if names := list(getattr(one, "commands", {})):
            yield Typed((*path, "nowhere"), "'nowhere'")
            yield Typed((*path, f"{names[0]}x"), f"'{names[0]}'")
            continue
        yield from _missing(path, [param for param in one.params if param.required])
        if not any(param.nargs == -1 or (param.required and "--" in param.opts[0]) for param in one.params):
            yield Typed((*path, *["many"] * 9), "many")
        yield from (Typed((*path, *words), param.opts[0]) for param in one.params for words in _wrong(param))


def _missing(path: tuple[str, ...], required: list[Any]) -> Iterator[Typed]:
    """The first of them, and the first option after arguments that take anything."""
    yield from (Typed(path, param.opts[0]) for param in required[:1])
    options = [param.opts[0] for param in required if "--" in param.opts[0]]
    if options and required[0].opts[0] not in options and not required[0].type_descriptor.parameter_info.exists:
        yield Typed((*path, "anything"), options[0])


def _wrong(param: Any) -> Iterator[tuple[str, ...]]:  # noqa: ANN401
    """What cannot be typed for a parameter."""
    name, told = param.opts[0], param.type_descriptor.parameter_info
    kind = param.type_descriptor.annotation
    if not name.startswith("--"):
        yield from [("/nowhere",), ("/",)] if told.exists else []
    elif param.is_flag:
        yield (f"{name}=wrong",)
    else:
        yield (name,)
        is_choice = get_origin(kind) is not None or issubclass(kind, Enum)
        if not param.multiple and (is_choice or kind in {int, float, datetime}):
            yield (f"{name}=wrong",)
        yield from ((f"{name}={end}",) for end in _beyond(told))


def _beyond(told: Any) -> Iterator[float]:  # noqa: ANN401
    if told.min is not None:
        yield told.min - 1
    if told.max is not None:
        yield told.max + 1
