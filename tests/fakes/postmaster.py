"""A mail server that answers as it is told: real SMTP, scripted per recipient."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from email import message_from_bytes

from aiosmtpd.smtp import SMTP, Envelope, Session

HANG_UP = "hang up"
"""An answer to DATA: take the message, then drop the connection without a word."""

SILENCE = "silence"
"""An answer to DATA that never comes."""


class Postmaster:
    """What arrived, by recipient; ``to_rcpt`` and ``to_data`` are answers still to give, each list used up in order, as
    is ``to_mail``, whoever the sender is. ``bodies`` are the mails themselves."""

    def __init__(self) -> None:
        """Everything is accepted until told otherwise."""
        self.received: list[tuple[str, str]] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        self.to_mail: list[str] = []
        self.to_rcpt: dict[str, list[str]] = {}
        self.to_data: dict[str, list[str]] = {}
        self.before_answer: Callable[[int], None] = lambda _: None

    def ids(self, recipient: str) -> list[str]:
        """Message-IDs of what a recipient got, in order, repeats included."""
        return [identity for to, identity in self.received if to == recipient]

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's hook
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """The next scripted answer to any sender, else accept it."""
        if self.to_mail:
            return self.to_mail.pop(0)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's hook
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """The next scripted answer for the address, else accept it."""
        scripted = self.to_rcpt.get(address)
        if scripted:
            return scripted.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's hook
        """Keep the message, unless the scripted answer refuses it."""
        recipient = envelope.rcpt_tos[0]
        scripted = self.to_data.get(recipient)
        answer = scripted.pop(0) if scripted else "250 Kept"
        if answer == SILENCE:
            await asyncio.Event().wait()
        if answer.startswith("250") or answer == HANG_UP:
            self.received.append((recipient, message_from_bytes(envelope.content)["Message-ID"]))
            self.bodies.append(bytes(envelope.content))
            self.before_answer(len(self.received))
        if answer == HANG_UP:
            server.transport.abort()
        return answer


@contextlib.asynccontextmanager
async def listening(postmaster: Postmaster, port: int = 0) -> AsyncIterator[int]:
    """The loopback port the postmaster answers at."""

    def connected() -> SMTP:
        postmaster.connections += 1
        return SMTP(postmaster, hostname="localhost", loop=loop)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(connected, "127.0.0.1", port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
