"""The words of the board: whole in both languages, and the same facts in both."""

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import get_args

import msgspec
import pytest

from services.alerts.board.writing import WORDS
from services.alerts.domain.alert.occasion import MailReason
from services.alerts.domain.alert.telling import ViewState
from services.alerts.domain.neglect.finding import Neglect
from services.alerts.repository.mails import State
from shared.contracts.alerts import REASONS, HandlingKind
from shared.contracts.dead_letters import Reason
from shared.contracts.events import MeasureStatus
from shared.contracts.metrics import Status
from shared.language.language import Language
from shared.language.phrase import fields


def texts(value: object, at: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a table of words, by where it is."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from texts(one, f"{at}.{name}")
    elif isinstance(value, tuple):
        for number, one in enumerate(value):
            yield from texts(one, f"{at}.{number}")


def every(language: Language) -> dict[str, str]:
    """All texts of a language."""
    return dict(texts(msgspec.structs.asdict(WORDS[language])))


def test_each_language_says_everything_and_the_same() -> None:
    """No text is empty or missing, and a pattern speaks of the same facts in both languages."""
    swedish, english = every("sv"), every("en")
    assert all(swedish.values())
    assert all(english.values())
    assert {at: fields(text) for at, text in swedish.items()} == {at: fields(text) for at, text in english.items()}


def test_every_word_is_said_somewhere() -> None:
    """A text that no page says is one to forget."""
    board = files("services.alerts.board")
    folders = (board, board / "pages", board / "templates")
    pages = [one for folder in folders for one in folder.iterdir() if one.name not in {"sv.py", "en.py", "words.py"}]
    said = "\n".join(one.read_text("utf-8") for one in pages if one.name.endswith((".py", ".html")))
    names = msgspec.structs.asdict(WORDS["sv"])
    assert [name for name in names if not re.search(rf"\b(w|words)\.{name}\b|\"{name}\"", said)] == []


def test_no_language_speaks_the_other() -> None:
    """A text that is the same in both was forgotten, but for names."""
    swedish, english = every("sv"), every("en")
    assert {at.lstrip(".") for at, text in swedish.items() if english[at] == text} == {
        "none", "plan", "version", "budget", "definition", "alert_of", "metric_of", "by_service",
    }  # fmt: skip


@pytest.mark.parametrize("language", get_args(Language))
def test_whatever_happens_has_a_word(language: Language) -> None:
    """States, reasons, statuses: a new one needs words."""
    words = WORDS[language]
    states = {name for part in get_args(ViewState) for name in (get_args(part) or (part,))}
    assert words.states.keys() == words.meaning.keys() == states
    assert words.reasons.keys() == set(REASONS)
    assert words.no_number.keys() == {*get_args(Status), "none"} - {"final", "low_reliability"}
    assert words.mail_states.keys() == set(get_args(State))
    assert words.mail_reasons.keys() == {*get_args(MailReason), "opening", "summary", "digest"}
    assert words.put_aside.keys() == set(get_args(Reason))
    assert words.neglects.keys() == set(get_args(Neglect))
    assert words.kinds.keys() == set(get_args(HandlingKind))
    assert words.progress.keys() == set(get_args(MeasureStatus))
