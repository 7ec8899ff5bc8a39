"""What ``workforce.alerts`` carries: one transition of one alert."""

from datetime import date, datetime
from typing import Literal

import msgspec

State = Literal["ok", "pending", "firing", "recovering"]
Reason = Literal[
    "first_breach", "hold_met", "breach_ended", "clear_started", "breach_again", "resolved", "data_corrected"
]
CHANGED = "workforce.alert.changed.v1"


class AlertChanged(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A step of an alert's life. ``on`` is event time (the as-of day), ``decided`` is when it was noticed."""

    plan: str
    plan_version: int
    target: str
    unit: str
    unit_name: str
    episode: str
    old: State
    new: State
    reason: Reason
    on: date
    since: date
    decided: datetime
    metric: str
    value: float | None
    threshold: float
    confirmed: bool | None
    severity: str
