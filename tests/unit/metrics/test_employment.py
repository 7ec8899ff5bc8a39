"""What employments contribute, worked out by hand."""

import pytest

from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.measures import FIRST_ENTRY_BIN, FIRST_PAY_BIN, Measure, pay_bin
from tests import builders as make
from tests.unit.metrics.folding import cells, changes, fold, level, named


def started(on: str = "2024-01-01", unit: str = "u1", job: str = "j1", **terms: object) -> make.Event:
    """An employment of the one person of these tests."""
    return make.employment_started("p", on, unit, employment=job, **terms)


def ended(last_day: str, reason: str = "own_request", job: str = "j1") -> make.Event:
    """The end of one."""
    return make.employment_ended("p", last_day, reason, employment=job)


def changed(on: str, job: str = "j1", **terms: object) -> make.Event:
    """A change of one."""
    return make.employment_changed("p", on, employment=job, **terms)


def test_headcount_from_first_to_last_day():
    """A person counts from the first day to the last, both included."""
    assert changes(fold(started(), ended("2024-06-30")), Measure.headcount) == {"2024-01-01": 1, "2024-07-01": -1}


def test_one_day():
    """An employment may begin and end on the same day."""
    assert changes(fold(started(), ended("2024-01-01")), Measure.headcount) == {"2024-01-01": 1, "2024-01-02": -1}


def test_employment_is_named_by_the_person_unless_it_has_a_name():
    """An end that names the person's reference ends the employment that named nothing."""
    folded = fold(make.employment_started("p", "2024-01-01"), make.employment_ended("p", "2024-01-31", employment="p"))
    assert level(folded, Measure.headcount, "2024-02-01") == 0


MAIN = [
    ({"fte": 0.5}, {"fte": 0.75}, "u2", "the largest fte"),
    ({"fte": 0.75}, {"fte": 0.75}, "u1", "then the earliest start"),
    ({"on": "2024-02-01", "job": "j3"}, {}, "u2", "then the smallest id"),
    ({"form": "fixed_term"}, {"fte": 0.25}, "u2", "a permanent one before a larger fixed-term one"),
]


@pytest.mark.parametrize(("first", "second", "unit", "rule"), MAIN, ids=[rule for *_, rule in MAIN])
def test_main_employment(first: dict[str, str], second: dict[str, str], unit: str, rule: str):
    """A person with two employments counts once, in the unit of the main one."""
    folded = fold(started(**first), started("2024-02-01", "u2", "j2", **second))
    assert level(folded, Measure.headcount, "2024-02-01") == 1
    assert level(folded, Measure.headcount, "2024-02-01", unit) == 1


def test_fte_of_every_employment():
    """Each permanent and fixed-term employment adds its fte in its own unit."""
    folded = fold(started(fte=0.5), started("2024-02-01", "u2", "j2", fte=0.3, form="fixed_term"))
    assert changes(folded, Measure.fte) == {"2024-01-01": 0.5, "2024-02-01": 0.3}
    assert changes(folded, Measure.scheduled_fte) == {"2024-01-01": 0.5, "2024-02-01": 0.3}


def test_fixed_term_headcount():
    """A person with fixed-term employment counts apart, and no longer once permanently employed."""
    folded = fold(started(form="fixed_term"), changed("2024-03-01", form="permanent"))
    assert changes(folded, Measure.fixed_term_headcount) == {"2024-01-01": 1, "2024-03-01": -1}
    assert changes(folded, Measure.headcount) == {"2024-03-01": 1}


def test_hourly_staff():
    """Paid by the hour contributes to nothing."""
    assert fold(started(form="hourly"), ended("2024-06-30")).facts == {}


def test_joiner_by_origin():
    """A new employee is a joiner on the first day, also counted by where they came from."""
    folded = fold(started(hired_from="agency"))
    assert changes(folded, Measure.joiners) == {"2024-01-01": 1}
    assert changes(folded, Measure.joiners_agency) == {"2024-01-01": 1}
    assert not {"joiners_referral", "joiners_trainee"} & named(folded)


REASONS = [
    ("own_request", Measure.leavers_own_request),
    ("retirement", Measure.leavers_retirement),
    ("redundancy", Measure.leavers_other),
    ("dismissal", Measure.leavers_other),
    ("contract_end", Measure.leavers_other),
    ("death", Measure.leavers_other),
    ("other", Measure.leavers_other),
]


