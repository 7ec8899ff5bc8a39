"""A mailbox: an SMTP server that keeps each message as a file. ``python -m cli.local.stack.mailbox FOLDER PORT``."""

import asyncio
import contextlib
import itertools
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """Keeps messages as ``<time>-<number>.eml``: the names sort by arrival."""

    def __init__(self, folder: Path) -> None:
        """Messages go to ``folder``."""
        self._folder = folder
        self._numbers = itertools.count(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 — aiosmtpd's hook
        """Keep the message, headed by whom it is from and for."""
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{next(self._numbers):06}.eml"
        message = bytes(envelope.original_content or b"")
        await asyncio.to_thread(self._keep, name, _addressed(envelope) + message)
        return "250 Kept"

    def _keep(self, name: str, message: bytes) -> None:
        """Under its final name a message is complete; whoever looks for messages meets no other."""
        unfinished = self._folder / f"{name}.part"
        unfinished.write_bytes(message)
        unfinished.rename(self._folder / name)


def _addressed(envelope: Envelope) -> bytes:
    recipients = "".join(f"X-Envelope-To: {to}\r\n" for to in envelope.rcpt_tos)
    return f"X-Envelope-From: {envelope.mail_from}\r\n{recipients}".encode()


@contextlib.asynccontextmanager
async def receiving(folder: Path, port: int = 0) -> AsyncIterator[int]:
    """Keep the mail that arrives at the loopback port (0: any), which is given, in a folder that is there."""
    loop, mailbox = asyncio.get_running_loop(), Mailbox(folder)
    server = await loop.create_server(
        lambda: SMTP(mailbox, hostname="localhost", enable_SMTPUTF8=True, loop=loop), "127.0.0.1", port
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def serve(folder: Path, port: int) -> None:
    """Receive mail until SIGTERM or SIGINT."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    async with receiving(folder, port):
        await ended.wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
