"""Control charts against hand-worked series."""

from collections.abc import Sequence
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.statistics.control_chart import Chart, chart, limits_around, moving_ranges, screened
from shared.statistics.special_causes import Signal

VECTOR = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
"""From NHSRplotthedots (github.com/nhs-r-community), vignette "deviations": 15 ranges of 1, one of 8, one of 9."""
SERIES = st.lists(st.none() | st.integers(0, 60), min_size=1, max_size=40)


def causes(found: Chart) -> list[tuple[str, ...]]:
    """The names of what is special about each point."""
    return [tuple(signal.cause for signal in signals) for signals in found.signals]


def special(found: Chart, cause: str) -> str:
    """A character a point: x where it has that cause."""
    return "".join("x" if cause in each else "." for each in causes(found))


def flipped(signals: Sequence[Signal]) -> set[Signal]:
    """The signals of the series upside down."""
    return {signal._replace(upwards=not signal.upwards) for signal in signals}


def test_limits_of_a_known_series():
    """The 8 and the 9 are screened out: 35 / 18 ± 2.66 × 1."""
    [phase] = chart(VECTOR).phases
    assert phase.limits is not None
    assert (phase.limits.lower, phase.limits.mean, phase.limits.upper) == pytest.approx(
        (-0.7156, 1.9444, 4.6044), abs=5e-5
    )


def test_limits_of_a_known_series_without_screening():
    """With all ranges: 35 / 18 ± 2.66 × 32 / 17."""
    limits = limits_around(fmean(VECTOR), moving_ranges(VECTOR))
    assert (limits.lower, limits.upper) == pytest.approx((-3.0626, 6.9515), abs=5e-5)


def test_only_the_point_that_stands_out_is_special():
    """The 10 of the known series lies outside; nothing else does anything."""
    assert causes(chart(VECTOR)) == [() if value < 10 else ("outside",) for value in VECTOR]


def test_near_limits_lie_two_thirds_of_the_way():
    """10 ± 2.66 × 3 and 10 ± 1.7733 × 3."""
    assert limits_around(10, [2, 4]) == pytest.approx((10, 2.02, 17.98, 4.68, 15.32))


@pytest.mark.parametrize(("large", "stays"), [(4.36, True), (4.37, False)])
def test_screening_begins_at_3_267_means(large: float, stays: bool):
    """Beside nine ranges of 1, 4.36 is less than 3.267 × 13.36 / 10 = 4.365; 4.37 is more than 4.368."""
    assert screened([1.0] * 9 + [large]) == [1.0] * 9 + [large] * stays


def test_screening_happens_once():
    """Of 1 × 20, 4, 30 only the 30 exceeds 3.267 × 54 / 22 = 8.02; what then exceeds 3.267 × 24 / 21 stays."""
    assert screened([1.0] * 20 + [4, 30]) == [1.0] * 20 + [4]


def test_a_series_that_never_moves_has_its_mean_as_limits():
    """No variation, nothing special: the mean of ten times 0.1 is not taken for another number."""
    found = chart([0.1] * 10)
    assert found.phases[0].limits == pytest.approx((0.1,) * 5)
    assert causes(found) == [()] * 10


@pytest.mark.parametrize("values", [[], [5], [5, None, 5]])
def test_without_two_values_in_a_row_there_are_no_limits(values: list[float | None]):
    """Nothing is known of how much a value differs from the one before."""
    found = chart(values)
    assert [phase.limits for phase in found.phases] == [None] * bool(values)
    assert causes(found) == [()] * len(values)


@pytest.mark.parametrize(("count", "on_trial"), [(11, True), (12, False)])
def test_limits_of_fewer_than_twelve_values_are_on_trial(count: int, on_trial: bool):
    """Gaps are not values."""
    assert chart([1.0, 2.0, None] + [1.0] * (count - 2)).phases[0].on_trial == on_trial


def test_a_gap_is_no_moving_range():
    """1, 3, –, 9, 8: the steps are 2 and 1; 3 to 9 took two months."""
    assert moving_ranges([1, 3, None, 9, 8]) == [2, 1]


def test_a_gap_is_no_part_of_the_mean():
    """The mean is that of the values there are."""
    [phase] = chart([1, 3, None, 9, 8]).phases
    assert phase.limits is not None
    assert phase.limits.mean == 5.25


LOW, HIGH = [1.0, 2, 1, 2, 1, 2, 1], [9.0, 8, 9, 8, 9, 8, 9]


def test_a_run_goes_on_from_value_to_value():
    """Seven low values, seven high ones: each seven is a shift."""
    assert special(chart([*LOW, *HIGH]), "shift") == "x" * 14


def test_a_gap_ends_a_run():
    """Nobody knows on which side the missing month was: seven of eight months are no seven in a row."""
    assert special(chart([*LOW[:3], None, *LOW[:4], *HIGH]), "shift") == "........xxxxxxx"


def test_a_gap_ends_a_trend():
    """Six steps upwards with a month missing among them are no trend."""
    rising = [float(n) for n in range(1, 8)]
    assert special(chart(rising), "trend") == "xxxxxxx"
    assert special(chart([*rising[:4], None, *rising[4:]]), "trend") == "........"


