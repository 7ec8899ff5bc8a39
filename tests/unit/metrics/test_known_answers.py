"""Published figures that the formulas must give."""

import csv
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest

from services.metrics.domain.disclosure.told import everything
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.measures import Measure, is_flow
from services.metrics.domain.facts.tally import Fact, millionths
from services.metrics.domain.sums.groups import Group, Roster
from services.metrics.domain.sums.kernels import total
from services.metrics.domain.sums.tree import Tree
from services.metrics.domain.values.valuation import Figures, figures, values
from tests.unit.metrics.folding import asked, placed
from tests.unit.metrics.references import beside

ENGLAND_2023 = placed(
    headcount=33_119.1,
    fte=33_119.1,
    leavers_other=5_254.6,
    agency_fte=7_173.5,
    agency_cover_fte=5_744.2,
    vacant_fte=7_722.7,
    case_holder_fte=21_111.4,
    open_cases=337_055,
)
PUBLISHED = [
    ("leaver_rate", "15.9"),
    ("agency_share", "17.8"),
    ("agency_cover_share", "80.1"),
    ("vacancy_rate", "18.9"),
]


def one_decimal(value: float) -> str:
    """Rounded half up, as the source rounds."""
    return str(Decimal(repr(value)).quantize(Decimal("0.1"), ROUND_HALF_UP))


@pytest.mark.parametrize(("metric", "published"), PUBLISHED)
def test_england_2023(metric: str, published: str):
    """Children's social work workforce, England 2023: the published rates in per cent."""
    value = asked(ENGLAND_2023, "2024-12-31")["u", "*"].metrics[metric].value
    assert value is not None
    assert one_decimal(100 * value) == published


def test_england_2023_caseload():
    """16.0 cases per case holder."""
    value = asked(ENGLAND_2023, "2024-12-31")["u", "*"].metrics["caseload"].value
    assert value is not None
    assert one_decimal(value) == "16.0"


COMPONENTS = {
    "inpost_fte": Measure.fte,
    "inpost_headcount": Measure.headcount,
    "leavers_headcount": Measure.leavers_other,
    "agency_fte": Measure.agency_fte,
    "agency_cover_fte": Measure.agency_cover_fte,
    "vacancy_fte": Measure.vacant_fte,
    "case_holders_fte": Measure.case_holder_fte,
    "cases": Measure.open_cases,
}
RATES = {
    "turnover_rate_headcount": ("leaver_rate", 100),
    "agency_rate_fte": ("agency_share", 100),
    "vacancy_rate_fte": ("vacancy_rate", 100),
    "caseload_fte": ("caseload", 1),
}
"""Published column → our metric and its scale."""

DAY = 739_000
WINDOW = 365
ROUNDING = 0.11
"""Components and rates are published with one decimal; one row (Isles of Scilly, 2023) contradicts itself."""


def numeric(cell: str) -> float | None:
    """A number, or None for the codes that say why there is none."""
    try:
        return float(cell)
    except ValueError:
        return None


def test_every_council_and_year():
    """The published rates of 155 councils in nine years follow from their published components, which are rounded."""
    path = beside("data", "dfe_csww", "csww_indicators_2017_to_2025.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["la_name"]]
    found, roster = valued(rows)
    for column, (metric, scale) in RATES.items():
        by_group = values(found[metric], np.arange(len(roster.groups)))
        pairs = [
            (scale * by_group[roster.groups[Group(str(n))]].value, rate)
            for n, row in enumerate(rows)
            if (rate := numeric(row[column])) is not None and Group(str(n)) in roster.groups
        ]
        far = [pair for pair in pairs if abs(pair[0] - pair[1]) > ROUNDING]
        assert len(pairs) > 1_300, column
        assert len(far) <= 1, f"{column}: {far}"


def valued(rows: list[dict[str, str]]) -> tuple[dict[str, Figures], Roster]:
    """Every metric, each row's components placed in a unit of its own."""
    facts = [
        Fact(Cell(str(n), "o"), measure, DAY if is_flow(measure) else DAY - WINDOW, millionths(amount))
        for n, row in enumerate(rows)
        for column, measure in COMPONENTS.items()
        if (amount := numeric(row[column])) is not None
    ]
    roster = Roster(Tree({}, {}, 0))
    columns, days = roster.columns(facts), np.array([DAY])
    sums = total(columns, roster.belongs, len(roster.groups), days, WINDOW)
    return {f.metric.name: f for f in figures(sums, everything(sums))}, roster
