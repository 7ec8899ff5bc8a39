"""The published rates of England's councils, given back by events: children's social work workforce, 2017–2025."""

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import numpy as np
import pytest

from cli.offline.computing.log import Computed, compute
from services.metrics.domain.disclosure.told import untold
from services.metrics.domain.sums.groups import Roster
from services.metrics.domain.sums.kernels import total
from services.metrics.domain.sums.tree import tree
from services.metrics.domain.values.valuation import figures, values
from shared.contracts.catalogue import BY_NAME
from tests.unit.metrics.councils import YEARS, Key, Row, cases_of, is_council, log, numeric, published


def everywhere(_: Row) -> bool:
    """Councils, regions and the country."""
    return True


class Rate(NamedTuple):
    """A published rate, our metric of it and its scale, what it is made of, and where.

    ``equal`` of ``compared`` rows agree with the amounts published beside them: those in full-time equivalents are
    rounded to a tenth before they are published, and the rate before that.
    """

    column: str
    metric: str
    scale: int
    numerator: str
    denominator: tuple[str, ...]
    where: Callable[[Row], bool]
    equal: int
    compared: int

    def of(self, row: Row) -> Decimal:
        """The rate of the row's own amounts; raises ArithmeticError where there is none."""
        return self.scale * Decimal(row[self.numerator]) / sum(Decimal(row[name]) for name in self.denominator)

    def told(self, row: Row) -> bool:
        """Whether the row has the rate and all that it is made of."""
        amounts = [numeric(row[name]) for name in (self.column, self.numerator, *self.denominator)]
        return self.where(row) and None not in amounts and any(amounts[2:])


RATES = (
    Rate(
        "turnover_rate_headcount",
        "leaver_rate",
        100,
        "leavers_headcount",
        ("inpost_headcount",),
        everywhere,
        1453,
        1455,
    ),
    Rate("agency_rate_fte", "agency_share", 100, "agency_fte", ("agency_fte", "inpost_fte"), is_council, 1287, 1341),
    Rate(
        "agency_cover_rate_fte", "agency_cover_share", 100, "agency_cover_fte", ("agency_fte",), is_council, 1170, 1292
    ),
    Rate("vacancy_rate_fte", "vacancy_rate", 100, "vacancy_fte", ("vacancy_fte", "inpost_fte"), is_council, 1313, 1353),
    Rate("caseload_fte", "caseload", 1, "cases", ("case_holders_fte",), is_council, 1320, 1350),
)

UNPUBLISHED: set[Key] = {("North East", 2022), ("England", 2022)}
"""Where leavers are counted of a council that published none, Gateshead; the published rates leave out its staff."""

Found = dict[str, dict[Key, float | None]]


@pytest.fixture(scope="module")
def rows() -> dict[Key, Row]:
    """What was published."""
    return published()


@pytest.fixture(scope="module")
def computed(rows: dict[Key, Row], tmp_path_factory: pytest.TempPathFactory) -> Computed:
    """The log of all councils in all years, read and folded as by ``stadga compute``."""
    file = tmp_path_factory.mktemp("dfe") / "events.jsonl"
    with file.open("wb") as out:
        out.writelines(log(rows))
    return compute([file], None)


@pytest.fixture(scope="module")
def found(computed: Computed) -> Found:
    """Every rate of every unit on each 30 September, over the year before."""
    days = np.array([date(year, 9, 30).toordinal() for year in YEARS])
    roster = Roster(tree(computed.memory.definitions, int(days[-1])))
    facts = roster.columns(computed.tally.facts())
    sums = total(facts, roster.belongs, len(roster.groups), days, 365)
    return {
        f.metric.name: {
            (group.unit, year): value.value
            for at, year in enumerate(YEARS)
            for group, value in zip(roster.groups, values(f, np.arange(len(roster.groups)), at), strict=True)
        }
        for f in figures(sums, untold(sums), [BY_NAME[rate.metric] for rate in RATES])
    }


def test_the_log_is_sound(computed: Computed):
    """Every line is an event, none twice, and none contradicts another."""
    assert (computed.counts.rejected, computed.counts.duplicates, computed.counts.anomalies) == (0, 0, 0)


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: rate.column)
def test_published_rates(rate: Rate, rows: dict[Key, Row], found: Found):
    """Each row's rate is that of its amounts, and rounds to the published one wherever those amounts do."""
    told = {key: row for key, row in rows.items() if rate.told(row)}
    ours = {(place, year): found[rate.metric][_unit(rate, place), year] for place, year in told}
    apart = {
        key for key, row in told.items() if ours[key] != pytest.approx(float(rate.of(row)) / rate.scale, rel=1e-12)
    }
    assert apart == (UNPUBLISHED if rate.column == "turnover_rate_headcount" else set())
    equal = [
        key for key, row in told.items() if _rounded(rate, ours[key]) == _rounded(rate, numeric(row[rate.column]), 1)
    ]
    assert (len(equal), len(told)) == (rate.equal, rate.compared)


def _unit(rate: Rate, place: str) -> str:
    return cases_of(place) if rate.metric == "caseload" else place


def _rounded(rate: Rate, value: float | None, scale: int | None = None) -> Decimal:
    """To one decimal, half up, as the source rounds; what a float adds far behind the point is no part of it."""
    exact = round(Decimal(value or 0) * (scale or rate.scale), 9)
    return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
