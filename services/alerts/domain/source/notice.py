"""What a mail about a source says, frozen at the moment it was decided, so that a retry says the same."""

from datetime import date, datetime
from typing import Literal, get_args

import msgspec

from shared.contracts.sources import KindReported

SourceReason = Literal["source_late", "source_still_late", "source_back", "source_units", "source_volume"]
SOURCE_REASONS: tuple[SourceReason, ...] = get_args(SourceReason)


class SourceNotice(msgspec.Struct, frozen=True, kw_only=True):
    """It travels as JSON in the outbox. ``since`` is the day on which the source became late, or what is told began.

    ``kinds`` are those that are late, or whose volume dropped; ``units`` those that nobody has defined.
    """

    reason: SourceReason
    source: str
    contact: str
    since: date
    today: date
    decided: datetime
    link: str
    kinds: tuple[KindReported, ...] = ()
    units: tuple[str, ...] = ()
    time_zone: str = "Europe/Stockholm"
    before: int = 0
    """How many such kinds or units its contact had been told of already: more may be told of on the same day."""

    @property
    def thread(self) -> str:
        """What mails about one silence have in common; other mails are alone."""
        about = "late" if self.reason in {"source_late", "source_still_late", "source_back"} else self.reason
        return f"source/{self.source}/{about}/{self.since}"

    @property
    def id(self) -> str:
        """The same for the same mail, however often it is decided."""
        return f"{self.thread}/{self.reason}/{self.today}" + (f"/{self.before}" if self.before else "")
