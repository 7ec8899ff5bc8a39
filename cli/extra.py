"""The extra ``stadga[local]``: packages that the services do without, for pictures and for the stack on one machine."""

from importlib.util import find_spec

import typer

from cli import terminal
from shared.language.language import Language

NEEDED: dict[Language, str] = {
    "sv": "det här behöver {packages}: installera tillvalet stadga[local]",
    "en": "this needs {packages}, which the extra stadga[local] installs",
}
AND: dict[Language, str] = {"sv": " och ", "en": " and "}


def need(*packages: str, language: Language) -> None:
    """End the command with 2, and a sentence that names the extra, unless the packages can be imported."""
    if missing := [package for package in packages if find_spec(package) is None]:
        terminal.say(NEEDED[language].format(packages=AND[language].join(missing)))
        raise typer.Exit(2)
