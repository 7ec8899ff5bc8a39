"""``stadga up``: the local stack and the services, until Ctrl-C."""

import os
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from cli.spoken import Language, Words

if TYPE_CHECKING:
    from rich.console import Console


STOPS = {"sv": "Ctrl-C stoppar allt.", "en": "Ctrl-C stops everything."}


def up(
    infrastructure: Annotated[bool, typer.Option("--infrastructure", help="Leave the services out.")] = False,
    language: Words = Language.sv,
) -> None:
    """Start Kafka, PostgreSQL, the mailbox and the services, and stop them at Ctrl-C.

    KAFKA_BOOTSTRAP_SERVERS, DATABASE_URL and SMTP_URL name servers to use instead of own ones.
    """
    from cli import extra
    from cli.local.stack import INFRASTRUCTURE, SERVICES, Stack, external, session

    extra.need(*external.packages(os.environ), language=language.value)
    parts = INFRASTRUCTURE if infrastructure else (*INFRASTRUCTURE, *SERVICES)

    async def work(stack: Stack, console: "Console") -> None:
        await session.start(stack, console, parts, language.value)
        console.print(session.addresses(stack, parts, language.value))
        console.print(STOPS[language])
        await session.tend(stack, console, language.value)

    session.run(lambda: nullcontext(Stack()), work, language.value)
