"""What a person says on the board of a plan's action: it is kept like an event about it, under the person's name."""

from collections.abc import Mapping
from datetime import date
from typing import get_args

import msgspec

from services.alerts.board.sent import key
from services.alerts.domain.plan.plan import Plan
from services.alerts.domain.plan.progress import Progress, Update
from shared.contracts.events import MeasureStatus
from shared.kit.clock import Clock

SOURCE = "stadga/board/"
"""Before the name of whoever says it."""
LONGEST_NOTE = 1000
EARLIEST = date(1900, 1, 1)
"""As of the days of events."""


def statement(sent: Mapping[str, str], plan: Plan, by: str, clock: Clock) -> Update | None:
    """What the form says; None where it is about no action of the plan, says no status, or an impossible day."""
    measure, status, note = sent.get("measure", ""), sent.get("status", ""), sent.get("note", "")
    since = _day(sent.get("since", ""), clock.today())
    known = measure in plan.measures and status in get_args(MeasureStatus)
    if not known or since is None or not EARLIEST <= since <= clock.today() or len(note) > LONGEST_NOTE:
        return None
    return Update(
        key=(f"{SOURCE}{by}", key(sent)),
        plan=plan.id,
        measure=measure,
        recorded=clock.now(),
        corrects=None,
        progress=Progress(msgspec.convert(status, MeasureStatus), since, note or None),
    )


def _day(text: str, today: date) -> date | None:
    try:
        return date.fromisoformat(text) if text else today
    except ValueError:
        return None
