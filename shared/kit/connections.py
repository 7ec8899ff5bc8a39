"""Connections of the HTTP server: each has a deadline, and there are only so many.

uvicorn waits for ever for the rest of a request, and each connection has a file descriptor: some thousand half requests
would leave none for Kafka, PostgreSQL and the questions about health. It also answers whatever was sent ahead. And it
hangs up on who rests for five seconds, which is as long as many clients keep a connection: now and then the two cross.
"""

import asyncio
from http import HTTPStatus

from uvicorn.protocols.http.flow_control import CLOSE_HEADER
from uvicorn.protocols.http.h11_impl import H11Protocol

from shared.contracts.problems import MEDIA_TYPE, encoded, simple

HEAD_SECONDS = 10.0
"""For a whole head of a request, from the connection or from the last answer on: twice what httpx keeps one at rest."""

REQUEST_SECONDS = 120.0
"""For the rest: a body of the greatest size, the work, and an answer that the other side takes slowly."""

MOST = 500
"""Open at once; of more the one that has let us wait longest is closed, or the new one if we are at work for all."""


class Connection(H11Protocol):
    """uvicorn's, with deadlines."""

    _deadline: asyncio.TimerHandle | None = None
    _turned: float = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Take the place of another one where all places are taken."""
        if len(self.connections) >= MOST:
            waiting = [c for c in self.connections if isinstance(c, Connection) and c.waiting_since is not None]
            if not waiting:
                transport.abort()
            else:
                min(waiting, key=lambda c: c.waiting_since or 0).abort()
        super().connection_made(transport)
        self._wait_for_a_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """The deadline does not matter any more."""
        self._disarm()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """A whole head has arrived when there is something new to answer."""
        before = self.cycle
        super().handle_events()
        if self.cycle is not before and not self.cycle.response_complete:
            self._arm(REQUEST_SECONDS)

    def send_400_response(self, msg: str) -> None:
        """Say that what came is no HTTP, and close."""
        body = encoded(simple(HTTPStatus.BAD_REQUEST, msg))
        head = f"content-type: {MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\n" + head.encode() + body)
        self.transport.close()

    def on_response_complete(self) -> None:
        """Wait for the next request. One that is there already is answered, and is the last of this connection.

        Answering all that was sent ahead would keep those waiting who ask one thing at a time.
        """
        before = self.cycle
        self._wait_for_a_head()
        super().on_response_complete()
        if self.cycle is not before:
            self.headers.append(CLOSE_HEADER)  # as if the other side had asked for it

    def timeout_keep_alive_handler(self) -> None:
        """The deadline of the next head is the only one."""

    def pause_writing(self) -> None:
        """What was sent of the answer is not taken."""
        self._turned = self.loop.time()
        super().pause_writing()

    @property
    def waiting_since(self) -> float | None:
        """Since when, on the loop's clock, the other side keeps us waiting; None while we are at work for it.

        It does until all of a request is here, its body too, and while it does not take what there is of the answer.
        """
        working = self.cycle is not None and not self.cycle.response_complete and not self.cycle.more_body
        return None if working and not self.flow.write_paused else self._turned

    def abort(self) -> None:
        """Close it, and give up its place at once."""
        self.connections.discard(self)
        self.transport.abort()

    def _wait_for_a_head(self) -> None:
        self._turned = self.loop.time()
        self._arm(HEAD_SECONDS)

    def _arm(self, seconds: float) -> None:
        self._disarm()
        self._deadline = self.loop.call_later(seconds, self.abort)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
