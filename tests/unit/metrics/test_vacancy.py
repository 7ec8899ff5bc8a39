"""What vacancies contribute, worked out by hand."""

from datetime import date

from services.metrics.domain.facts.measures import Measure
from tests import builders as make
from tests.unit.metrics.folding import changes, fold, named

OPENED = make.vacancy_opened("v", "2024-01-01", fte=0.8)


def test_open_vacancy():
    """An open vacancy counts with its fte, once, and with the number of its opening day."""
    folded = fold(OPENED)
    assert changes(folded, Measure.vacant_fte) == {"2024-01-01": 0.8}
    assert changes(folded, Measure.vacancies) == {"2024-01-01": 1}
    assert changes(folded, Measure.vacancy_open_day) == {"2024-01-01": date(2024, 1, 1).toordinal()}


def test_filled_vacancy():
    """It is open until the day before the new person's first day, which tells how long it took."""
    folded = fold(OPENED, make.vacancy_closed("v", "2024-03-01"))
    assert changes(folded, Measure.vacancies) == {"2024-01-01": 1, "2024-03-01": -1}
    assert changes(folded, Measure.vacancies_filled) == {"2024-03-01": 1}
    assert changes(folded, Measure.vacancy_days_filled) == {"2024-03-01": 60}


def test_cancelled_vacancy():
    """It is no longer open, and was not filled."""
    folded = fold(OPENED, make.vacancy_closed("v", "2024-03-01", "cancelled"))
    assert changes(folded, Measure.vacant_fte) == {"2024-01-01": 0.8, "2024-03-01": -0.8}
    assert not {"vacancies_filled", "vacancy_days_filled"} & named(folded)


def test_filled_the_day_it_opened():
    """It was never open, and took no time to fill."""
    folded = fold(OPENED, make.vacancy_closed("v", "2024-01-01"))
    assert named(folded) == {"vacancies_filled"}


def test_closed_before_it_opened():
    """It contributes nothing and is counted."""
    folded = fold(OPENED, make.vacancy_closed("v", "2023-12-31"))
    assert (folded.facts, folded.anomalies) == ({}, {"end_before_start": 1})


def test_closed_without_being_opened():
    """It contributes nothing and is counted."""
    folded = fold(make.vacancy_closed("v", "2024-03-01"))
    assert (folded.facts, folded.anomalies) == ({}, {"end_without_start": 1})