@pytest.mark.parametrize(("reason", "measure"), REASONS)
def test_leaver_by_reason(reason: str, measure: Measure):
    """A leaver counts once, by the reason given, on the day after the last day."""
    folded = fold(started(), ended("2024-12-31", reason))
    leavers = {
        m: changes(folded, m) for m in (Measure.leavers_own_request, Measure.leavers_retirement, Measure.leavers_other)
    }
    assert leavers == {key: {} for key in leavers} | {measure: {"2025-01-01": 1}}


def test_leaver_counts_where_the_last_day_was():
    """A leaver who moved on the way counts in the last unit."""
    folded = fold(started(), changed("2024-02-01", unit="u2"), ended("2024-03-31"))
    assert changes(folded, Measure.leavers_own_request, "u2") == {"2024-04-01": 1}
    assert changes(folded, Measure.leavers_own_request, "u1") == {}


def test_leaver_known_beforehand():
    """A resignation is a fact about its day, however early it is told."""
    folded = fold(started(), make.employment_ended("p", "2026-01-31", employment="j1", time="2024-02-01T08:00:00Z"))
    assert changes(folded, Measure.leavers_own_request) == {"2026-02-01": 1}


def test_permanent_staff_who_become_fixed_term_leave():
    """The end of permanent employment is an exit even when a fixed-term one follows, for another reason."""
    folded = fold(started(), changed("2024-02-01", form="fixed_term"))
    assert changes(folded, Measure.leavers_other) == {"2024-02-01": 1}


def test_reason_of_the_larger_of_two_that_end_together():
    """Of two employments that end the same day, the one that was main tells the reason."""
    jobs = started(fte=0.4), started(job="j2", fte=0.6)
    folded = fold(*jobs, ended("2024-05-31"), ended("2024-05-31", "retirement", "j2"))
    assert changes(folded, Measure.leavers_retirement) == {"2024-06-01": 1}
    assert "leavers_own_request" not in named(folded)


def test_gap_of_seven_days_is_bridged():
    """Back after 7 days away: nobody left and nobody joined."""
    folded = fold(started(), ended("2024-01-31"), started("2024-02-08", job="j2"))
    assert changes(folded, Measure.joiners) == {"2024-01-01": 1}
    assert "leavers_own_request" not in named(folded)
    assert changes(folded, Measure.headcount) == {"2024-01-01": 1, "2024-02-01": -1, "2024-02-08": 1}


def test_gap_of_eight_days_is_an_exit():
    """Back after 8 days away: one left and one joined."""
    folded = fold(started(), ended("2024-01-31"), started("2024-02-09", job="j2"))
    assert changes(folded, Measure.leavers_own_request) == {"2024-02-01": 1}
    assert changes(folded, Measure.joiners) == {"2024-01-01": 1, "2024-02-09": 1}


def test_move_between_units():
    """A move counts out of the old unit and into the new on the first day in the new one."""
    folded = fold(started(), changed("2024-03-01", unit="u2"))
    assert changes(folded, Measure.moved_out, "u1") == {"2024-03-01": 1}
    assert changes(folded, Measure.moved_in, "u2") == {"2024-03-01": 1}
    assert changes(folded, Measure.moved_out, "u2") == changes(folded, Measure.moved_in, "u1") == {}


def test_move_over_a_gap():
    """A new employment elsewhere within 7 days is a move, on its first day."""
    folded = fold(started(), ended("2024-01-31"), started("2024-02-06", "u2", "j2"))
    assert changes(folded, Measure.moved_out, "u1") == {"2024-02-06": 1}
    assert changes(folded, Measure.moved_in, "u2") == {"2024-02-06": 1}


def test_another_occupation_in_the_same_unit():
    """A change of occupation alone counts in the new cell; with a move it does not."""
    folded = fold(
        started(),
        changed("2024-03-01", occupation="familjebehandlare"),
        changed("2024-05-01", occupation="chef", unit="u2"),
    )
    assert changes(folded, Measure.occupation_changes) == {"2024-03-01": 1}
    assert {c.occupation for c in cells(folded, Measure.occupation_changes)} == {"familjebehandlare"}


def test_tenured_from_day_365():
    """Tenure begins 365 days after the stay did."""
    assert changes(fold(started("2023-01-01")), Measure.tenured) == {"2024-01-01": 1}


