"""Bounces by SMTP: a small server that a mail server relays the address of the sender to."""

import asyncio

from aiosmtpd.smtp import SMTP, Envelope, Session

from services.alerts.notifiers.bounce import PART
from services.alerts.notifiers.bounce.taking import LARGEST, Takers, take
from shared.kit.database import TRANSIENT
from shared.kit.health import Health
from shared.kit.trouble import PassingError

SECONDS = 60.0


class Handler:
    """Takes each message in before it is answered: while the database is away the sender keeps it."""

    def __init__(self, to: Takers) -> None:
        """What taking in needs."""
        self._to = to

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 -- aiosmtpd's hook
        """Take it in; what is no bounce is accepted as well, and forgotten: nobody is written back to."""
        try:
            await take(self._to, bytes(envelope.original_content or b""))
        except TRANSIENT:
            return "451 4.3.0 The database is away, try again"
        return "250 2.6.0 Read"


async def listen(host: str, port: int, to: Takers, health: Health) -> None:
    """Receive until cancelled; raises PassingError where the port cannot be had."""
    loop, handler = asyncio.get_running_loop(), Handler(to)

    def connected() -> SMTP:
        return SMTP(handler, data_size_limit=LARGEST, timeout=SECONDS, hostname="stadga", ident="stadga", loop=loop)

    try:
        server = await loop.create_server(connected, host, port)
    except OSError as error:
        raise PassingError(f"STADGA_BOUNCES_PORT={port}: {error.strerror or error}") from error
    health.ok(PART)
    async with server:
        await server.serve_forever()
