"""What goes wrong for a while in one place: told when it changes, with a pause that grows while it lasts."""

import asyncio

import structlog
from tenacity import AsyncRetrying, RetryCallState, wait_exponential_jitter

log = structlog.get_logger()

PAUSE = wait_exponential_jitter(multiplier=0.2, max=10, jitter=0.2)
"""Seconds to the next attempt: doubled each time, with some chance so that replicas do not come all at once."""


class PassingError(Exception):
    """A base for the services' own errors that waiting and trying again is the answer to."""


def wording(error: BaseException) -> str:
    """A failure as health and the log tell it."""
    kind, words = type(error).__name__, str(error)
    return words if words.startswith(kind) else f"{kind}: {words}" if words else kind


class Trouble:
    """Attempts at one thing. Each new reason is one line of the log, however often it is met."""

    def __init__(self, what: str) -> None:
        """``what`` is tried, as the log names it."""
        self._what = what
        self.over()

    def over(self) -> None:
        """It worked: the next trouble is told of, and begins with a short pause."""
        self._reason: str | None = None
        self._attempts = RetryCallState(AsyncRetrying(), None, (), {})

    @property
    def none(self) -> bool:
        """Whether the last attempt worked, or there was none yet."""
        return self._reason is None

    async def pause(self, reason: str) -> None:
        """Tell the reason if it is another one than the last, and wait."""
        if reason != self._reason:
            log.warning("trying again", what=self._what, reason=reason)
            self._reason = reason
        seconds = PAUSE(self._attempts)
        self._attempts.prepare_for_next_attempt()
        await asyncio.sleep(seconds)
