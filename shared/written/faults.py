"""What is wrong with a file, where, and what was meant: all of it, not only the first."""

import codecs
import difflib
import itertools
import re
from collections.abc import Collection

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.composer import MaxDepthExceededError
from ruamel.yaml.error import MarkedYAMLError, StreamMark, YAMLError
from ruamel.yaml.nodes import Node, ScalarNode, SequenceNode

from shared.language.language import Language
from shared.language.said import Said, alike

DEEPEST = 20
"""Levels of nesting; a plan, the deepest of what is written, has seven."""


MOST_NODES = 100_000
"""Scalars, lists and mappings, each as often as aliases repeat it: as many as the longest text has without them."""

MOST_FAULTS = 100
"""More are not looked for."""

LONGEST_WORD = 100
"""Characters of a word that another may be meant by: comparing grows with the square of them."""

_ENOUGH = "so much is wrong that no more was looked for"
_UNHOLDABLE = re.compile("[\0\ud800-\udfff]")


class EnoughError(Exception):
    """So much is wrong that no more is looked for."""


class Fault(msgspec.Struct, frozen=True):
    """What is wrong and where; lines and columns count from 1. As text, which logs and answers have, it is English."""

    line: int
    column: int
    sentence: Said

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return self.sentence.en

    def __str__(self) -> str:
        """As editors and compilers write it, after the name of the file."""
        return self.said("en")

    def said(self, language: Language) -> str:
        """The same in a language."""
        return f"{self.line}:{self.column}: {self.sentence.told(language)}"


class Faults:
    """The faults found so far; the same one is kept once."""

    def __init__(self) -> None:
        """None yet."""
        self._found: set[Fault] = set()
        self._told = 0

    def add(self, node: Node, sv: str, en: str) -> None:
        """Something is wrong where ``node`` begins, said in both languages; raises EnoughError."""
        self._found.add(_at(node, sv, en))
        self._told += 1
        if self._told >= MOST_FAULTS:
            self._found.add(_at(node, "så mycket är fel att inget mer har letats efter", _ENOUGH))
            raise EnoughError

    def sorted(self) -> tuple[Fault, ...]:
        """Every fault, from the top of the file down."""
        return tuple(sorted(self._found, key=lambda one: (one.line, one.column, one.message)))


def meant(word: str, known: Collection[str]) -> Said:
    """The known word most like ``word``, as the end of a sentence; empty when none is like it."""
    if len(word) > LONGEST_WORD:
        return alike("")
    close = difflib.get_close_matches(word, sorted(known), n=1)
    return Said(f'; menade du "{close[0]}"?', f'; did you mean "{close[0]}"?') if close else alike("")


def shown(node: Node) -> Said:
    """How a fault quotes a value."""
    if isinstance(node, ScalarNode):
        return alike(f'"{node.value}"') if node.value else Said("ingenting", "nothing")
    return Said("en lista", "a list") if isinstance(node, SequenceNode) else Said("nycklar med värden", "a mapping")


def decoded(content: bytes) -> str | Fault:
    """A file as text, or where it stops being UTF-8."""
    text = content.removeprefix(codecs.BOM_UTF8)
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        before = text[: error.start]
        line, column = before.count(b"\n") + 1, len(before.rpartition(b"\n")[2].decode()) + 1
        wrong = f"{text[error.start]:02x}"
        said = Said(
            f"byte {wrong} är inte UTF-8: spara filen som UTF-8, inte som ISO-8859-1 eller Windows-1252",
            f"byte {wrong} is not UTF-8: save the file as UTF-8, not as ISO-8859-1 or Windows-1252",
        )
        return Fault(line, column, said)


def document(text: str) -> Node | Fault:
    """The root of the one YAML document in ``text``, or why there is none that can be read."""
    root = _composed(text)
    return root if isinstance(root, Fault) else _unholdable(root) or root


def _composed(text: str) -> Node | Fault:
    yaml = YAML(typ="safe", pure=True)
    yaml.max_depth = DEEPEST
    try:
        root: Node | None = yaml.compose(text)
    except MaxDepthExceededError as error:
        return _marked(
            error.problem_mark, f"mer än {DEEPEST} nivåer i varandra", f"nested more than {DEEPEST} levels deep"
        )
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return _marked(mark, f"inte YAML ({error.problem})", f"not YAML: {error.problem}")
    except YAMLError as error:
        told = " ".join(str(error).split())
        return _marked(None, f"inte YAML ({told})", f"not YAML: {told}")
    except RecursionError:
        return _marked(None, "för många nivåer i varandra", "nested too deeply")
    except Exception as error:  # noqa: BLE001  (of some texts the library says so in ways of its own)
        return _marked(None, f"inte YAML ({type(error).__name__})", f"not YAML: {type(error).__name__}")
    return root or _marked(None, "filen är tom", "the file is empty")


def _unholdable(root: Node) -> Fault | None:
    """A text that no table or answer can hold, or too much for anybody to have meant, as aliases repeat it."""
    waiting, seen = [root], 0
    while waiting:
        node = waiting.pop()
        seen += 1
        if seen > MOST_NODES:
            return _at(
                node,
                f"alias upprepar för mycket: fler än {MOST_NODES:,} värden och nycklar".replace(",", " "),
                f"aliases repeat too much: more than {MOST_NODES:,} values and keys",
            )
        if isinstance(node, ScalarNode):
            if _UNHOLDABLE.search(node.value):
                return _at(
                    node,
                    "en text innehåller NUL eller ett halvt tecken (\\ud800 till \\udfff)",
                    "a text holds NUL or half a character (\\ud800 to \\udfff)",
                )
        elif isinstance(node, SequenceNode):
            waiting += node.value
        else:
            waiting += itertools.chain.from_iterable(node.value)
    return None


def _at(node: Node, sv: str, en: str) -> Fault:
    return _marked(node.start_mark, sv, en)


def _marked(mark: StreamMark | None, sv: str, en: str) -> Fault:
    said = Said(_tellable(sv), _tellable(en))
    return Fault(mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, said)


def _tellable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