def test_tenure_survives_a_short_gap():
    """A gap of up to 7 days does not restart tenure; nobody is counted within it."""
    folded = fold(started("2023-01-01"), ended("2024-01-31"), started("2024-02-05", "u2", "j2"))
    assert changes(folded, Measure.tenured) == {"2024-01-01": 1, "2024-02-01": -1, "2024-02-05": 1}


def test_starter_who_stays_a_year():
    """A joiner matures a year later, and survived if still there that day, in the cell of the joining day."""
    folded = fold(started("2023-01-01"), changed("2023-06-01", unit="u2"), ended("2024-01-01"))
    assert changes(folded, Measure.starters_matured, "u1") == {"2024-01-01": 1}
    assert changes(folded, Measure.starters_survived, "u1") == {"2024-01-01": 1}


def test_starter_who_leaves_before_the_year_is_over():
    """One whose last day is the day before matures without having survived."""
    folded = fold(started("2023-01-01"), ended("2023-12-31"))
    assert changes(folded, Measure.starters_matured) == {"2024-01-01": 1}
    assert "starters_survived" not in named(folded)


def test_managers_and_their_staff():
    """A main employment counts as manager or as report, and changes over on the day."""
    folded = fold(started(), changed("2024-04-01", role="manager"))
    assert changes(folded, Measure.reports) == {"2024-01-01": 1, "2024-04-01": -1}
    assert changes(folded, Measure.managers) == {"2024-04-01": 1}


def test_grades():
    """Trainees and seniors are counted while they are."""
    folded = fold(
        started(grade="trainee"), changed("2024-07-01", grade="regular"), changed("2025-01-01", grade="senior")
    )
    assert changes(folded, Measure.trainees) == {"2024-01-01": 1, "2024-07-01": -1}
    assert changes(folded, Measure.senior) == {"2025-01-01": 1}


def test_case_holders():
    """The fte of case holders follows the flag and the fte."""
    folded = fold(started(case_holder=True), changed("2024-02-01", fte=0.75), changed("2024-03-01", case_holder=False))
    assert changes(folded, Measure.case_holder_fte) == pytest.approx(
        {"2024-01-01": 1, "2024-02-01": -0.25, "2024-03-01": -0.75}
    )


def test_pay_bins():
    """Pay counts in a bin one per cent wide: as a stock, and of joiners on the joining day."""
    folded = fold(started(monthly_pay=31_000), changed("2024-04-01", monthly_pay=35_000))
    old, new = pay_bin(31_000), pay_bin(35_000)
    assert (1.01**old <= 31_000 < 1.01 ** (old + 1), new - old) == (True, 12)
    assert changes(folded, FIRST_PAY_BIN + old) == {"2024-01-01": 1, "2024-04-01": -1}
    assert changes(folded, FIRST_PAY_BIN + new) == {"2024-04-01": 1}
    assert changes(folded, FIRST_ENTRY_BIN + old) == {"2024-01-01": 1}


def test_pay_of_less_than_a_krona():
    """Pay that can only be a mistake counts in the lowest bin and in no other measure."""
    folded = fold(started(monthly_pay=0.000_05))
    assert named(folded) == named(fold(started())) | {"pay_bin_0", "entry_pay_bin_0"}
    assert level(folded, Measure.headcount, "2024-01-01") == 1


def test_what_a_new_employee_is_due():
    """Introduction and mentor are due for a year after day 90 and 14, a check-in from day 60 on."""
    folded = fold(started())
    assert changes(folded, Measure.introduction_due) == {"2024-04-01": 1, "2025-04-01": -1}
    assert changes(folded, Measure.mentor_due) == {"2024-01-16": 1, "2025-01-15": -1}
    assert changes(folded, Measure.check_in_due) == {"2024-03-01": 1}


def test_age_bands():
    """A person counts in the band of the age at the year's end, and changes band at New Year."""
    folded = fold(started(born=1995, gender="f"))
    at = {"unit": "u1", "occupation": "socialsekreterare", "gender": "f"}
    assert cells(folded, Measure.headcount) == {
        Cell(**at, age="-29"),
        Cell(**at, age="30-49"),
        Cell(**at, age="50-"),
    }
    assert changes(folded, Measure.headcount) == {"2024-01-01": 1}
    assert changes(folded, Measure.moved_out) == changes(folded, Measure.occupation_changes) == {}


def test_unknown_gender_and_age():
    """What is not told is a value of its own."""
    assert cells(fold(started()), Measure.headcount) == {Cell("u1", "socialsekreterare", "unknown", "unknown")}
