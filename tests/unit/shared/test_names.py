"""What may be a name: nothing that the product reads as something else, nothing that nobody can see."""

import pytest

from shared.contracts.names import LONGEST, not_a_name, not_a_reference, unwritable

NAMES = ["u1", "Barn och unga", "IFO/BoU", "1:a linjen", "Södra (väster)", "中心", "bou.ifo-1_a", "soc*", "x" * LONGEST]
REFERENCES = ["2024|17", "A1", "a17+", "https://hr.example.org/a//b", "../4"]
INVISIBLE = ["a\x00b", "a\x1fb", "a\nb", "a\x7fb", "a\x85b", "a\u200bb", "a\u202eb", "a\u2066b", "a\ufeffb", "a\xadb"]
INVISIBLE += ["a\u2028b", "a\u2029b", "a\ue000b", "a\u0378b", "a\U000e0041b"]


@pytest.mark.parametrize("text", NAMES)
def test_what_is_a_name(text: str):
    """Letters of any script, digits, and what people write between them."""
    assert not_a_name(text) is None
    assert not_a_reference(text) is None


@pytest.mark.parametrize("text", REFERENCES)
def test_a_reference_may_hold_what_a_name_may_not(text: str):
    """It stays inside one source's record, so nothing takes it apart."""
    assert not_a_reference(text) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [("*", "reserved"), ("", "neither"), ("  ", "space"), ("\u00a0", "space"), (" u1", "space"), ("u1 ", "space")]
    + [("-", "neither"), ("**", "neither"), ("\u2800", "character"), ("a\u3164b", "character")]
    + [(text, "character") for text in INVISIBLE],
)
def test_what_is_neither(text: str, why: str):
    """Reserved, blank, padded, or with characters that nobody sees."""
    for fault in (not_a_name(text), not_a_reference(text)):
        assert fault
        assert why in fault


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("u1|nurse", "|"),
        ("|u", "|"),
        ("x" * (LONGEST + 1), "longer"),
        *((path, "path") for path in ("../u1", "/u1", "u1/", "a//b", "a/./b", r"a\..\b")),
    ],
)
def test_a_reference_that_is_no_name(text: str, why: str):
    """What is a part of keys, or leads out of where it stands."""
    assert why in (not_a_name(text) or "")
    assert not_a_reference(text) is None


def test_words_are_never_quoted():
    """What is wrong can be told to anyone."""
    for fault in (not_a_name("811218|9876"), not_a_reference(" 811218"), unwritable("811218\x00")):
        assert fault
        assert "811218" not in fault
