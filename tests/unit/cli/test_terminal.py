"""Foreign text at a terminal."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.terminal import harmless, harmless_json, harmless_lines
from tests.unit.cli.hostile import NAMES, UNSEEN, unseen


@pytest.mark.parametrize("name", UNSEEN)
def test_what_cannot_be_seen_is_named(name: str):
    """Terminal escapes, line ends and marks that turn the order around stand as escapes on one line."""
    assert harmless(name).isprintable()
    assert "\\" in harmless(name)


def test_what_can_be_seen_stays():
    """Letters of any script, and brackets, are as they were."""
    assert harmless("Äldre [norr], 児童, حماية") == "Äldre [norr], 児童, حماية"


def test_lines_of_our_own_stay_lines():
    """The end of a log keeps its line ends and loses its escapes."""
    assert harmless_lines("a\x1b[1m\nb") == "a\\x1b[1m\nb"


def test_bytes_that_are_no_text():
    """A file name that is not of the encoding can be printed."""
    assert harmless("a\udcff").encode() == b"a\\udcff"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_says_the_same(text: str):
    """Escaping changes what is seen of a document and not what it says."""
    said = harmless_json(msgspec.json.format(msgspec.json.encode({text: [text]})))
    assert msgspec.json.decode(said) == {text: [text]}
    assert not unseen(said.decode()) - {"\n"}


@pytest.mark.parametrize("name", NAMES)
def test_json_of_hostile_names(name: str):
    """The same for each kind of harm."""
    assert msgspec.json.decode(harmless_json(msgspec.json.encode(name))) == name
