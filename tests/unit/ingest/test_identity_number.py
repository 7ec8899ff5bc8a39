"""Swedish identity numbers: which are valid, and how they are written one way."""

import hashlib
import uuid
from datetime import datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.identity_number import canonical, is_in, might_be_in
from tests.unit.ingest.spellings import SPELLINGS, VALID


@pytest.mark.parametrize(
    ("ref", "year", "expected"),
    [
        ("198112189876", 2024, VALID),
        ("19811218-9876", 2024, VALID),
        ("8112189876", 2024, VALID),
        ("811218-9876", 2024, VALID),
        ("811218+9876", 2024, "188112189876"),
        ("121212-1212", 2024, "201212121212"),
        ("121212+1212", 2024, "191212121212"),
        ("121212-1212", 2011, "191212121212"),
        ("19811278-9873", 2024, "198112789873"),
        ("000229-0005", 2024, "200002290005"),
    ],
)
def test_every_spelling_becomes_twelve_digits(ref: str, year: int, expected: str):
    """Ten digits get their century from the year and the sign; coordination numbers keep their day."""
    assert canonical(ref, year) == expected


@pytest.mark.parametrize(
    ("ref", "why"),
    [
        ("19811218-9877", "wrong check digit"),
        ("19811318-9876", "month 13"),
        ("19810230-9878", "30 February"),
        ("19811292-9877", "day 92"),
        ("19811232-9879", "day 32"),
        ("010229-0006", "29 February of a common year"),
        ("198112189876-1", "a running number behind it"),
        ("17811218-9876", "the 18th century"),
        ("x8112189876", "a letter before it"),
        ("", "nothing"),
    ],
)
def test_what_is_not_a_number_stays_as_it_is(ref: str, why: str):
    """Only a real date with the right check digit is an identity number."""
    assert canonical(ref, 2024) is None, why


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_number_is_one_and_is_found_in_every_spelling(spelling: str):
    """By itself it is written with twelve digits, and no text hides it."""
    assert canonical(spelling, 2024) == VALID
    assert is_in(spelling)
    assert is_in(f"about {spelling}.")
    assert might_be_in(msgspec.json.encode(f"about {spelling}."))


@pytest.mark.parametrize(
    "text",
    [
        "811218+9876",
        "call 811218-9876 today",
        "(19811218-9876)",
        "å811218-9876å",
        "a198112189876",
        "198112189876f",
        "abs_198112189876_1",
        "198112189876-01",
        "19811218987601",
        "0000198112189876",
        "81121898765432",
        "1198112189876",
        "19811278-9873",
        "born 1981-12-18 9876",
        '8112"18-9876',
        "19811218-9876-4c5e-8f00-0123456789ab",
        "01234567-89ab-4cde-8f01-198112189876",
        "198112189876abcdef0123456789abcdef",
        "%811218%2D9876",
        "&#811218;9876",
        "%38%31%31%32%31%38%39%38%37%36",
        "2024-01-15T08:00:00.811218987-6",
        "2024-01-15 08:00:00,811218/9876",
        "2024-01-15T08:00:00.811218-98-76",
    ],
)
def test_a_number_is_found_in_a_text(text: str):
    """Whatever letters, digits or signs stand around it or in it, also at either end of a UUID or digest."""
    assert is_in(text)
    assert might_be_in(msgspec.json.encode(text))


@pytest.mark.parametrize(
    "text",
    [
        "19811218-9877",
        "811218x9876",
        "01234567-8112-4189-8f76-abcdef012345",
        "abcdef81121898761234567890abcdef",
        "1981-12-18T98:76",
        "2024-01-01T08:00:00Z",
        "1981-12-18 08:14:56.123456",
        "2024-01-15T08:00:00.811218-09:30",
        "2024-01-15T08:00:00.811218Z",
        "2024-01-15T08:00:00.811218-2024-01-15T09:00:00.876543",
        "811218ß9876",
        "811218Ж9876",
        "100%-1/3 & 50%",
        "cost 2024-01-15-2024-02-15",
        "070-123 45 67",
        "123456789",
        "no digits",
        "",
    ],
)
def test_other_digits_are_left_alone(text: str):
    """Wrong check digits, letters between, ten digits inside digests, times, spans of days, short numbers."""
    assert not is_in(text)


KINDS = {
    "uuid": lambda n: str(uuid.UUID(int=n, version=4)),
    "sha256": lambda n: hashlib.sha256(str(n).encode()).hexdigest(),
    "time": lambda n: (datetime(2024, 1, 1) + timedelta(seconds=n % 10**8)).isoformat(" "),  # noqa: DTZ001 -- a text
    "nine digits": lambda n: f"emp-{n % 10**9:09d}",
    "two nines": lambda n: f"{n % 10**9}x{n // 10**9 % 10**9}",
}


@pytest.mark.parametrize("kind", KINDS)
@given(st.integers(0, 2**128 - 1))
def test_what_systems_make_ids_of_is_left_alone(kind: str, number: int):
    """None of a few hundred at random; one in a million of the first two is possible, as docs/events.md says."""
    assert not is_in(KINDS[kind](number))


@given(st.text("0123456789-. x٠١٢٣٤٥٦٧٨٩１８２９\u00a0\u200b", min_size=10, max_size=24))
def test_the_quick_look_never_misses(text: str):
    """Where a number is found, the look that saves the time of looking finds that one might be."""
    assert might_be_in(msgspec.json.encode(text)) or not is_in(text)
