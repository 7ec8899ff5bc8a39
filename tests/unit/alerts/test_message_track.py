"""The bar of a mail."""

from hypothesis import given
from hypothesis import strategies as st

from services.alerts.domain.letter.track import WIDTH, track

NUMBER = st.floats(min_value=0, max_value=1e6, allow_nan=False)


def test_value_limit_and_interval_lie_in_order() -> None:
    """A value over the limit stands right of it, and the interval reaches around the value."""
    kinds = [cell.kind for cell in track(value=0.18, limit=0.15, low=0.07, high=0.38).cells]
    assert kinds == ["rest", "interval", "limit", "interval", "value", "interval", "rest"]


def test_without_interval_only_the_markers_stand_out() -> None:
    """A metric without an interval shows value and limit on a plain scale."""
    kinds = [cell.kind for cell in track(value=14, limit=16, low=None, high=None).cells]
    assert kinds == ["rest", "value", "rest", "limit", "rest"]


def test_far_interval_does_not_squeeze_the_rest() -> None:
    """An interval many times the value is cut, so that value and limit stay apart."""
    bar = track(value=0.2, limit=0.15, low=0.01, high=9.0)
    assert bar.value_at - bar.limit_at >= 5


@given(value=NUMBER, limit=NUMBER, bounds=st.none() | st.tuples(NUMBER, NUMBER).map(sorted))
def test_cells_always_fill_the_bar(value: float, limit: float, bounds: list[float] | None) -> None:
    """Whatever the numbers, the stretches add up to the bar and each marker stands on it once."""
    low, high = bounds or (None, None)
    cells = track(value, limit, low, high).cells
    assert sum(cell.width for cell in cells) == WIDTH
    assert sorted(cell.kind for cell in cells if cell.width == 0) == ["limit", "value"]
