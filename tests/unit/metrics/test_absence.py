"""What absences contribute, worked out by hand."""

from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.metrics.domain.facts.measures import Measure
from tests import builders as make
from tests.unit.metrics.folding import changes, fold, fold_batches, level, named

EMPLOYED = make.employment_started("p", "2024-01-01", employment="j1")
MONDAYS = [(1, 6), (1, 13), (1, 20), (1, 27), (2, 3), (2, 10), (2, 17), (2, 24), (3, 3), (3, 10), (3, 17), (3, 24)]


def away(first: str, last: str | None = None, kind: str = "sick", absence: str = "a", **more: object) -> make.Event:
    """An absence of the one person of these tests."""
    known = {"last_day": last} if last else {}
    return make.absence_started("p", absence, first, kind, **known, **more)


def test_sick_at_half():
    """Sick time is the fte times the extent; who is sick was scheduled to work."""
    folded = fold(EMPLOYED, away("2024-02-01", "2024-02-10", extent=0.5))
    assert changes(folded, Measure.sick_fte) == {"2024-02-01": 0.5, "2024-02-11": -0.5}
    assert changes(folded, Measure.scheduled_fte) == {"2024-01-01": 1}


def test_sick_at_part_time():
    """A part-time employee can be sick no more than the employment."""
    employed = make.employment_started("p", "2024-01-01", fte=0.8)
    assert level(fold(employed, away("2024-02-01", extent=0.5)), Measure.sick_fte, "2024-02-01") == 0.4


@pytest.mark.parametrize(("kind", "sick"), [("work_injury", 1), ("child_care", 0), ("vacation", 0)])
def test_kinds_that_are_not_leave(kind: str, sick: float):
    """Work injury is sickness; care of a sick child and vacation are neither sickness nor leave."""
    folded = fold(EMPLOYED, away("2024-02-01", "2024-02-10", kind))
    assert level(folded, Measure.sick_fte, "2024-02-01") == sick
    assert changes(folded, Measure.scheduled_fte) == {"2024-01-01": 1}


@pytest.mark.parametrize("kind", ["parental", "study", "leave"])
def test_kinds_that_are_leave(kind: str):
    """Who is on leave is not scheduled to work."""
    folded = fold(EMPLOYED, away("2024-02-01", "2024-02-10", kind, extent=0.75))
    assert changes(folded, Measure.scheduled_fte) == {"2024-01-01": 1, "2024-02-01": -0.75, "2024-02-11": 0.75}
    assert "sick_fte" not in named(folded)


@pytest.mark.parametrize(("kind", "measure"), [("parental", Measure.parental_fte), ("study", Measure.study_fte)])
def test_leave_measured_by_itself(kind: str, measure: Measure):
    """Parental and study time have measures of their own."""
    folded = fold(EMPLOYED, away("2024-02-01", "2024-02-10", kind, extent=0.25))
    assert changes(folded, measure) == {"2024-02-01": 0.25, "2024-02-11": -0.25}


def test_absences_together_are_at_most_the_whole():
    """Leave comes first: three quarters on leave and half sick is a quarter sick."""
    folded = fold(
        EMPLOYED, away("2024-02-01", kind="parental", extent=0.75), away("2024-03-01", extent=0.5, absence="b")
    )
    assert level(folded, Measure.sick_fte, "2024-03-01") == 0.25
    assert level(folded, Measure.scheduled_fte, "2024-03-01") == 0.25


def test_sick_on_full_leave():
    """Who is wholly on leave is not sick, and no spell begins."""
    folded = fold(EMPLOYED, away("2024-02-01", kind="parental"), away("2024-03-01", absence="b"))
    assert not {"sick_fte", "sick_spells"} & named(folded)


def test_day_sixty():
    """From its 60th day on, a spell's sick time is long."""
    folded = fold(EMPLOYED, away("2024-03-01", "2024-04-30"))
    assert changes(folded, Measure.sick_day60_fte) == {"2024-04-29": 1, "2024-05-01": -1}


