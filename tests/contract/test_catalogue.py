"""The catalogue of metrics is data: whatever speaks of metrics says what it says."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from prometheus_client import CollectorRegistry

from cli.reference.__main__ import documents
from services.metrics.domain.sums.groups import Group
from services.metrics.domain.values.sheet import Published
from services.metrics.publishing.exposition import Exposition
from shared.contracts.catalogue import BY_NAME, METRICS, Metric, Unit
from shared.contracts.catalogue.described import UNITS, described
from shared.contracts.metrics import MetricValue

TODAY = 739_000
WRITTEN = {file.stem + file.suffix: document for file, document in documents().items()}


def tables(document: object) -> Iterator[dict[str, Any]]:
    """Every schema of values by metric in a document."""
    if isinstance(document, dict):
        of = document.get("additionalProperties")
        if isinstance(of, dict) and str(of.get("$ref", "")).endswith("/MetricValue"):
            yield document
        for part in document.values():
            yield from tables(part)
    elif isinstance(document, list):
        for part in document:
            yield from tables(part)


@pytest.mark.parametrize("name", ["metrics.json", "asyncapi.json"])
def test_documents_describe_every_metric(name: str) -> None:
    """Wherever values by metric may stand, each metric is described once, and none that does not exist."""
    found = [table["description"] for table in tables(WRITTEN[name])]
    assert found
    for text in found:
        assert [line[2:] for line in text.splitlines() if line.startswith("- ")] == [described(m) for m in METRICS]


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_prometheus_is_told_what_a_metric_means(metric: Metric) -> None:
    """The help of a metric's series has its name, its definition and its source."""
    shown = Exposition(CollectorRegistry())
    value = MetricValue(status="final", definition=metric.definition, value=1.0)
    shown.pages().update([Published(Group("u1", "*"), TODAY, {metric.name: value})], TODAY)
    shown.pages().render()
    (told,) = (line for line in b"".join(shown.business()).decode().splitlines() if line.startswith("# HELP"))
    assert all(part in told for part in (metric.en, metric.definition, metric.source))


def test_units_have_words() -> None:
    """Every unit of the catalogue is in words, and each is used."""
    assert set(UNITS) == set(get_args(Unit)) == {metric.unit for metric in METRICS}


def test_metrics_are_told_apart() -> None:
    """No two metrics share a name, or what they are called in either language."""
    for part in ("name", "en", "sv"):
        assert len({getattr(metric, part) for metric in METRICS}) == len(METRICS) == len(BY_NAME)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_of_how_few_a_metric_is_told(metric: Metric) -> None:
    """In both languages: the smallest group or any, and after a colon the reason."""
    for words, any_size in ((metric.disclosure.en, "any size"), (metric.disclosure.sv, "alla storlekar")):
        group, _, reason = words.partition(": ")
        assert group
        assert reason
        assert (group == any_size) == (not metric.by_month and not metric.disclosure.fewest)


def test_limits_are_said_as_they_are_kept() -> None:
    """The number of the rule is in its words, in figures or spelt out."""
    spelt = {5: ("five", "fem"), 7: ("seven", "sju")}
    for rule in {metric.disclosure for metric in METRICS if metric.disclosure.fewest}:
        for words, number in zip((rule.en, rule.sv), spelt.get(rule.fewest, ()) or ("", ""), strict=True):
            assert str(rule.fewest) in words.split() or number in words.split()
