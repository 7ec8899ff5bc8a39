"""What a source system says when it is wrong about an event that did happen."""

from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace

from cli.simulation.chance import Chance
from shared.contracts.events import CaseloadReported, CostReported, Data, TimeReported


def mistaken(data: Data, chance: Chance) -> Data:
    """A wrong version of an event's data, valid by the contract: another amount, or a day up to three weeks off."""
    match data:
        case CaseloadReported(open_cases=cases):
            return replace(data, open_cases=cases + chance.between(5, 25))
        case TimeReported(worked_hours=hours):
            return replace(data, worked_hours=hours + chance.between(8, 40))
        case CostReported(agency_cost=cost):
            return replace(data, agency_cost=10 * cost + 1000)
    return _on_another_day(data, timedelta(days=chance.between(1, 20)))


def _on_another_day(data: Data, by: timedelta) -> Data:
    """Starts are put too early and last days too late, so that no wrong version ends before it starts."""
    values: Any = data
    if hasattr(data, "effective"):
        effective: date = values.effective - by
        return replace(data, effective=effective)
    last_day: date = values.last_day + by
    return replace(data, last_day=last_day)
