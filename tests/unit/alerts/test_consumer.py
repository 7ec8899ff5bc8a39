"""How much is taken in at once: large messages must not fill the memory, and none is left out."""

from aiokafka import ConsumerRecord
from hypothesis import given
from hypothesis import strategies as st

from services.alerts.consumer import PORTION_BYTES, portions


def records(sizes: list[int]) -> list[ConsumerRecord]:
    """Messages of these many bytes; one of 0 is without a value."""
    values = [bytes(size) or None for size in sizes]
    return [ConsumerRecord("topic", 0, place, 0, 0, None, value, 0, 0, 0, ()) for place, value in enumerate(values)]


@given(
    st.lists(
        st.sampled_from([0, 1, PORTION_BYTES // 3, PORTION_BYTES - 1, PORTION_BYTES, PORTION_BYTES + 1]), max_size=9
    )
)
def test_portions(sizes: list[int]) -> None:
    """All of them in their order, none empty; only what is too large by itself is more than fits."""
    given_ = records(sizes)
    found = [*portions(given_)]
    assert [one for some in found for one in some] == given_
    assert all(found)
    assert all(len(some) == 1 or sum(len(one.value or b"") for one in some) <= PORTION_BYTES for some in found)
