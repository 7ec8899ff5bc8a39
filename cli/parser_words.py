"""The words of the argument parser. It speaks English only: what it says is recognised, and said in Swedish."""

import re

from shared.language.language import Language
from shared.language.said import Said

HEADINGS = {
    "ARGUMENTS_PANEL_TITLE": Said("Argument", "Arguments"),
    "OPTIONS_PANEL_TITLE": Said("Flaggor", "Options"),
    "COMMANDS_PANEL_TITLE": Said("Kommandon", "Commands"),
    "ERRORS_PANEL_TITLE": Said("Fel", "Error"),
    "DEFAULT_STRING": Said("[annars: {}]", "[default: {}]"),
    "ENVVAR_STRING": Said("[miljövariabel: {}]", "[env var: {}]"),
    "REQUIRED_LONG_STRING": Said("[krävs]", "[required]"),
    "ABORTED_TEXT": Said("Avbrutet.", "Aborted."),
    "RICH_HELP": Said(
        "Hjälp ger [blue]'{command_path} {help_option}'[/].",
        "Try [blue]'{command_path} {help_option}'[/] for help.",
    ),
}
"""By the names that Typer has for them (``typer.rich_utils``)."""

USAGE = Said("Användning: ", "Usage: ")
PLACES = (Said("[FLAGGOR]", "[OPTIONS]"), Said("KOMMANDO [ARGUMENT]...", "COMMAND [ARGS]..."))
"""What stands for what can be typed, in a line of usage."""

SENTENCES = (
    Said("kommandot saknas", "Missing command."),
    Said("det finns inget kommando {name}. Menade du {near}?", "No such command {name}. Did you mean {near}?"),
    Said("det finns inget kommando {name}", "No such command {name}."),
    Said("det finns ingen flagga {name}. Menade du {near}?", "No such option: {name} (Possible options: {near})"),
    Said("det finns ingen flagga {name}", "No such option: {name}"),
    Said("flaggan {name} saknas. Välj bland:{choices}", "Missing option {name}. Choose from:{choices}"),
    Said("flaggan {name} saknas", "Missing option {name}."),
    Said("argumentet {name} saknas. Välj bland:{choices}", "Missing argument {name}. Choose from:{choices}"),
    Said("argumentet {name} saknas", "Missing argument {name}."),
    Said("flaggan {name} behöver ett värde", "Option {name} requires an argument."),
    Said("flaggan {name} tar inget värde", "Option {name} does not take a value."),
    Said("för många argument: {extra}", "Got unexpected extra argument(s) ({extra})"),
    Said("ogiltigt värde för {name}: {why}", "Invalid value for {name}: {why}"),
    Said("ogiltigt värde: {why}", "Invalid value: {why}"),
    Said("{why}", "Value error, {why}"),
    Said("{value} är inget av {choices}", "{value} is not one of {choices}."),
    Said("{value} är inte skrivet som {formats}", "{value} does not match the formats {formats}."),
    Said("{at} finns inte", "{kind} {at} does not exist."),
    Said("{at} är en mapp, och en fil behövs", "{kind} {at} is a directory."),
    Said("{at} är en fil, och en mapp behövs", "{kind} {at} is a file."),
    Said("{at} går inte att läsa", "{kind} {at} is not readable."),
    Said("{at} går inte att skriva", "{kind} {at} is not writable."),
    Said("det är inget heltal", "Input should be a valid integer, unable to parse string as an integer"),
    Said("heltalet är för långt", "Unable to parse input string as an integer, exceeded maximum size"),
    Said("det är inget tal", "Input should be a valid number, unable to parse string as a number"),
    Said("{least} är det minsta som går", "Input should be greater than or equal to {least}"),
    Said("{most} är det mesta som går", "Input should be less than or equal to {most}"),
)
"""Each sentence that the parser can say of a command of ours; a part named ``why`` is one of them itself, or ours."""


def told(text: str, language: Language) -> str:
    """What the parser said, in a language; what is none of its sentences stays as it is."""
    return text if language == "en" else _swedish(text)


def _swedish(text: str) -> str:
    for pattern, sentence in _RECOGNISED:
        if found := pattern.fullmatch(text):
            parts = {name: _swedish(part) if name == "why" else part for name, part in found.groupdict().items()}
            return sentence.format_map(parts)
    return text


def _pattern(sentence: str) -> re.Pattern[str]:
    fixed = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(sentence))
    return re.compile(fixed, re.DOTALL)


_RECOGNISED = [(_pattern(sentence.en), sentence.sv) for sentence in SENTENCES]