def test_limits_are_carried_on_over_what_comes_after_a_start():
    """1–2 before a start, 8–9 after it: by the limits of before every month after it is outside."""
    found = chart([*LOW, *HIGH], [7])
    assert [(p.first, p.end, p.known, p.drawn_from, p.carried) for p in found.phases] == [
        (0, 7, 7, 7, False),
        (7, 14, 7, 7, True),
    ]
    assert [p.limits for p in found.phases] == [chart(LOW).phases[0].limits] * 2
    assert special(found, "outside") == "." * 7 + "x" * 7


def test_a_mean_that_rises_from_36_to_40_is_seen_from_the_first_months_on():
    """Documentation, 18 months before and five since: drawn anew, limits would make them all grey."""
    before = [0.36, 0.37, 0.35] * 6
    found = chart([*before, 0.39, 0.4, 0.41, 0.4, 0.4], [18])
    assert special(found, "outside") == "." * 18 + ".xxxx"
    assert chart([0.39, 0.4, 0.41, 0.4, 0.4]).signals == ((),) * 5


def test_limits_are_drawn_anew_where_a_shift_lasts_for_twelve_months():
    """Eleven months at 8–9 are judged by what was before; the twelfth makes them usual, and that is told."""
    before = [1.0, 2] * 6
    eleven = chart([*before, *([8.0, 9] * 6)[:11]], [12])
    assert (eleven.phases[1].carried, eleven.verdicts[0].redrawn) == (True, False)
    twelve = chart([*before, *[8.0, 9] * 6], [12])
    assert (twelve.phases[1].carried, twelve.verdicts[0].redrawn) == (False, True)
    assert twelve.phases[1].limits == chart([8.0, 9] * 6).phases[0].limits
    assert causes(twelve) == [()] * 24


def test_limits_are_not_drawn_anew_without_a_shift():
    """However many months go by as before."""
    found = chart([1.0, 2] * 20, [12])
    assert (found.phases[1].carried, found.verdicts[0].kind) == (True, "none")


def test_a_second_start_is_judged_by_the_limits_in_force():
    """Those of before the first, where nothing lasting came of it; the new ones, where something did."""
    still = chart([1.0, 2] * 15, [12, 20])
    assert [p.drawn_from for p in still.phases] == [12, 12, 12]
    moved = chart([1.0, 2] * 6 + [8.0, 9] * 10, [12, 26])
    assert [(p.drawn_from, p.carried) for p in moved.phases] == [(12, False), (14, False), (14, True)]
    assert moved.verdicts[1].before.mean == 8.5


def test_without_limits_from_before_the_months_since_have_their_own():
    """One month is no usual variation to judge others by."""
    found = chart([5.0, 1, 2, 1, 2, 1, 2, 1], [1])
    assert (found.phases[1].carried, found.phases[1].drawn_from) == (False, 7)
    assert found.verdicts[0].kind == "too_few"


def test_a_run_does_not_reach_over_a_start():
    """Rising through a start is not seven months of the same."""
    assert special(chart([1.0, 2, 3, 4, 5, 6, 7, 8], [4]), "trend") == "." * 8


@pytest.mark.parametrize("start", [-1, 0, 3, 4])
def test_a_phase_must_leave_something_on_both_sides(start: int):
    """A start outside of the series is refused."""
    with pytest.raises(ValueError, match="a phase starts after the first of 3 periods"):
        chart([1, 2, 3], [start])


@given(SERIES, st.integers(-1000, 1000))
def test_nothing_changes_when_all_values_are_shifted(values: list[int | None], by: int):
    """The same points are special, and the limits move along."""
    shifted = [None if value is None else value + by for value in values]
    assert chart(shifted).signals == chart(values).signals
    before, after = chart(values).phases[0].limits, chart(shifted).phases[0].limits
    assert (after is None) if before is None else after == pytest.approx([each + by for each in before], abs=1e-9)


@given(SERIES, st.floats(1e-3, 1e3))
def test_nothing_changes_with_the_scale(values: list[int | None], scale: float):
    """The same points are special in percent as in shares."""
    scaled = [None if value is None else value * scale for value in values]
    assert chart(scaled).signals == chart(values).signals


@given(SERIES)
def test_upside_down_all_is_upside_down(values: list[int | None]):
    """High is to low what low is to high."""
    mirrored = chart([None if value is None else -value for value in values])
    assert [flipped(signals) for signals in mirrored.signals] == [set(signals) for signals in chart(values).signals]


@given(SERIES)
def test_a_gap_is_never_special(values: list[int | None]):
    """Every period has its place; those without a value have no signal."""
    found = chart(values).signals
    assert len(found) == len(values)
    assert all(not signals for value, signals in zip(values, found, strict=True) if value is None)


@given(SERIES, SERIES)
def test_what_comes_after_a_start_moves_no_limit_of_before(before: list[int | None], after: list[int | None]):
    """What was usual was so whatever came; and nothing since is judged by what only came later, unless it is told."""
    both, alone = chart([*before, *after], [len(before)]), chart(before)
    assert both.signals[: len(before)] == alone.signals
    assert both.phases[0] == alone.phases[0]
    [since] = both.verdicts
    assert since.redrawn or both.phases[1].limits == (alone.phases[0].limits or chart(after).phases[0].limits)
