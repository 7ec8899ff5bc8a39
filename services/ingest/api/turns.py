"""How much is dealt with at once, in all and for one token: further batches wait unread, and take no memory."""

import asyncio
from collections import defaultdict

from services.ingest.pace import Pace

BATCHES_OF_A_TOKEN = 4
BATCHES = 8


class Turns:
    """Places for batches. One token cannot take all of them, and a body that is not there yet takes none.

    Single events are judged one after the other, so that however many come at once, others are let in between.
    """

    def __init__(self) -> None:
        """Nothing is under way."""
        self.judging = asyncio.Semaphore(BATCHES)
        """A place among all batches, once the body is there."""
        self.single = asyncio.Lock()
        self.pace = Pace()
        """Of the single events, all of them together."""
        self._of_token: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(BATCHES_OF_A_TOKEN))

    def reading(self, token: str) -> asyncio.Semaphore:
        """A place among the batches of that token, from before the first byte to the answer."""
        return self._of_token[token]
