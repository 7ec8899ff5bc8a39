"""What keeps whole files from being read or sent, by its kind: a sentence about it in the reader's language."""

import errno
from typing import NoReturn

from cli.connect.publishing.words import WORDS, Hindrance, filled
from shared.kit.files import UnfitFileError
from shared.kit.settings import SettingsError
from shared.language.language import Language
from shared.language.refusal import SaidError

_OF_SYSTEM: dict[int | None, Hindrance] = {
    errno.ENOENT: "no_file",
    errno.EISDIR: "is_folder",
    errno.EACCES: "no_right",
    errno.EPERM: "no_right",
    errno.ENOSPC: "disk_full",
}


class HindranceError(Exception):
    """Nothing can be done; the message, which is English, says where, what is wrong and what to do."""

    def __init__(self, kind: Hindrance, where: object = "", **parts: object) -> None:
        """``where`` is the file, its line or the address; ``parts`` are what the kind's words need."""
        self.kind, self.where = kind, str(where)
        self.parts = {name: part if isinstance(part, int) else str(part) for name, part in parts.items()}
        super().__init__(self.said("en"))

    def said(self, language: Language) -> str:
        """The sentence."""
        words = WORDS[language]
        numbers = {name: part for name, part in self.parts.items() if isinstance(part, int)}
        texts = {name: part for name, part in self.parts.items() if isinstance(part, str)}
        if "wanted" in texts:
            texts["wanted"] = words.wanted[texts["wanted"]]
        sentence = filled(words.hindrances[self.kind], language, numbers, texts)
        return f"{self.where}: {sentence}" if self.where else sentence

    def at(self, where: object) -> NoReturn:
        """Raise the same, said of a place."""
        raise HindranceError(self.kind, where, **self.parts) from None


def sentence(error: SaidError | SettingsError | OSError, language: Language) -> str:
    """Why something cannot be done; of a setting in English."""
    if isinstance(error, SaidError):
        return error.said(language)
    if isinstance(error, UnfitFileError):
        return f"{error.filename}: {error.sentence.told(language)}"
    return of_system(error).said(language) if isinstance(error, OSError) else str(error)


def of_system(error: OSError) -> HindranceError:
    """What the system says of a file, by a kind of ours where there is one."""
    kind = _OF_SYSTEM.get(error.errno, "system")
    said = {"said": error.strerror or str(error)} if kind == "system" else {}
    return HindranceError(kind, error.filename if isinstance(error.filename, str) else "", **said)
