"""The simulated municipality looks like a real one; ranges from DfE, Children's social work workforce, 2017–2025."""

from datetime import date

import pytest

from cli.simulation.log import simulate
from shared.statistics.intervals import poisson_rate
from tests.unit.cli.counting import Log

FIRST, LAST = date(2024, 1, 1), date(2025, 12, 31)
TROUBLED = "ifo-bou-1"
REASONS = ("own_request", "retirement", "redundancy", "dismissal", "death", "other")


@pytest.fixture(scope="module", params=(1, 2, 3))
def log(request: pytest.FixtureRequest) -> Log:
    """Two clean years of 1,200 people in 40 units, one of which goes wrong."""
    return Log(simulate(request.param, 1200, 40, first=FIRST, last=LAST, troubled="auto"))


def test_turnover(log: Log):
    """Between 11 and 17 of a hundred leave in a year."""
    assert 0.11 <= log.leavers(LAST, *REASONS)["*"] / log.mean_headcount(LAST)["*"] <= 0.17


def test_agency_share(log: Log):
    """Consultants are 13–19 % of everyone at work."""
    agency, employed = log.agency_fte(LAST), sum(person["fte"] for person in log.employed(LAST))
    assert 0.13 <= agency / (agency + employed) <= 0.19


def test_vacancy_rate(log: Log):
    """Between 14 and 20 of a hundred posts are vacant."""
    vacant, employed = log.vacant_fte(LAST), sum(person["fte"] for person in log.employed(LAST))
    assert 0.14 <= vacant / (vacant + employed) <= 0.20


def test_caseload(log: Log):
    """A full-time case holder has 15–17.5 open cases."""
    assert 15 <= log.caseload(LAST) <= 17.5


def test_sickness(log: Log):
    """Between 3 and 5.5 of a hundred are sick on a day, somewhat more than in England."""
    assert 0.03 <= log.sick_share(LAST) <= 0.055


def test_headcount_is_steady(log: Log):
    """About as many are employed at the end as at the beginning."""
    assert len(log.employed(LAST)) == pytest.approx(1200, rel=0.08)


def test_trouble_is_more_than_chance(log: Log):
    """In the troubled unit the 95 % interval of resignations over permanent staff lies above 15 % a year."""
    leavers, staff = log.leavers(LAST, "own_request")[TROUBLED], log.mean_headcount(LAST)[TROUBLED]
    low, _ = poisson_rate(leavers, staff)
    assert low > 0.15


def test_trouble_stands_out(log: Log):
    """Most other units stay below 15 % resignations a year."""
    leavers, staff = log.leavers(LAST, "own_request"), log.mean_headcount(LAST)
    breaching = [u for u in staff if u not in {"*", TROUBLED} and leavers[u] / staff[u] > 0.15]
    assert len(breaching) <= 10


def test_trouble_shows_in_cases_and_sickness(log: Log):
    """In the troubled unit cases and sickness are well above the municipality's."""
    assert log.caseload(LAST, TROUBLED) > 1.15 * log.caseload(LAST)
    assert log.sick_share(LAST, TROUBLED) > log.sick_share(LAST)
