"""What time reports contribute, worked out by hand."""

from services.metrics.domain.facts.measures import Measure
from tests import builders as make
from tests.unit.metrics.folding import changes, fold, fold_batches, named

EMPLOYED = make.employment_started("p", "2024-01-01")


def test_spread_over_the_days_of_the_report():
    """Hours count evenly from the first to the last day."""
    folded = fold(
        EMPLOYED,
        make.time_reported(
            "p", "2024-02-01", "2024-02-10", 80, overtime_hours=5, documentation_hours=30, client_hours=20
        ),
    )
    assert changes(folded, Measure.worked_hours) == {"2024-02-01": 8, "2024-02-11": -8}
    assert changes(folded, Measure.overtime_hours) == {"2024-02-01": 0.5, "2024-02-11": -0.5}
    assert changes(folded, Measure.documentation_hours) == {"2024-02-01": 3, "2024-02-11": -3}
    assert changes(folded, Measure.client_hours) == {"2024-02-01": 2, "2024-02-11": -2}


def test_hours_are_worked_on_days_of_employment():
    """Of a report that reaches past the last day, all hours fall on the days before it."""
    folded = fold(
        EMPLOYED, make.employment_ended("p", "2024-02-05"), make.time_reported("p", "2024-02-01", "2024-02-10", 80)
    )
    assert changes(folded, Measure.worked_hours) == {"2024-02-01": 16, "2024-02-06": -16}


def test_report_of_someone_never_employed():
    """It contributes nothing, and is counted as a contradiction until an employment is known."""
    report = make.time_reported("p", "2024-02-01", "2024-02-10", 80, overtime_hours=300)
    folded = fold(report)
    assert (folded.facts, folded.anomalies) == ({}, {"hours_outside_employment": 1})
    assert fold_batches([[report], [EMPLOYED]]).anomalies == {}


def test_hours_paid_by_the_hour():
    """They are worked in that employment's cell; no stock counts them, nor the limit of overtime."""
    paid = make.employment_started("h", "2024-01-01", unit="v", form="hourly")
    folded = fold(paid, make.time_reported("h", "2024-02-01", "2024-02-10", 80, overtime_hours=300))
    assert named(folded) == {"worked_hours", "overtime_hours", "months_paid_by_hour"}
    assert {cell.unit for cell, *_ in folded.facts} == {"v"}


def test_who_is_paid_by_the_hour_leaves_a_trace_in_each_month():
    """By which it is known that somebody was there whom the hours of the month tell of."""
    paid = make.employment_started("h", "2024-01-20", form="hourly")
    monthly = make.employment_changed("h", "2024-03-10", form="fixed_term")
    folded = fold(paid, monthly, make.time_reported("h", "2024-01-01", "2024-04-30", 80))
    assert changes(folded, Measure.months_paid_by_hour) == {"2024-01-20": 1, "2024-02-01": 1, "2024-03-01": 1}


def test_overtime_of_fixed_term_staff_counts_once_they_are_permanent():
    """Who has passed the limit is told of the permanent staff alone, whenever in the year it was."""
    started = make.employment_started("p", "2024-01-01", form="fixed_term")
    permanent = make.employment_changed("p", "2024-06-01", form="permanent")
    folded = fold(started, permanent, make.time_reported("p", "2024-02-01", "2024-02-10", 80, overtime_hours=300))
    assert changes(folded, Measure.overtime_capped) == {"2024-06-01": 1, "2025-01-01": -1}


def test_a_day_of_employment_more_moves_hours_of_another_year():
    """A report over the turn of a year: where its hours fall follows from days that become known later."""
    report = make.time_reported("p", "2023-12-01", "2024-01-30", 0, overtime_hours=300)
    first = make.employment_started("p", "2023-12-01", employment="a")
    ended = make.employment_ended("p", "2023-12-31", employment="a")
    later = make.employment_started("p", "2024-01-01", employment="b")
    stepwise = fold_batches([[first, ended], [report], [later]])
    assert stepwise.facts == fold(first, ended, report, later).facts
    assert "overtime_capped" in named(fold(first, ended, report))
    assert "overtime_capped" not in named(stepwise)


def test_two_reports_of_the_same_days_add_up():
    """Reports are additions, not restatements."""
    reports = [make.time_reported("p", "2024-02-01", "2024-02-10", hours) for hours in (80, 20)]
    assert changes(fold(EMPLOYED, *reports), Measure.worked_hours) == {"2024-02-01": 10, "2024-02-11": -10}


def test_more_hours_than_days_have():
    """They count as they stand, and the report is counted as a contradiction; 24 hours a day are none."""
    whole = make.time_reported("p", "2024-02-01", "2024-02-02", 48)
    assert fold(EMPLOYED, whole).anomalies == {}
    folded = fold(EMPLOYED, make.time_reported("p", "2024-02-01", "2024-02-02", 48.5))
    assert folded.anomalies == {"hours_above_24_a_day": 1}
    assert changes(folded, Measure.worked_hours) == {"2024-02-01": 24.25, "2024-02-03": -24.25}


def overtime(first: str, last: str, hours: float) -> make.Event:
    """A report of overtime alone."""
    return make.time_reported("p", first, last, 0, overtime_hours=hours)


def test_two_hundred_hours_are_within_the_limit():
    """Exactly 200 hours of overtime in a calendar year do not pass it."""
    reports = overtime("2024-03-01", "2024-03-07", 100), overtime("2024-05-01", "2024-05-03", 100)
    assert "overtime_capped" not in named(fold(EMPLOYED, *reports))


def test_past_two_hundred_hours():
    """From the day the sum passes 200 until the year's end the person is over the limit."""
    reports = [overtime("2024-03-01", "2024-03-10", 100)], [overtime("2024-05-01", "2024-05-10", 150)]
    folded = fold_batches([[EMPLOYED], *reports])
    assert changes(folded, Measure.overtime_capped) == {"2024-05-07": 1, "2025-01-01": -1}


def test_each_calendar_year_begins_anew():
    """A report over New Year counts its days in each year."""
    folded = fold(EMPLOYED, overtime("2024-12-22", "2025-01-10", 400))
    assert changes(folded, Measure.overtime_capped) == {}
    over = fold(EMPLOYED, overtime("2024-12-22", "2025-01-10", 420))
    assert changes(over, Measure.overtime_capped) == {
        "2024-12-31": 1,
        "2025-01-01": -1,
        "2025-01-10": 1,
        "2026-01-01": -1,
    }


def test_a_retraction_takes_the_limit_back():
    """Without the report that passed the limit, nobody is over it."""
    last = overtime("2024-05-01", "2024-05-10", 150)
    folded = fold_batches([[EMPLOYED, overtime("2024-03-01", "2024-03-10", 100), last], [make.retracted(last)]])
    assert "overtime_capped" not in named(folded)


def test_over_the_limit_only_while_in_service():
    """Who has left is not over the limit; who comes back within the year is again."""
    folded = fold(
        EMPLOYED,
        make.employment_ended("p", "2024-06-30"),
        make.employment_started("p", "2024-10-01", employment="j2"),
        overtime("2024-03-01", "2024-03-10", 300),
    )
    assert changes(folded, Measure.overtime_capped) == {
        "2024-03-07": 1,
        "2024-07-01": -1,
        "2024-10-01": 1,
        "2025-01-01": -1,
    }
