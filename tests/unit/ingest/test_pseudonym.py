"""Pseudonyms: the same person is the same, others differ, and nothing of the reference shows."""

import base64
import hashlib
import hmac

import pytest

from services.ingest.domain.pseudonym import pseudonyms

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
