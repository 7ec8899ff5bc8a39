"""``stadga demo``: three years of a simulated municipality in a minute, to the alert and its e-mail."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli.spoken import Language, Words

if TYPE_CHECKING:
    from rich.console import Console

    from cli.local.stack import Stack


STOPS = {
    "sv": "\nNu stoppas allt; utan --exit fortsätter det att köra, för den som vill se sig om.",
    "en": "\nEverything stops now; without --exit it goes on running, to look around.",
}
GOES_ON = {
    "sv": "\nAllt fortsätter att köra till Ctrl-C.",
    "en": "\nEverything goes on running until Ctrl-C.",
}


def demo(
    stop: Annotated[bool, typer.Option("--exit", help="Stop everything at the end, rather than at Ctrl-C.")] = False,
    language: Words = Language.sv,
) -> None:
    """Replay three years of a municipality of which one unit goes wrong, and show the alert.

    The demo has a Kafka, a PostgreSQL and a mailbox of its own, which start empty each time.
    """
    from cli import extra
    from cli.local.demonstration import story
    from cli.local.stack import external, session

    extra.need(*external.PACKAGES.values(), language=language.value)

    async def work(stack: "Stack", console: "Console") -> None:
        await story.tell(stack, console, language.value)
        if stop:
            console.print(STOPS[language])
        else:
            console.print(GOES_ON[language])
            await session.tend(stack, console, language.value)

    session.run(story.fresh, work, language.value)
