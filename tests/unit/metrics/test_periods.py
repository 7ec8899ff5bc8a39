"""Periods of an employment: who comes back under the same one, and who only was told of twice."""

from itertools import permutations

import pytest

from services.metrics.domain.facts.measures import Measure
from tests import builders as make
from tests.unit.metrics.folding import Folded, changes, fold, fold_batches


def started(first: str, unit: str = "u1", **more: object) -> make.Event:
    """A start of the one employment of these tests."""
    return make.employment_started("p", first, unit, employment="j", **more)


def ended(last: str, reason: str = "own_request") -> make.Event:
    """An end of it."""
    return make.employment_ended("p", last, reason, employment="j")


def heads(folded: Folded) -> dict[str, float]:
    """How permanent staff change."""
    return changes(folded, Measure.headcount)


def test_coming_back():
    """Both periods count, each with its own terms and end, whatever order they are told in."""
    log = started("2020-01-01"), ended("2022-06-30"), started("2024-03-01", "u2"), ended("2025-01-31", "retirement")
    for some in permutations(log):
        folded = fold_batches([[e] for e in some])
        assert heads(folded) == {"2020-01-01": 1, "2022-07-01": -1, "2024-03-01": 1, "2025-02-01": -1}
        assert changes(folded, Measure.joiners) == {"2020-01-01": 1, "2024-03-01": 1}
        assert changes(folded, Measure.leavers_own_request, "u1") == {"2022-07-01": 1}
        assert changes(folded, Measure.leavers_retirement, "u2") == {"2025-02-01": 1}
        assert folded.anomalies == {}


def test_starts_without_an_end_between_them_restate_each_other():
    """The last recorded holds, and the end after them is theirs."""
    log = started("2024-01-01"), started("2024-02-01", time="2024-03-01T08:00:00Z"), ended("2024-06-30")
    folded = fold(*log)
    assert heads(folded) == {"2024-02-01": 1, "2024-07-01": -1}
    assert folded.anomalies == {"restated": 1}


def test_an_end_before_the_first_start_cancels_it():
    """There is no earlier period that it could end."""
    folded = fold(started("2024-01-01"), ended("2023-12-15"))
    assert (heads(folded), folded.anomalies) == ({}, {"end_before_start": 1})


@pytest.mark.parametrize(("effective", "unit"), [("2022-01-01", "u1"), ("2023-01-01", "u1"), ("2024-06-01", "u2")])
def test_changes_belong_to_the_period_they_fall_in(effective: str, unit: str):
    """What falls between two periods is of the earlier one, and changes nothing after its end."""
    change = make.employment_changed("p", effective, employment="j", unit=unit, occupation="other")
    folded = fold(started("2020-01-01"), ended("2022-06-30"), started("2024-03-01", "u2"), change)
    others = {cell.unit for cell, m, _ in folded.facts if m == Measure.headcount and cell.occupation == "other"}
    assert others == (set() if effective == "2023-01-01" else {unit})


def test_a_week_between_two_periods_does_not_break_the_stay():
    """As between two employments: who is back within seven days has not left."""
    folded = fold(started("2020-01-01"), ended("2022-06-30"), started("2022-07-08"))
    assert changes(folded, Measure.joiners) == {"2020-01-01": 1}
    assert changes(folded, Measure.leavers_own_request) == {}


def test_an_end_taken_back_joins_what_it_parted():
    """Without it the later start is a repetition of the earlier one."""
    end = ended("2022-06-30")
    folded = fold_batches(
        [[started("2020-01-01"), end, started("2024-03-01", time="2024-03-01T08:00:00Z")], [make.retracted(end)]]
    )
    assert (heads(folded), folded.anomalies) == ({"2024-03-01": 1}, {"restated": 1})


def test_an_absence_of_the_employment_is_of_all_its_periods():
    """It names the employment, and counts where that is in force."""
    away = make.absence_started("p", "a", "2022-06-01", employment="j", last_day="2024-03-31")
    folded = fold(started("2020-01-01"), ended("2022-06-30"), started("2024-03-01"), away)
    wanted = {"2022-06-01": 1, "2022-07-01": -1, "2024-03-01": 1, "2024-04-01": -1}
    assert changes(folded, Measure.sick_fte) == wanted
    assert changes(folded, Measure.sick_spells) == {"2022-06-01": 1, "2024-03-01": 1}


def test_a_reorganisation_is_no_move():
    """Neither of those who say so on the day, nor a change of occupation with it; a move on another day is one."""
    reorganised = make.employment_changed(
        "p", "2024-06-01", employment="j", unit="u2", occupation="other", reason="reorganisation"
    )
    moved = make.employment_changed("p", "2024-09-01", employment="j", unit="u3")
    folded = fold(started("2024-01-01"), reorganised, moved)
    assert changes(folded, Measure.moved_out) == {"2024-09-01": 1}
    assert changes(folded, Measure.moved_in) == {"2024-09-01": 1}
    assert changes(folded, Measure.occupation_changes) == {}


def test_who_stayed_counts_where_they_were():
    """From a year after the first day in each unit to a year after the last, for as long as the stay goes on."""
    moved = make.employment_changed("p", "2024-07-01", employment="j", unit="u2")
    folded = fold(started("2024-01-01"), moved, ended("2025-12-31"))
    assert changes(folded, Measure.stayed, "u1") == {"2024-12-31": 1, "2025-07-01": -1}
    assert changes(folded, Measure.stayed, "u2") == {"2025-07-01": 1, "2026-01-01": -1}


def test_posts_above_full_time():
    """More than 1.25 of full time on any day is an anomaly, once a person; what is counted stays."""
    posts = [make.employment_started("p", "2024-01-01", employment=f"j{n}", fte=fte) for n, fte in ((1, 1), (2, 0.25))]
    assert fold(*posts).anomalies == {}
    hourly = make.employment_started("p", "2024-01-01", employment="h", fte=1, form="hourly")
    assert fold(*posts, hourly).anomalies == {}
    more = make.employment_started("p", "2024-02-01", employment="j3", fte=0.1)
    folded = fold(*posts, more)
    assert folded.anomalies == {"posts_above_full_time": 1}
    assert changes(folded, Measure.fte) == {"2024-01-01": 1.25, "2024-02-01": 0.1}
    assert fold_batches([[*posts, more], [make.retracted(more)]]).anomalies == {}
