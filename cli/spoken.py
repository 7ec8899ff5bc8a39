"""The language of what a command says: each has the option, and speaks Swedish unless told otherwise."""

from enum import StrEnum
from typing import Annotated

import typer


class Language(StrEnum):
    """Of the words."""

    sv = "sv"
    en = "en"


Words = Annotated[Language, typer.Option("--language", "--lang", help="of the words")]
