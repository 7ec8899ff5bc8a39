"""Files in YAML that people write for a command: what one says, or one sentence on why it says nothing."""

from pathlib import Path
from typing import TypeVar

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.composer import MaxDepthExceededError

from shared.kit import files

DEEPEST = 20
LARGEST = 10_000_000
"""Bytes."""
Kind = TypeVar("Kind")


class YamlFileError(Exception):
    """The file does not say what was expected; the message names it."""


def read(path: Path, kind: type[Kind]) -> Kind:
    """What the file says; raises YamlFileError, and OSError if it cannot be opened."""
    content = files.read(path, LARGEST).content
    yaml = YAML(typ="safe", pure=True)
    yaml.max_depth = DEEPEST
    try:
        return msgspec.convert(yaml.load(content.decode("utf-8-sig")), kind)
    except MaxDepthExceededError as error:
        line = error.problem_mark.line + 1
        raise YamlFileError(f"{path}: line {line}: nested more than {DEEPEST} levels deep") from None
    except Exception as error:  # noqa: BLE001 -- what YAML makes of a text that nobody foresaw
        raise YamlFileError(f"{path}: {error or type(error).__name__}") from None
