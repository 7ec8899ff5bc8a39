"""Why something cannot be done, in one sentence, in the language of whoever asked."""

from shared.language.language import Language
from shared.language.said import Said


class SaidError(Exception):
    """It cannot be done; as text, which logs and answers over HTTP have, the sentence is English."""

    def __init__(self, sv: str, en: str) -> None:
        """The sentence in both languages, without a full stop."""
        super().__init__(en)
        self.sentence = Said(sv, en)

    def said(self, language: Language) -> str:
        """The sentence."""
        return self.sentence.told(language)
