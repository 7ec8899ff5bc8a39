"""Pseudonyms: the same person is the same, others differ, and nothing of the reference shows."""

import base64
import hashlib
import hmac

import pytest

from services.ingest.domain.pseudonym import pseudonyms
from tests.unit.ingest.spellings import SPELLINGS, VALID

KEY = b"0123456789abcdef"
pseudonym = pseudonyms(KEY, "storstad")


def test_it_is_what_the_contract_says():
    """p_ and 26 characters of the base32 of HMAC-SHA-256 over municipality, NUL and reference."""
    digest = hmac.new(KEY, b"storstad\0anna", hashlib.sha256).digest()
    assert pseudonym("anna", 2024) == "p_" + base64.b32encode(digest).decode()[:26].lower()


@pytest.mark.parametrize("spelling", ["198112189876", "19811218-9876", "811218-9876", "8112189876", " 811218-9876 "])
def test_all_spellings_of_one_number_are_one_person(spelling: str):
    """Systems write the same number differently."""
    assert pseudonym(spelling, 2024) == pseudonym("198112189876", 2024)


def test_a_person_stays_the_same_over_the_years():
    """The year matters only for the century of ten digits."""
    assert len({pseudonym("198112189876", year) for year in range(1999, 2030)}) == 1


def test_people_a_century_apart_differ():
    """A plus sign means a hundred years or more."""
    assert pseudonym("811218+9876", 2024) != pseudonym("811218-9876", 2024)


def test_municipalities_and_keys_differ():
    """The same person of two municipalities cannot be joined, nor can what two keys made."""
    others = {pseudonyms(KEY, "lillby")("anna", 2024), pseudonyms(KEY[::-1], "storstad")("anna", 2024)}
    assert len(others | {pseudonym("anna", 2024)}) == 3


def test_municipality_and_reference_are_not_run_together():
    """“stor” with “stadanna” is not “storstad” with “anna”."""
    assert pseudonyms(KEY, "stor")("stadanna", 2024) != pseudonym("anna", 2024)


def test_remembering_changes_nothing():
    """A mapping that forgets gives the same answers."""
    forgetful = pseudonyms(KEY, "storstad", remembered=1)
    refs = [f"x{i}" for i in range(20)] * 2
    assert [forgetful(ref, 2024) for ref in refs] == [pseudonym(ref, 2024) for ref in refs]


@pytest.mark.parametrize(
    ("ref", "expected"),
    [
        ("anna", "p_oibhuzz7gpe44245ckynztzoqj"),
        ("1001", "p_65txl27vseydf5hvrzn2etb6tx"),
        ("A-17 b", "p_3k3ryeiaoimo7tu6dqtnhqzcfo"),
        ("åsa.öberg@example.org", "p_qw5oj3zzdmegjmqfapnhb7os6h"),
        ("2F9aXz==", "p_ntrab3e2ausfedjzp6aarig3r4"),
        ("81.12.18", "p_c4dw5jsyt2a4bqlwlxgl7k6jlu"),
        ("198112189876", "p_kinu5xrhdvghjxaffjud4ozzvb"),
        ("811218-9876", "p_kinu5xrhdvghjxaffjud4ozzvb"),
        ("811218+9876", "p_fslm2gex62oxpxoytjg3riau4o"),
        ("121212-1212", "p_nowjd3loilcun4qezja5g54azc"),
        ("19811278-9873", "p_agrqaofmyq4uscdrsjm3ifi2s5"),
    ],
)
def test_a_person_is_the_same_in_every_release(ref: str, expected: str):
    """Whoever is known by a pseudonym stays known by it."""
    assert pseudonym(ref, 2024) == expected


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_a_number_is_one_person(spelling: str):
    """Separators, scripts and what nobody sees make no other person."""
    assert pseudonym(spelling, 2024) == pseudonym(VALID, 2024)


@pytest.mark.parametrize(
    "spelling",
    [
        " A-17 å ",
        "A-17\u00a0å",
        "A-17  å",
        "\ufeffA-17 å",
        "A-17 a\u030a",
        "Ａ－１７ å",
        "A-17\u200b å",
        "A-1٧ å",
        "A-17 å\n",
    ],
)
def test_every_spelling_of_a_reference_is_one_person(spelling: str):
    """Spaces, composed and full-width letters, other digits, marks without a form."""
    assert pseudonym(spelling, 2024) == pseudonym("A-17 å", 2024)


def test_case_and_separators_tell_references_apart():
    """Random strings differ by them; only identity numbers are known to be the same without."""
    assert len({pseudonym(ref, 2024) for ref in ("aB1", "Ab1", "a-B1", "a B1")}) == 4