def test_spell_of_fifty_nine_days():
    """One day short of it nothing is long."""
    assert "sick_day60_fte" not in named(fold(EMPLOYED, away("2024-03-01", "2024-04-28")))


def test_first_fifty_nine_days():
    """On the 60th day of a spell it turns out that the 59 days before were long sickness."""
    folded = fold(EMPLOYED, away("2024-03-01", "2024-04-30", extent=0.5))
    assert changes(folded, Measure.first59_fte_days) == {"2024-04-29": 29.5}
    assert "first59_fte_days_year_before" not in named(folded)


def test_first_fifty_nine_days_over_new_year():
    """They are counted apart for the year of the 60th day and for the year before."""
    folded = fold(EMPLOYED, away("2024-12-11", "2025-06-30"))
    assert changes(folded, Measure.first59_fte_days_year_before) == {"2025-02-08": 21}
    assert changes(folded, Measure.first59_fte_days) == {"2025-02-08": 38}


def test_sixtieth_day_on_new_years_day():
    """All 59 may lie in the year before, and none in the year of the 60th."""
    folded = fold(EMPLOYED, away("2024-11-03", "2025-01-01"))
    assert changes(folded, Measure.first59_fte_days_year_before) == {"2025-01-01": 59}
    assert "first59_fte_days" not in named(folded)


def test_first_fifty_nine_days_stay_where_they_were():
    """Each day counts in the unit and at the extent of that day, on the day that the spell became long."""
    folded = fold(
        EMPLOYED,
        make.employment_changed("p", "2024-03-11", employment="j1", unit="u2"),
        away("2024-03-01", "2024-03-20"),
        away("2024-03-21", "2024-05-31", absence="b", extent=0.25),
    )
    assert changes(folded, Measure.first59_fte_days, "u1") == {"2024-04-29": 10}
    assert changes(folded, Measure.first59_fte_days, "u2") == {"2024-04-29": 10 + 39 * 0.25}


def test_a_spell_shortened_after_its_sixtieth_day():
    """When an end becomes known before the 60th day, nothing of the spell is long any more."""
    told = fold_batches([[EMPLOYED, away("2024-03-01")], [make.absence_ended("p", "a", "2024-04-28")]])
    assert not {"first59_fte_days", "sick_day60_fte"} & named(told)


def test_spell_goes_on_when_the_extent_changes():
    """A change of extent is the same spell, whose day 60 counts from its first day."""
    half = make.absence_changed("p", "a", "2024-04-01", 0.5)
    folded = fold(EMPLOYED, away("2024-03-01", "2024-05-10"), half)
    assert changes(folded, Measure.sick_spells) == {"2024-03-01": 1}
    assert changes(folded, Measure.sick_day60_fte) == {"2024-04-29": 0.5, "2024-05-11": -0.5}


def test_spell_goes_on_in_an_adjacent_absence():
    """Absences that follow day upon day are one spell."""
    folded = fold(EMPLOYED, away("2024-03-01", "2024-04-15"), away("2024-04-16", "2024-05-10", absence="b"))
    assert changes(folded, Measure.sick_spells) == {"2024-03-01": 1}
    assert changes(folded, Measure.sick_day60_fte) == {"2024-04-29": 1, "2024-05-11": -1}


def test_a_day_at_work_ends_the_spell():
    """Absences with one day between are two spells."""
    folded = fold(EMPLOYED, away("2024-03-01", "2024-04-15"), away("2024-04-17", "2024-05-10", absence="b"))
    assert changes(folded, Measure.sick_spells) == {"2024-03-01": 1, "2024-04-17": 1}
    assert "sick_day60_fte" not in named(folded)


def test_the_missing_link_between_two_spells():
    """A late absence that joins two spells makes them one, also of what was folded before."""
    apart = [EMPLOYED, away("2024-03-01", "2024-03-31"), away("2024-04-03", "2024-05-10", absence="b")]
    link = away("2024-04-01", "2024-04-02", absence="c")
    folded = fold_batches([apart, [link]])
    assert changes(folded, Measure.sick_spells) == {"2024-03-01": 1}
    assert changes(folded, Measure.sick_day60_fte) == {"2024-04-29": 1, "2024-05-11": -1}


