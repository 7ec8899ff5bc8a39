"""What was known earlier and is told no more."""

from datetime import UTC, datetime
from typing import ClassVar


class ForgottenError(Exception):
    """What was known at a time is told no more; ``since`` is from when on it is, ``asked`` what said that time.

    ``sentence`` is for people, in Swedish and in English.
    """

    sentence: ClassVar[str] = (
        "{asked}: vad som var känt tidigare än {at} finns inte kvar, fråga om en senare tid"
        " / what was known before {at} is no longer kept, ask for a later time"
    )

    def __init__(self, since: datetime, asked: str) -> None:
        """The time is said to the second, in UTC."""
        super().__init__(self.sentence.format(asked=asked, at=since.astimezone(UTC).isoformat(timespec="seconds")))
        self.since, self.asked = since, asked
