"""The life of an alert as one step a day: ok → pending → firing → recovering → ok, and the early warning beside it.

All of it is event time: a day is the day a value is of, never the day it was heard of.
"""

from datetime import date

import msgspec

from services.alerts.domain.evaluate import Verdict, judge
from services.alerts.domain.observation import Day, Glimpse
from services.alerts.domain.plan import Target
from shared.contracts.alerts import Reason, State


class Run(msgspec.Struct, frozen=True):
    """Where a breach stands. ``since`` is its first day, ``began`` the day it fired, ``clear`` the first clear day."""

    state: State = "ok"
    since: date | None = None
    began: date | None = None
    clear: date | None = None


class Watch(msgspec.Struct, frozen=True):
    """What is known of the future: the breaches ahead by horizon, and since when they are warned of."""

    ahead: dict[int, Glimpse] = {}
    began: date | None = None


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
            step = _cleared(target, Run("recovering", run.since, run.began, on), on, "clear_started")
        case "recovering", "clear":
            step = _cleared(target, run, on, None)
        case "recovering", "breach":
            step = Run("firing", run.since, run.began), "breach_again"
        case "recovering", "between":
            step = Run("firing", run.since, run.began), "clear_ended"
    return step


def _held(target: Target, run: Run, on: date, otherwise: Reason | None) -> tuple[Run, Reason | None]:
    met = run.since is not None and (on - run.since).days >= target.hold
    return (Run("firing", run.since, on), "hold_met") if met else (run, otherwise)


def _cleared(target: Target, run: Run, on: date, otherwise: Reason | None) -> tuple[Run, Reason | None]:
    met = run.clear is not None and (on - run.clear).days >= target.clear_hold
    return (OK, "resolved") if met else (run, otherwise)


def look(target: Target, watch: Watch, run: Run, day: Day) -> tuple[Watch, Reason | None]:
    """The early warning one day later; ``run`` is where the breach itself stands that day.

    Each horizon keeps its last verdict until the next one for it arrives, so that horizons may arrive one by one.
    """
    ahead = {horizon: seen for horizon in target.look_ahead if (seen := _glimpse(target, watch, horizon, day))}
    fired = run.began is not None
    if watch.began is None:
        starts = bool(ahead) and run.state == "ok"
        return Watch(ahead, day.on if starts else None), "expected_breach" if starts else None
    if fired or not ahead:
        return Watch(ahead), "expected_came" if fired else "no_longer_expected"
    return Watch(ahead, watch.began), None


def _glimpse(target: Target, watch: Watch, horizon: int, day: Day) -> Glimpse | None:
    """The breach known for a horizon, if any: it begins past the breach limit and ends past the clear limit."""
    last, measured = watch.ahead.get(horizon), day.ahead.get(horizon)
    verdict = judge(target, measured)
    if verdict == "unknown" or measured is None:
        return last
    stays = verdict == "breach" or (verdict == "between" and last is not None)
    return Glimpse(day.after(horizon), measured) if stays else None
