"""Swedish identity numbers: which are valid, and how they are written one way."""

import pytest

from services.ingest.domain.identity_number import canonical, is_in, might_be_in

VALID = "198112189876"


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
        ("198112189876 ", "a space after it"),
        ("1981-12-18-9876", "a date with hyphens"),
        ("17811218-9876", "the 18th century"),
        ("x8112189876", "a letter before it"),
        ("", "nothing"),
        ("１９８１１２１８９８７６", "digits of another script"),
    ],
)
def test_what_is_not_a_number_stays_as_it_is(ref: str, why: str):
    """Only a real date with the right check digit is an identity number."""
    assert canonical(ref, 2024) is None, why


@pytest.mark.parametrize(
    "text",
    [
        VALID,
        "19811218-9876",
        "811218-9876",
        "811218+9876",
        "8112189876",
        "call 811218-9876 today",
        "(19811218-9876)",
        "811218 9876",
        "811218–9876",
        "abs_198112189876_1",
        "198112189876-01",
        "19811278-9873",
        "å811218-9876å",
    ],
)
def test_a_number_is_found_in_a_text(text: str):
    """Whatever stands around it, as long as it is no letter or digit of the same word."""
    assert is_in(text)
    assert might_be_in(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "19811218-9877",
        "a198112189876",
        "198112189876f",
        "1198112189876",
        "81121898765432",
        "19811218-9876-4c5e-8f00-0123456789ab",
        "01234567-89ab-4cde-8f01-198112189876",
        "2024-01-01T08:00:00Z",
        "070-123 45 67",
        "no digits",
        "",
    ],
)
def test_other_digits_are_left_alone(text: str):
    """UUIDs, hexadecimal, long serial numbers, times and telephone numbers are no identity numbers."""
    assert not is_in(text)
