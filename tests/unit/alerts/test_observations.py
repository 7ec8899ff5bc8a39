"""Published values as rows, and rows as what alerts are judged on."""

from datetime import date

import pytest
from msgspec.structs import replace

from services.alerts.domain.alert.observation import Observation
from services.alerts.repository.kept_days import Stored
from services.alerts.repository.observations import ObservationRow, rows
from shared.contracts.metrics import MetricValue
from tests.integration.alerting import GOOD, TODAY, group

SICK = MetricValue(status="final", definition="stadga:sick_rate:1", value=0.1, until=date(2026, 5, 31))
HIDDEN = MetricValue(status="suppressed", definition="stadga:sick_rate:1", until=date(2026, 5, 31))
PART = MetricValue(
    status="incomplete", definition="stadga:sick_rate:1", known_from=date(2026, 3, 1), complete_from=date(2027, 3, 1)
)


def stored(row: ObservationRow) -> Stored:
    """The row as it is read again."""
    return Stored(*(getattr(row, name) for name in Stored.__struct_fields__))


@pytest.mark.parametrize("measured", [SICK, HIDDEN, PART], ids=["shown", "hidden", "incomplete"])
def test_a_value_of_health_keeps_its_months(measured: MetricValue):
    """A value is read as it came, with the last day of the months it tells of, or since when it is known."""
    told = replace(group("unit", GOOD, TODAY), metrics={"sick_rate": measured})
    (row,) = rows(told, {"sick_rate"}, set())
    assert stored(row).observation(measured.definition) == Observation(TODAY, 0, measured)