@pytest.mark.parametrize(("last", "short"), [("2024-02-14", {"2024-02-01": 1}), ("2024-02-15", {})])
def test_short_spells(last: str, short: dict[str, float]):
    """A spell of 14 days is short, one of 15 is not."""
    folded = fold(EMPLOYED, away("2024-02-01", last))
    assert changes(folded, Measure.short_spells) == short
    assert changes(folded, Measure.sick_spells) == {"2024-02-01": 1}


def test_a_spell_of_unknown_length_is_not_short():
    """While nobody knows its end, a spell is not short; once known, it is."""
    assert "short_spells" not in named(fold(EMPLOYED, away("2024-02-01")))
    told = fold_batches([[EMPLOYED, away("2024-02-01")], [make.absence_ended("p", "a", "2024-02-05")]])
    assert changes(told, Measure.short_spells) == {"2024-02-01": 1}


def test_spells_are_of_people_not_of_employments():
    """Sick from two employments is one spell, and the fte of both."""
    other = make.employment_started("p", "2024-01-01", "u2", employment="j2", fte=0.5)
    employed = make.employment_started("p", "2024-01-01", employment="j1", fte=0.5)
    folded = fold(employed, other, away("2024-02-01", "2024-02-10"))
    assert changes(folded, Measure.sick_spells) == {"2024-02-01": 1}
    assert {unit: level(folded, Measure.sick_fte, "2024-02-01", unit) for unit in ("u1", "u2")} == {
        "u1": 0.5,
        "u2": 0.5,
    }


def test_absence_from_one_employment():
    """An absence that names an employment leaves the others alone."""
    other = make.employment_started("p", "2024-01-01", "u2", employment="j2", fte=0.5)
    folded = fold(EMPLOYED, other, away("2024-02-01", "2024-02-10", "study", employment="j2"))
    assert changes(folded, Measure.study_fte, "u2") == {"2024-02-01": 0.5, "2024-02-11": -0.5}
    assert changes(folded, Measure.study_fte, "u1") == {}


def test_sickness_ends_with_the_employment():
    """Nobody is sick from work they no longer have."""
    folded = fold(EMPLOYED, make.employment_ended("p", "2024-02-15", employment="j1"), away("2024-02-01", "2024-03-31"))
    assert changes(folded, Measure.sick_fte) == {"2024-02-01": 1, "2024-02-16": -1}


def test_absence_outside_employment():
    """It contributes nothing and is counted as an anomaly, until the employment becomes known."""
    lonely = fold(away("2024-02-01", "2024-02-10"))
    assert (lonely.facts, lonely.anomalies) == ({}, {"absence_outside_employment": 1})
    healed = fold_batches([[away("2024-02-01", "2024-02-10")], [EMPLOYED]])
    assert healed.anomalies == {}
    assert changes(healed, Measure.sick_fte) == {"2024-02-01": 1, "2024-02-11": -1}


def test_sickness_follows_the_employee_to_a_new_unit():
    """A move during a spell moves the sick time; the spell counts where it began."""
    folded = fold(
        EMPLOYED,
        make.employment_changed("p", "2024-02-11", employment="j1", unit="u2"),
        away("2024-02-01", "2024-02-20"),
    )
    assert changes(folded, Measure.sick_fte, "u1") == {"2024-02-01": 1, "2024-02-11": -1}
    assert changes(folded, Measure.sick_fte, "u2") == {"2024-02-11": 1, "2024-02-21": -1}
    assert changes(folded, Measure.sick_spells, "u1") == {"2024-02-01": 1}


def test_a_note_a_week_is_one_spell():
    """From Monday to Friday, week after week: weekends add no sick time, and count for the 60th day."""
    weeks = [away(f"2025-{m:02}-{d:02}", f"2025-{m:02}-{d + 4:02}", absence=f"a{m}{d}") for m, d in MONDAYS]
    folded = fold_batches([EMPLOYED, note] for note in weeks[::2] + weeks[1::2])
    assert changes(folded, Measure.sick_spells) == {"2025-01-06": 1}
    assert "short_spells" not in named(folded)
    assert level(folded, Measure.sick_day60_fte, "2025-03-05") == 0
    assert level(folded, Measure.sick_day60_fte, "2025-03-06") == 1
    assert sum(changes(folded, Measure.sick_fte).values()) == 0
    assert level(folded, Measure.sick_fte, "2025-01-11") == 0


