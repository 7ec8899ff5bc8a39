"""A run at the terminal: the stack is started, shown, used, and stopped however the run ends."""

import asyncio
import logging
import signal
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractContextManager
from typing import NamedTuple

import structlog
import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from cli import terminal
from cli.connect.publishing.hindrance import sentence
from cli.local.stack import INFRASTRUCTURE, SERVICES, Stack, StackError, migrations, topics
from cli.local.stack.stack import STARTING, STOPPING
from cli.terminal import harmless, harmless_lines
from shared.language.language import Language
from shared.language.said import Said

Work = Callable[[Stack, Console], Awaitable[None]]


class SessionWords(NamedTuple):
    """Of a part that ended and runs again, and of the table of addresses."""

    ended: str
    again: str
    headings: tuple[str, str]
    mail: str


WORDS: dict[Language, SessionWords] = {
    "sv": SessionWords(
        "{part} har slutat (loggen: {log}) och startas igen", "{part} kör igen", ("del", "adress"), "mejl"
    ),
    "en": SessionWords(
        "{part} has ended (its log: {log}); starting it again", "{part} runs again", ("part", "address"), "mail"
    ),
}


def run(have: Callable[[], AbstractContextManager[Stack]], work: Work, language: Language) -> None:
    """Do the work with a stack; exits with 1, and the reason, when the stack cannot be had or a file not be written."""
    # The stack's own sentences tell what is wrong; its clients would tell it again for each attempt.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    console = terminal.console()
    try:
        with have() as stack:
            asyncio.run(_interruptible(work, stack, console, language))
    except (StackError, OSError) as error:
        console.print(Text(harmless_lines(sentence(error, language)), style="red"))
        raise typer.Exit(1) from None


async def start(stack: Stack, console: Console, parts: Iterable[str], language: Language) -> None:
    """Start the infrastructure, bring topics and schema up to date, start the rest; a line for each part."""
    services = [part for part in parts if part in SERVICES]
    with Steps(console, language) as steps:
        stack.say = steps
        await stack.start(INFRASTRUCTURE)
        await topics.create(stack.kafka_bootstrap_servers, tenant=stack.tenant)
        await migrations.migrate(stack.database_url, stack.tenant)
        await stack.start(services)


async def tend(stack: Stack, console: Console, language: Language) -> None:
    """Start again what ends by itself, until cancelled."""
    words = WORDS[language]
    while True:
        await asyncio.sleep(1)
        for part in stack.dead():
            console.print(words.ended.format(part=part, log=stack.log(part)), style="yellow")
            try:
                await stack.restart(part)
                console.print(words.again.format(part=part), style="green")
            except StackError as error:
                console.print(Text(harmless_lines(error.said(language)), style="red"))


def addresses(stack: Stack, parts: Iterable[str], language: Language) -> Table:
    """Where everything is."""
    words = WORDS[language]
    table = Table(*words.headings, title="Stadga", title_style="bold")
    for part in parts:
        table.add_row(part, harmless(stack.address(part)))
    table.add_row(words.mail, harmless(str(stack.mail_folder)))
    return table


class Steps(Progress):
    """A line per part, with what happened to it last and when, in seconds from the start."""

    def __init__(self, console: Console, language: Language) -> None:
        """Shown while entered."""
        super().__init__(SpinnerColumn(finished_text="✓"), TextColumn("{task.description}"), console=console)
        self._lines: dict[str, TaskID] = {}
        self._since = time.monotonic()
        self._language: Language = language

    def __call__(self, part: str, what: Said) -> None:
        """Show what happens to the part."""
        if part not in self._lines:
            self._lines[part] = self.add_task(part, total=1)
        seconds = time.monotonic() - self._since
        shown = f"{part:<10}{what.told(self._language):<14}[dim]{seconds:5.1f} s"
        self.update(self._lines[part], description=shown, completed=int(what != STARTING))


async def _interruptible(work: Work, stack: Stack, console: Console, language: Language) -> None:
    """Ctrl-C and SIGTERM end the work, and nothing ends the stopping."""
    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work(stack, console))
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    try:
        await asyncio.wait([task])
    finally:
        await _stop(stack, console, language)
    if not task.cancelled():
        task.result()


async def _stop(stack: Stack, console: Console, language: Language) -> None:
    with console.status(STOPPING.told(language)) as status:
        stack.say = lambda part, what: status.update(f"{part} {what.told(language)}")
        await stack.stop()
