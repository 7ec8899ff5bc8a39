"""Every number that leaves about a group of few, wherever it is in an answer, a message or a scrape."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import msgspec
from prometheus_client.parser import text_string_to_metric_families

from shared.contracts.catalogue import METRICS
from shared.contracts.prometheus import AHEAD, BUSINESS
from tests.integration.exits import NUMBERS
from tests.integration.marked import FEW, RARE

LIMITED = frozenset(metric.name for metric in METRICS if metric.disclosure.fewest or metric.by_month)
"""The metrics that are told of larger groups alone."""
_SERIES = {gauge.name: name for name, gauge in (*BUSINESS.items(), *AHEAD.items())}
_LINE = re.compile(rb"^\{.*\}$|^\[.*\]$", re.MULTILINE)


class Number(NamedTuple):
    """A metric of a group, and whether a number of it is told."""

    group: tuple[str, str]
    metric: str
    told: bool

    @property
    def is_of_few(self) -> bool:
        """Of a unit of three or one, or of the only one in an occupation, by a metric that is not for so few."""
        unit, occupation = self.group
        return self.metric in LIMITED and (unit in FEW or occupation == RARE)


def numbers(text: bytes) -> Iterator[Number]:
    """All of them; of a text that is neither JSON nor a scrape, none."""
    for line in _LINE.findall(text):
        try:
            yield from _within(msgspec.json.decode(line))
        except msgspec.DecodeError:
            continue
    if b"# TYPE stadga_headcount_people gauge" in text or b"# TYPE stadga_alert_value gauge" in text:
        yield from _scraped(text[text.index(b"# ") :].decode())


def _within(found: object) -> Iterator[Number]:
    """Rows with metrics, and whatever names a unit and a metric and has a number beside them."""
    if isinstance(found, list):
        yield from (one for some in found for one in _within(some))
    if isinstance(found, dict):
        group = str(found.get("unit", "*")), str(found.get("occupation") or "*")
        metrics = found.get("metrics")
        if isinstance(metrics, dict):
            for name, values in metrics.items():
                some = values if isinstance(values, list) else [values]
                yield from (Number(group, name, _tells(one)) for one in some)
        if isinstance(found.get("metric"), str):
            beside = [found, *(one for one in found.values() if isinstance(one, dict)), *_values(found)]
            yield from (Number(group, str(found["metric"]), _tells(one)) for one in beside)
        yield from (one for some in found.values() for one in _within(some))


def _values(found: dict[str, object]) -> Iterator[object]:
    """Those of ``/v1/revisions`` and ``/v1/as-known``, which stand beneath what they are of."""
    for one in (*_listed(found.get("revisions")), *_listed(found.get("values"))):
        yield from (one.get(name) for name in ("value", "before", "after"))


def _listed(found: object) -> Iterator[dict[str, object]]:
    yield from (one for one in found if isinstance(one, dict)) if isinstance(found, list) else ()


def _tells(value: object) -> bool:
    """Of nobody and nothing zeros are told: there is nobody whom they are about."""
    return isinstance(value, dict) and any(value.get(name) for name in NUMBERS)


def _scraped(text: str) -> Iterator[Number]:
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            metric = _SERIES.get(sample.name) or sample.labels.get("metric")
            if metric and "unit" in sample.labels and sample.name != "stadga_alert_threshold":
                group = sample.labels["unit"], sample.labels.get("occupation", "*")
                yield Number(group, metric, sample.value == sample.value and sample.name in {*_SERIES, VALUE})


VALUE = "stadga_alert_value"
