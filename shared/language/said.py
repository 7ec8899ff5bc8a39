"""One sentence, or a part of one, in every language that people are written to in."""

from typing import NamedTuple

from shared.language.language import Language


class Said(NamedTuple):
    """The same in Swedish and in English; a sentence has no full stop."""

    sv: str
    en: str

    def told(self, language: Language) -> str:
        """In one of them."""
        return self.sv if language == "sv" else self.en


def alike(text: str) -> Said:
    """What is written alike in all of them: a key of a file, a number."""
    return Said(text, text)
