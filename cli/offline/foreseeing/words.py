"""What is said of a plan before it runs, in Swedish and in English."""

from typing import NamedTuple

from shared.language.language import Language


class ForeseeingWords(NamedTuple):
    """Texts of one language; those with fields in braces are filled in."""

    title: str
    headings: tuple[str, str, str, str, str]
    past: str
    unknown: str
    no_interval: str
    nobody: str
    months: str


WORDS: dict[Language, ForeseeingWords] = {
    "sv": ForeseeingWords(
        title="Falsklarm om ingenting förändras",
        headings=("mål", "grupper", "falsklarm per år", "om varje brott måste vara säkerställt", "flest, per år"),
        past="{count} ligger redan förbi gränsen",
        unknown="om {count} är för lite känt",
        no_interval="har inget intervall",
        nobody="ingen",
        months="Falsklarm per månad: {each}. Hur de räknas: docs/plans.md.",
    ),
    "en": ForeseeingWords(
        title="False alarms if nothing changes",
        headings=("target", "groups", "false alarms a year", "if each breach had to be confirmed", "most, a year"),
        past="{count} past the limit already",
        unknown="too little known of {count}",
        no_interval="has no interval",
        nobody="none",
        months="False alarms a month: {each}. How they are counted: docs/plans.md.",
    ),
}
