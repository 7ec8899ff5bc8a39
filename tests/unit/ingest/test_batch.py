"""A batch taken apart, and one that is too much."""

import tracemalloc

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.api.batch import EVENTS, split
from services.ingest.domain.refusal import RefusalError

values = st.lists(st.none() | st.integers() | st.text() | st.lists(st.text()) | st.dictionaries(st.text(), st.text()))


@given(values)
def test_the_elements_are_those_of_the_array(array: list[object]):
    """Each as it was written."""
    assert [msgspec.json.decode(element) for element in split(msgspec.json.encode(array))] == array


@pytest.mark.parametrize("count", [0, 1, EVENTS - 1, EVENTS])
def test_as_many_as_are_allowed(count: int):
    """Ten thousand events are one batch."""
    assert len(split(b"[" + b",".join([b"{}"] * count) + b"]")) == count


def refusal(body: bytes) -> tuple[str, str, str]:
    """How a body is refused."""
    with pytest.raises(RefusalError) as error:
        split(body)
    return error.value.reason, error.value.path, error.value.message


@pytest.mark.parametrize("element", [b"1", b"{}", b'"a"', b"[[[]]]", b"null"])
def test_one_more_is_too_many(element: bytes):
    """Refused as a whole, in words."""
    body = b"[" + b",".join([element] * (EVENTS + 1)) + b"]"
    assert refusal(body) == ("too_large", "$", f"a batch has at most {EVENTS} events")


def test_what_is_too_much_takes_no_memory():
    """Five million elements in ten mebibytes are refused at the ten thousand and first."""
    body = b"[" + b",".join([b"1"] * 5_000_000) + b"]"
    tracemalloc.start()
    try:
        assert refusal(body)[0] == "too_large"
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("body", "reason"),
    [(b"", "not_json"), (b"[", "not_json"), (b"[1,]", "not_json"), (b"{}", "wrong_type"), (b"1", "wrong_type")],
)
def test_what_is_no_array(body: bytes, reason: str):
    """Refused as a whole."""
    assert refusal(body)[:2] == (reason, "$")
