"""``docs/metrics.md``: current, whole, and its formulas those that are computed."""

import re
from pathlib import Path

import pytest

from cli.reference.formulas import formula
from cli.reference.measures import WORDS, kind
from cli.reference.page import page
from services.metrics.domain.facts.measures import Measure
from shared.contracts.catalogue import METRICS, Metric
from shared.contracts.catalogue.disclosure import ByMonth

PAGE = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text("utf-8")


def test_the_page_is_current() -> None:
    """The page is what ``make docs`` would write now."""
    assert page() == PAGE


def test_every_metric_has_its_definition() -> None:
    """Each metric has one row, in the order of the catalogue, with the definition id that its values carry."""
    listed = re.findall(r"^\| `(\w+)`[^|]*<br>`(stadga:\w+:\d+)` \|", PAGE, re.MULTILINE)
    assert listed == [(metric.name, metric.definition) for metric in METRICS]


@pytest.mark.parametrize("kind", ByMonth)
def test_what_is_told_by_month_is_marked(kind: ByMonth) -> None:
    """The metrics that are decided month by month, and no others, are marked."""
    marked = set(re.findall(rf"^\| `(\w+)` \*{kind.name.lower()}\*<br>", PAGE, re.MULTILINE))
    assert marked == {metric.name for metric in METRICS if metric.by_month is kind}


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_every_metric_says_of_how_few_it_is_told(metric: Metric) -> None:
    """In the row of each metric, in both languages."""
    [line] = re.findall(rf"^\| `{metric.name}`[^|]*<br>.*$", PAGE, re.MULTILINE)
    assert f"| {metric.disclosure.en}.<br>*{metric.disclosure.sv}.* |" in line


def test_every_measure_is_in_words() -> None:
    """Each measure has a name of its own and says what it counts."""
    assert list(WORDS) == list(Measure)
    assert len({words.name for words in WORDS.values()}) == len(WORDS)
    assert all(words.counts for words in WORDS.values())


@pytest.mark.parametrize(
    ("metric", "words"),
    [
        ("headcount", "permanent staff"),
        ("stability", "staff of a year ago who stayed ÷ permanent staff 365 days earlier"),
        ("leaver_rate", "(leavers at own request + retirements + other leavers) ÷ average permanent staff"),
        ("agency_share", "agency FTE ÷ (agency FTE + FTE)"),
        ("vacancy_age_days", "(open vacancies × the day − the sum of their opening days) ÷ open vacancies"),
        ("staffing_need_fte", "(case points − the norm × FTE of case holders) ÷ the norm"),
        ("entry_pay_median", "the median of entry pay"),
        ("pay_p90_p10", "the 90th percentile of pay ÷ the 10th percentile of pay"),
        ("incident_rate", "36,500 ÷ days of the window × incidents ÷ average FTE"),
    ],
)
def test_formula_in_words(metric: str, words: str) -> None:
    """A formula reads as it is computed: levels, lags, averages, quantiles, brackets and scale."""
    assert formula(metric) == words


@pytest.mark.parametrize(
    ("measure", "said"),
    [(Measure.headcount, "holds"), (Measure.leavers_other, "happens"), (Measure.agency_cost, "per day")],
)
def test_kind_of_a_measure(measure: Measure, said: str) -> None:
    """How a measure acts over time follows from its number."""
    assert kind(measure) == said
