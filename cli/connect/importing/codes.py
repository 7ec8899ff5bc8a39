"""What the time codes of PAXml mean: deploy/mappings/paxml.yaml, and what a municipality's own file adds to it."""

import unicodedata
from pathlib import Path
from typing import Literal

import msgspec

from cli import yaml_file
from cli.connect.publishing.hindrance import HindranceError
from cli.yaml_file import YamlFileError
from shared.contracts.events import AbsenceKind


class Codes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Codes by meaning. ``worked`` hours are within or outside a schedule, ``passed_over`` codes are in no measure.

    What ``assumed`` ones mean each employer decides; they are among the others too.
    """

    absence: dict[AbsenceKind, tuple[str, ...]] = {}
    worked: tuple[str, ...] = ()
    additional: tuple[str, ...] = ()
    overtime: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()


Use = Literal["absence", "worked", "additional", "overtime", "passed_over", "unknown"]


WORKED: tuple[Use, ...] = ("worked", "additional", "overtime")
"""Of hours that somebody was at work."""


class Meaning(msgspec.Struct, frozen=True):
    """What a code is counted as; ``kind`` of an absence. ``assumed``: an employer may mean something else by it."""

    use: Use
    kind: AbsenceKind | None = None
    assumed: bool = False


UNKNOWN = Meaning("unknown")
"""Of a code that is in no file: its time is neither worked nor an absence of any kind."""


def read(*files: Path) -> dict[str, Meaning]:
    """Code → meaning; a later file overrides an earlier one. Raises HindranceError with the file at fault."""
    found: dict[str, Meaning] = {}
    for file in files:
        found |= _meanings(_codes(file))
    return found


def _codes(file: Path) -> Codes:
    try:
        return yaml_file.read(file, Codes)
    except YamlFileError as error:
        raise HindranceError("yaml", said=error) from None


def _meanings(codes: Codes) -> dict[str, Meaning]:
    found = {written(c): Meaning("absence", kind) for kind, some in codes.absence.items() for c in some}
    plain: tuple[Use, ...] = ("worked", "additional", "overtime", "passed_over")
    found |= {written(c): Meaning(use) for use in plain for c in getattr(codes, use)}
    assumed = {written(c) for c in codes.assumed}
    return {c: msgspec.structs.replace(meaning, assumed=c in assumed) for c, meaning in found.items()}


def written(code: str) -> str:
    """A code in the one spelling codes are compared in: no spaces around, capitals, composed letters."""
    return unicodedata.normalize("NFC", code).strip().upper()
