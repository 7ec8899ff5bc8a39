"""Business metrics as Prometheus reads them."""

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from services.metrics.domain.sums.groups import Group
from services.metrics.domain.values.sheet import Published
from services.metrics.publishing.exposition import Exposition
from services.metrics.telemetry import Telemetry
from shared.contracts.metrics import MetricValue

HEAD = MetricValue(status="final", definition="stadga:headcount:1", value=12.0, numerator=12.0)
HIDDEN = MetricValue(status="suppressed", definition="stadga:sick_rate:1")
SICK = MetricValue(status="final", definition="stadga:sick_rate:1", value=0.05)
ODD = 'u"1\\\n'


TODAY = 739_000


def published(unit: str = "u1", days: int = 0, occupation: str = "*", **metrics: MetricValue) -> list[Published]:
    """Values of one group, as of so many days from today."""
    return [Published(Group(unit, occupation), TODAY + days, metrics)]


def taken(shown: Exposition, *values: list[Published]) -> Exposition:
    """The values taken in, and rendered."""
    for some in values:
        shown.pages().update(some, TODAY)
    shown.pages().render()
    return shown


def samples(exposition: Exposition) -> dict[tuple[str, ...], float]:
    """What a scrape reads: name, unit and, where there are any, the days ahead, to value."""
    families = text_string_to_metric_families(b"".join(exposition.business()).decode())
    return {
        (s.name, s.labels["unit"], *s.labels.get("days", "").split()): s.value
        for family in families
        for s in family.samples
    }


def exposition() -> Exposition:
    """An empty one."""
    return Exposition(CollectorRegistry())


def test_values_are_gauges():
    """A value has a series with its group as labels."""
    shown = taken(exposition(), published(headcount=HEAD, sick_rate=SICK))
    assert samples(shown) == {("stadga_headcount_people", "u1"): 12.0, ("stadga_sick_rate_ratio", "u1"): 0.05}


def test_what_is_hidden_has_no_series():
    """A value that becomes suppressed takes its series away."""
    shown = taken(exposition(), published(sick_rate=SICK))
    assert samples(taken(shown, published(sick_rate=HIDDEN))) == {}


def test_values_ahead_have_names_of_their_own():
    """What is known of the days ahead is apart from today's, by days."""
    shown = taken(exposition(), published(headcount=HEAD), published(days=30, headcount=HEAD))
    assert samples(shown) == {
        ("stadga_headcount_people", "u1"): 12.0,
        ("stadga_ahead_headcount_people", "u1", "30"): 12.0,
    }


@pytest.mark.parametrize(
    "values",
    [
        published(days=-1, headcount=HEAD),
        published(days=30, occupation="o", headcount=HEAD),
        published(days=30, sick_rate=SICK),
    ],
    ids=["days that have passed", "occupations ahead", "ahead, what is reported only as it happens"],
)
def test_what_has_no_series(values: list[Published]):
    """Some values are published on Kafka alone."""
    assert samples(taken(exposition(), values)) == {}


def test_groups_nobody_is_in_have_no_series():
    """They are shown again with all their values once somebody is in them, also with those that did not change."""
    shown = taken(exposition(), published(headcount=HEAD), published("u2", headcount=HEAD))
    shown.pages().empty([Group("u1"), Group("never heard of")])
    assert list(samples(taken(shown))) == [("stadga_headcount_people", "u2")]
    shown.pages().empty([])
    assert {unit for _, unit in samples(taken(shown))} == {"u1", "u2"}


def test_a_scrape_gets_what_was_rendered():
    """Values that are being taken in are not shown until they are all there."""
    shown = taken(exposition(), published(headcount=HEAD))
    shown.pages().update(published("u2", headcount=HEAD), TODAY)
    assert list(samples(shown)) == [("stadga_headcount_people", "u1")]


def test_labels_with_any_character():
    """Quotes, backslashes and line ends of a unit's reference survive."""
    shown = taken(exposition(), published(ODD, headcount=HEAD))
    assert samples(shown) == {("stadga_headcount_people", ODD): 12.0}


def test_cleared():
    """A replica that no longer evaluates shows no business metric, and still its own."""
    registry = CollectorRegistry()
    Telemetry(registry)
    shown = taken(Exposition(registry), published(headcount=HEAD))
    assert b"stadga_headcount_people{" in b"".join(shown.scraped())
    shown.clear()
    assert shown.business() == []
    assert b'stadga_metrics_events_total{outcome="folded"} 0.0' in b"".join(shown.scraped())


def test_numbers_are_exact():
    """A value reads back as it was, to the last bit."""
    shown = taken(exposition(), published(headcount=MetricValue(status="final", definition="", value=0.1 + 0.2)))
    assert samples(shown)["stadga_headcount_people", "u1"] == 0.1 + 0.2


def test_a_thread_that_is_late():
    """What an evaluation that was ended still takes in is not shown by a replica that stands by."""
    shown = exposition()
    late = shown.pages()
    shown.clear()
    late.update(published(headcount=HEAD), TODAY)
    late.render()
    assert shown.business() == []


def test_when_values_were_looked_at():
    """There is no moment before the first look, nor after another replica has taken over."""
    registry = CollectorRegistry()
    telemetry, name = Telemetry(registry), "stadga_metrics_last_evaluation_timestamp_seconds"
    assert registry.get_sample_value(name) is None
    telemetry.last_evaluation.set(5)
    assert registry.get_sample_value(name) == 5
    telemetry.stands_by(0)
    assert registry.get_sample_value(name) is None
