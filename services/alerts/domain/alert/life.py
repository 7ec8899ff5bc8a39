"""The life of an alert as one step a day: ok → pending → firing → recovering → ok, and the early warning beside it.

All of it is event time: a day is the day a value is of, never the day it was heard of.
"""

from collections.abc import Mapping
from datetime import date

import msgspec
from msgspec.structs import replace

from services.alerts.domain.alert.evaluate import Verdict, compared
from services.alerts.domain.alert.observation import Day, Glimpse
from services.alerts.domain.alert.occasion import DayBefore
from services.alerts.domain.plan.plan import Target
from shared.contracts.alerts import Reason, State
from shared.contracts.metrics import MetricValue


class Run(msgspec.Struct, frozen=True):
    """Where a breach stands. ``since`` is its first day, ``began`` the day it fired, ``clear`` the first clear day.

    ``raised_with`` is the value of the day it fired. ``since_at_least``: nothing is known of the day before ``since``,
    so that the breach may have begun earlier; ``day_before`` says why.
    """

    state: State = "ok"
    since: date | None = None
    began: date | None = None
    clear: date | None = None
    raised_with: MetricValue | None = None
    since_at_least: bool = False
    day_before: DayBefore = "unheard"


class Watch(msgspec.Struct, frozen=True):
    """What is known of the future: the breaches ahead by horizon, since when they are warned of, and with which."""

    ahead: dict[int, Glimpse] = {}
    began: date | None = None
    raised_with: MetricValue | None = None


OK = Run()


def live(target: Target, run: Run, verdict: Verdict, on: date) -> tuple[Run, Reason | None]:
    """The breach one day later, and the reason where its state changed. An unknown value changes nothing."""
    step: tuple[Run, Reason | None] = (run, None)
    match run.state, verdict:
        case "ok", "breach":
            step = _held(target, Run("pending", since=on), on, "first_breach")
        case "pending", "breach":
            step = _held(target, run, on, None)
        case "pending", "between" | "clear":
            step = OK, "breach_ended"
        case "firing", "clear":
            step = _cleared(target, replace(run, state="recovering", clear=on), on, "clear_started")
        case "recovering", "clear":
            step = _cleared(target, run, on, None)
        case "recovering", "breach":
            step = replace(run, state="firing", clear=None), "breach_again"
        case "recovering", "between":
            step = replace(run, state="firing", clear=None), "clear_ended"
    return step


def _held(target: Target, run: Run, on: date, otherwise: Reason | None) -> tuple[Run, Reason | None]:
    met = run.since is not None and (on - run.since).days >= target.hold
    return (replace(run, state="firing", began=on), "hold_met") if met else (run, otherwise)


def _cleared(target: Target, run: Run, on: date, otherwise: Reason | None) -> tuple[Run, Reason | None]:
    met = run.clear is not None and (on - run.clear).days >= target.clear_hold
    return (OK, "resolved") if met else (run, otherwise)


def look(target: Target, watch: Watch, run: Run, day: Day) -> tuple[Watch, Reason | None]:
    """The early warning one day later; ``run`` is where the breach itself stands that day.

    Each horizon keeps its last verdict until the next one for it arrives, so that horizons may arrive one by one.
    """
    if not (day.ahead or watch.ahead or watch.began):
        return watch, None
    ahead = {horizon: seen for horizon in target.look_ahead if (seen := _glimpse(target, watch, horizon, day))}
    fired = run.began is not None
    if watch.began is None:
        coming = nearest(target, ahead)
        if run.state != "ok" or coming is None or compared(target, coming[1].measured) != "breach":
            return Watch(ahead), None
        return Watch(ahead, day.on, coming[1].measured), "expected_breach"
    if fired or not ahead:
        return Watch(ahead), "expected_came" if fired else "no_longer_expected"
    return replace(watch, ahead=ahead), None


def nearest(target: Target, ahead: Mapping[int, Glimpse]) -> tuple[int, Glimpse] | None:
    """The nearest value ahead that breaches, else the nearest that has not cleared; with its horizon."""
    return min(ahead.items(), key=lambda one: (compared(target, one[1].measured) != "breach", one[0]), default=None)


def _glimpse(target: Target, watch: Watch, horizon: int, day: Day) -> Glimpse | None:
    """The breach known for a horizon, if any: it begins past the breach limit and ends past the clear limit."""
    last, measured = watch.ahead.get(horizon), day.ahead.get(horizon)
    if measured is None or (verdict := compared(target, measured)) == "unknown":
        return last
    stays = verdict == "breach" or (verdict == "between" and last is not None)
    return Glimpse(day.after(horizon), measured) if stays else None
