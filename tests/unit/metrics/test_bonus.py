"""What bonuses contribute, worked out by hand, and how few of them are told of."""

import pytest

from services.metrics.domain.facts.measures import Measure
from tests import builders as make
from tests.unit.metrics.folding import asked, changes, fold, fold_batches

ON = "2024-12-31"
EMPLOYED = make.employment_started("p", "2024-01-01")
MOVED = make.employment_changed("p", "2024-06-01", unit="u2")


def test_a_bonus_counts_where_its_receiver_works_that_day():
    """Before a move in the unit left, after it in the new one; its kind by itself, its amount whatever the kind."""
    paid = [
        make.bonus_paid("p", "2024-05-31", "experience", 12_000),
        make.bonus_paid("p", "2024-06-01", "referral", 15_000.5),
        make.bonus_paid("p", "2024-06-27", "retention", 9_000),
    ]
    folded = fold(EMPLOYED, MOVED, *paid)
    assert changes(folded, Measure.experience_bonuses, "u1") == {"2024-05-31": 1}
    assert changes(folded, Measure.referral_bonuses, "u2") == {"2024-06-01": 1}
    assert changes(folded, Measure.other_bonuses, "u2") == {"2024-06-27": 1}
    assert changes(folded, Measure.bonus_cost) == {"2024-05-31": 12_000, "2024-06-01": 15_000.5, "2024-06-27": 9_000}
    assert changes(folded, Measure.bonus_receivers, "u1") == {"2024-05-31": 1, "2024-06-01": -1}
    assert changes(folded, Measure.bonus_receivers, "u2") == {"2024-06-01": 1, "2025-06-27": -1}


def test_a_bonus_of_nobody_who_works_here():
    """Before the first day it contributes nothing and is counted as what does not fit, until the days are corrected."""
    early = make.bonus_paid("p", "2023-12-31")
    folded = fold(EMPLOYED, early)
    assert (changes(folded, Measure.referral_bonuses), folded.anomalies) == ({}, {"bonus_outside_employment": 1})
    healed = fold_batches([[EMPLOYED, early], [make.corrected(EMPLOYED, effective="2023-12-01")]])
    assert (changes(healed, Measure.referral_bonuses), healed.anomalies) == ({"2023-12-31": 1}, {})


def test_a_bonus_taken_back():
    """A retraction leaves nothing of it, and the receiver of another bonus where that was paid."""
    first, second = make.bonus_paid("p", "2024-02-27"), make.bonus_paid("p", "2024-07-27")
    folded = fold_batches([[EMPLOYED, MOVED, first, second], [make.retracted(second)]])
    assert folded.facts == fold(EMPLOYED, MOVED, first).facts


@pytest.mark.parametrize(("people", "window", "told"), [(4, 365, None), (5, 365, 75_000), (5, 30, None)])
def test_a_sum_of_few_is_not_told(people: int, window: int, told: float | None):
    """Of five people the cost is told, not of four who got two each; nor of a shorter window in which two got one."""
    staff = [make.employment_started(f"p{n}", "2022-01-01") for n in range(12)]
    late = ["2024-03-27", "2024-04-27", "2024-05-27", "2024-12-27", "2024-12-28"]
    paid = [make.bonus_paid(f"p{n}", late[-1 - n]) for n in range(people)]
    paid += [make.bonus_paid(f"p{n}", "2024-02-27") for n in range(people)] if told is None and window == 365 else []
    row = asked(fold(*staff, *paid), ON, window)["u1", "*"].metrics
    assert (row["bonus_cost"].status, row["bonus_cost"].value) == ("final" if told else "suppressed", told)
    assert row["referral_bonuses"].value == (2 if window == 30 else len(paid))


@pytest.mark.parametrize(("reason", "moved", "rotated"), [("rotation", 1, 1), (None, 1, 0), ("reorganisation", 0, 0)])
def test_rotation_is_a_move_of_its_own_kind(reason: str | None, moved: int, rotated: int):
    """Rotation counts among the moves and by itself; other moves only among them, a reorganisation in neither."""
    staff = [make.employment_started(f"p{n}", "2022-01-01") for n in range(20)]
    move = make.employment_changed("p0", "2024-07-01", unit="u2", **({"reason": reason} if reason else {}))
    row = asked(fold(*staff, move), ON)["*", "*"].metrics
    assert row["internal_move_rate"].value == pytest.approx(moved / 20)
    assert (row["rotation_rate"].value, row["rotation_rate"].numerator) == (pytest.approx(rotated / 20), rotated)


@pytest.mark.parametrize(("extents", "share"), [((0.25,), 0.25 / 10), ((0.2,), 0), ((0.25, 0.25), 0), ((1,), 0)])
def test_studies_of_a_quarter_apart_from_others(extents: tuple[float, ...], share: float):
    """A quarter of ten people is 2.5 %; a fifth, the whole, and two quarters at once are other studies."""
    staff = [make.employment_started(f"p{n}", "2022-01-01") for n in range(10)]
    away = [make.absence_started("p0", f"a{n}", "2024-09-01", "study", extent=e) for n, e in enumerate(extents)]
    row = asked(fold(*staff, *away), ON)["u1", "*"].metrics
    assert row["study_quarter_share"].value == pytest.approx(share)
    assert row["study_share"].value == pytest.approx(sum(extents) / 10)


def test_everyone_a_manager_leads():
    """Permanent and fixed-term staff, a consultant of half time and a student are each one; another manager is none."""
    folded = fold(
        make.employment_started("boss", "2022-01-01", role="manager"),
        make.employment_started("interim", "2022-01-01", role="manager", form="fixed_term"),
        make.employment_started("anna", "2022-01-01"),
        make.employment_started("ben", "2022-01-01", form="fixed_term"),
        make.employment_started("cai", "2022-01-01", form="hourly"),
        make.assignment_started("a1", "2023-01-01", fte=0.5),
        make.assignment_started("a2", "2023-01-01", kind="student"),
    )
    led = asked(folded, ON)["u1", "*"].metrics["led_per_manager"]
    assert (led.value, led.numerator, led.denominator) == (4, 4, 1)
