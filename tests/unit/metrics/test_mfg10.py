"""Ten years of 6,284 people with a published table of headcounts and terminations."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from cli.offline.computing.log import Computed, compute
from cli.offline.computing.rows import Question, report
from shared.contracts.catalogue import METRICS
from tests.unit.metrics.references import beside

HEADCOUNT = dict(zip(range(2006, 2016), (4445, 4521, 4603, 4710, 4840, 4972, 5101, 5215, 4962, 4799), strict=True))
TERMINATED = dict(zip(range(2006, 2016), (134, 162, 164, 142, 123, 110, 130, 105, 253, 162), strict=True))


@pytest.fixture(scope="module")
def mfg10(tmp_path_factory: pytest.TempPathFactory) -> Computed:
    """The log, computed."""
    program = beside("data", "mfg10", "events.py")
    log = tmp_path_factory.mktemp("mfg10") / "events.jsonl"
    log.write_bytes(subprocess.run([sys.executable, program], capture_output=True, check=True).stdout)
    return compute([Path(log)], None)


def counted(mfg10: Computed, on: date, window: int) -> dict[str, dict[str, float]]:
    """The measures of everyone on a day."""
    rows = report(mfg10, Question(on, window, METRICS, 10, by=(), with_measures=True)).rows
    [everyone] = [row.measures for row in rows if row.unit == "*"]
    assert everyone is not None
    return everyone


def test_nothing_is_refused(mfg10: Computed):
    """Every line is an event, and none contradicts another."""
    assert (mfg10.counts.rejected, mfg10.counts.duplicates, mfg10.counts.anomalies) == (0, 0, 0)


@pytest.mark.parametrize("year", HEADCOUNT)
def test_headcount_on_the_last_day_of_the_year(mfg10: Computed, year: int):
    """Who leaves on 31 December is present that day."""
    on_the_day = counted(mfg10, date(year, 12, 31), 365)["headcount"]["level"]
    assert on_the_day == HEADCOUNT[year]


@pytest.mark.parametrize("year", TERMINATED)
def test_terminations_of_the_year(mfg10: Computed, year: int):
    """A last day is an exit on the day after, so the exits of a year are counted to 1 January."""
    window = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    measures = counted(mfg10, date(year + 1, 1, 1), window)
    leavers = sum(amounts["flow"] for name, amounts in measures.items() if name.startswith("leavers_"))
    assert leavers == TERMINATED[year]
