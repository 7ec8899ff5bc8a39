"""The words of a staffing proposal as it is printed, in both languages."""

from typing import NamedTuple

from shared.language.language import Language


class ProposingWords(NamedTuple):
    """Texts of one language; those with fields in braces are filled in."""

    title: str
    with_cases: str
    below_all: str
    below: str
    office: str
    columns: tuple[str, ...]
    whole: str
    itself: str
    need: str
    unmeasured: str


WORDS: dict[Language, ProposingWords] = {
    "sv": ProposingWords(
        title="{posts} tjänster fördelade över {where} efter ärendepoäng, {day}",
        with_cases="enheter med ärenden",
        below_all="enheterna under kommunen",
        below="enheterna under {unit}",
        office="kontor",
        columns=(
            "ärendepoäng",
            "tjänster i dag",
            "behov",
            "förslag",
            "skillnad",
            "poäng per tjänst",
            "med förslaget",
        ),
        whole="alla",
        itself="{name}, själv",
        need="behov: ärendepoäng ÷ normen {norm} poäng per heltidstjänst",
        unmeasured="inga ärendepoäng rapporterade, utelämnade: {units}",
    ),
    "en": ProposingWords(
        title="{posts} posts shared over the {where} by case points, {day}",
        with_cases="units with cases",
        below_all="units below the municipality",
        below="units below {unit}",
        office="office",
        columns=("case points", "posts today", "need", "proposal", "difference", "points per post", "as proposed"),
        whole="all",
        itself="{name}, itself",
        need="need: case points ÷ the norm of {norm} points per post of full time",
        unmeasured="no case points reported, left out: {units}",
    ),
}