@pytest.mark.parametrize(
    ("last", "first", "spells"), [("2025-01-09", "2025-01-13", 2), ("2025-01-10", "2025-01-14", 2)]
)
def test_a_working_day_ends_a_spell(last: str, first: str, spells: int):
    """A Friday or a Monday at work beside the weekend does."""
    folded = fold(EMPLOYED, away("2025-01-06", last), away(first, "2025-01-17", absence="b"))
    assert len(changes(folded, Measure.sick_spells)) == spells


def test_leave_from_one_post_hides_no_sickness_in_another():
    """Somebody wholly on leave from one and ill in the other is ill, and the spell becomes long."""
    other = make.employment_started("p", "2024-01-01", "u2", employment="j2", form="fixed_term")
    leave, ill = away("2024-01-01", kind="leave", employment="j1"), away("2024-03-01", absence="b", employment="j2")
    folded = fold(EMPLOYED, other, leave, ill)
    assert changes(folded, Measure.sick_spells) == {"2024-03-01": 1}
    assert changes(folded, Measure.sick_day60_fte, "u2") == {"2024-04-29": 1}


def test_a_spell_ends_with_the_employment_it_is_of():
    """Another employment that goes on does not keep it going."""
    other = make.employment_started("p", "2024-01-01", "u2", employment="j2", fte=0.5)
    ended = make.employment_ended("p", "2024-01-31", employment="j1")
    folded = fold(EMPLOYED, other, ended, away("2024-01-27", employment="j1"))
    assert changes(folded, Measure.short_spells) == {"2024-01-27": 1}
    assert folded.anomalies == {"posts_above_full_time": 1}


@pytest.mark.parametrize("of", ["never", "hourly"])
def test_an_absence_of_no_monthly_paid_employment(of: str):
    """One that nobody started, or that is paid by the hour: nothing, and an anomaly."""
    hourly = make.employment_started("p", "2024-01-01", employment="hourly", form="hourly")
    folded = fold(EMPLOYED, hourly, away("2024-03-01", employment=of))
    assert folded.anomalies == {"absence_outside_employment": 1}
    assert not {"sick_fte", "sick_spells"} & named(folded)


def spells_day_by_day(days: set[int]) -> list[int]:
    """The first days of spells: of sick days with no other days than Saturdays and Sundays between them."""
    found, last = [], None
    for day in sorted(days):
        if last is None or any(date.fromordinal(between).weekday() < 5 for between in range(last + 1, day)):
            found.append(day)
        last = day
    return found


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 6)), min_size=1, max_size=8),
    st.sampled_from(("2025-01-15", "2025-01-17", "2025-01-20", None)),
    st.randoms(use_true_random=False),
)
@settings(deadline=None)
def test_notes_in_any_order(notes: list[tuple[int, int]], ended: str | None, rng: Random):
    """Notes of a few days, told in any order and one by one, with an employment that may end: as counted day by day."""
    first = date(2025, 1, 1).toordinal()
    job = [EMPLOYED, *([make.employment_ended("p", ended, employment="j1")] if ended else [])]
    told = [
        away(*(date.fromordinal(first + day).isoformat() for day in (start, start + length)), absence=f"a{n}")
        for n, (start, length) in enumerate(notes)
    ]
    log = [*job, *told]
    rng.shuffle(log)
    last = date.fromisoformat(ended).toordinal() if ended else first + 100
    days = {first + start + n for start, length in notes for n in range(length + 1) if first + start + n <= last}
    expected = {date.fromordinal(day).isoformat(): 1 for day in spells_day_by_day(days)}
    folded = fold_batches([event] for event in log)
    assert changes(folded, Measure.sick_spells) == expected
    assert folded.facts == fold(*log).facts
