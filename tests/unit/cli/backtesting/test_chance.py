"""What chance alone explains of a backtest: the false alarms of every group over the days on which it was judged."""

from collections.abc import Sequence

import msgspec
import pytest
from msgspec.structs import replace

from services.alerts.domain.backtest.asked import Watched
from services.alerts.domain.backtest.chance import SEED, by_chance
from services.alerts.domain.chance.false_alarms import false_alarms
from services.alerts.domain.plan.reading import read
from shared.contracts.metrics import MetricValue

[TARGET] = read("""
plan: p
recipients: {hr: {email: hr@kommun.example}}
targets: [{id: leavers, metric: leaver_rate, breach: {above: 0.2}, notify: [hr]}]
""").targets.values()
LEAVERS = MetricValue(status="final", definition="d", value=0.15, numerator=6.0, denominator=40.0, low=0.05, high=0.3)
PAST = replace(LEAVERS, value=0.4, numerator=16.0)


def watched(days: int, history: Sequence[MetricValue]) -> Watched:
    """A group that was judged on so many days."""
    return Watched(days, TARGET, msgspec.msgpack.encode(history))


def test_groups_are_summed_by_the_days_they_were_judged():
    """As many as plan check expects in a year, twice over two years; a group past the limit adds none."""
    a_year = false_alarms(TARGET, [LEAVERS] * 60, SEED).a_year
    assert a_year > 0.1
    assert watched(730, [LEAVERS, PAST]).history == [LEAVERS, PAST]
    told = [watched(730, [LEAVERS] * 60), watched(365, [LEAVERS] * 60)]
    assert by_chance(told) == pytest.approx(3 * a_year)
    assert by_chance([*told, watched(730, [PAST] * 60)]) == pytest.approx(3 * a_year)


def test_nothing_is_said_of_what_is_not_known():
    """Too short a history, and groups that are past the limit: no number, not nought."""
    assert by_chance([]) is None
    assert by_chance([watched(365, []), watched(365, [PAST] * 60)]) is None
