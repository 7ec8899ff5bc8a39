"""Targets and days for tests of an alert's life: a series is written as numbers, None where nothing was heard."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from services.alerts.domain.alert.episode import Memory, Story, tell
from services.alerts.domain.alert.observation import Observation, days
from services.alerts.domain.plan.plan import Limit, Target
from shared.contracts.metrics import MetricValue

FIRST = date(2026, 1, 1)
BAD, MIDDLE, GOOD = 0.20, 0.13, 0.10
ABOVE, CLEAR = Limit("above", 0.15), Limit("below", 0.12)
SUPPRESSED = MetricValue(status="suppressed", definition="stadga:leaver_rate:1")


def target(
    hold: int = 0,
    clear_hold: int = 0,
    look_ahead: tuple[int, ...] = (),
    clear: Limit | None = CLEAR,
    require_confirmation: bool = False,
    breach: Limit = ABOVE,
) -> Target:
    """A target on the leaver rate: above 0.15 is a breach, below 0.12 is clear."""
    return Target(
        id="leavers",
        metric="leaver_rate",
        by="unit",
        breach=breach,
        clear=clear,
        hold=hold,
        clear_hold=clear_hold,
        look_ahead=look_ahead,
        severity="warning",
        notify=("hr",),
        measures=(),
        require_confirmation=require_confirmation,
    )


def value(number: float | None, low: float | None = None, high: float | None = None) -> MetricValue:
    """A published value; None is suppressed."""
    if number is None:
        return SUPPRESSED
    return MetricValue(
        status="final",
        definition="stadga:leaver_rate:1",
        value=number,
        numerator=number * 100,
        denominator=100,
        low=low,
        high=high,
    )


def day(number: int) -> date:
    """Day ``number`` of the story, from 0."""
    return FIRST + timedelta(number)


def series(numbers: Iterable[float | None], start: int = 0) -> list[Observation]:
    """One observation a day."""
    return [Observation(day(start + place), 0, value(number)) for place, number in enumerate(numbers)]


def forecast(made: int, horizon: int, number: float | None) -> Observation:
    """What was known on day ``made`` of the day ``horizon`` days later."""
    return Observation(day(made + horizon), horizon, value(number))


def told(of: Target, observations: Sequence[Observation], memory: Memory | None = None) -> Story:
    """The story of these observations."""
    return tell(memory or Memory("leaver_rate|*"), of, days(observations))


def repeated(*runs: tuple[float | None, int]) -> list[float | None]:
    """``(value, days)`` after one another."""
    return [number for number, length in runs for _ in range(length)]
