"""``stadga person export | erase``: what is known of a person, and erasing it; the reference goes to ingest alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated

import typer

from cli import terminal
from cli.spoken import Language, Words

person = typer.Typer(help="What is known of a person, and erasing it.", no_args_is_help=True)


class Format(StrEnum):
    """How to print."""

    table = "table"
    json = "json"


Ref = Annotated[
    str, typer.Argument(help="what the person is called in the systems that publish, such as 19790101-2398")
]
Ingest = Annotated[str | None, typer.Option("--ingest-url", help="of ingest; default: the one that runs here")]
Metrics = Annotated[str | None, typer.Option("--url", help="of metrics; default: the one that runs here")]

CONFIRM = {
    "sv": "Skriv RADERA för att radera detta; summorna finns kvar utan personen",
    "en": "Type ERASE to erase this; the sums stay, without the person",
}
TYPED = {"sv": "RADERA", "en": "ERASE"}
KEPT_BACK = {"sv": "inget är raderat", "en": "nothing is erased"}
NOT_DONE = {
    "sv": "inget att radera, och ingen som kallas så har raderats: stämmer personbeteckningen?",
    "en": "nothing to erase, and nobody who is called so was erased: is the reference right?",
}
AGAIN = {
    "sv": "inget att radera; allt som har raderats förut är klart, och nycklarna till det som har kommit sedan dess är"
    " förstörda",
    "en": "nothing to erase; what was erased is done, and the keys of what has come since are destroyed",
}
EMPLOYED = {
    "sv": "personen är anställd i dag eller senare, och kan inte raderas: det som räknas skulle räknas för alltid;"
    " anställningen måste först ha slutat, eller tas tillbaka",
    "en": "the person is employed today or later, and cannot be erased: what counts would count for ever; the"
    " employment must have ended first, or be retracted",
}
WAITS = {"sv": "raderas: {} radering är inte klar än", "en": "erasing: {} is not done yet"}
DONE = {
    "sv": "klart: {events} händelser och {put_aside} meddelanden åt sidan är borta, {sums} summor finns kvar"
    " utan person ({coarsened} av personens grupper beskrivs grövre). Det som källorna skickade, också det som inte"
    " togs emot, är borta inom ett dygn. Kvar i hr.events: det som inte var förseglat.",
    "en": "done: {events} events and {put_aside} messages put aside are gone, {sums} sums stay without a person"
    " ({coarsened} of the person's groups are described more roughly). What sources sent, and what of it was refused,"
    " is gone within a day. What remains in hr.events: what was not sealed.",
}


@person.command()
def export(
    ref: Ref,
    language: Words = Language.sv,
    how: Annotated[Format, typer.Option("--format", help="how to print")] = Format.table,
    ingest: Ingest = None,
    url: Metrics = None,
) -> None:
    """Tell what is known of a person: events, what they count to, what contradicts the rest, what was put aside.

    Needs a token with the scope persons:manage at both services. Exits with 2 if one does not answer.
    """
    from cli.connect import persons

    with _asking(language):
        services = persons.Services(ingest, url)
        found = services.known(services.pseudonym(ref))
    if how == Format.json:
        typer.echo(persons.as_json(found))
        return
    for part in persons.told(found, language.value):
        terminal.console().print(part)


@person.command()
def erase(
    ref: Ref,
    why: Annotated[str, typer.Option(help="kept with the decision; names nobody")] = "on request",
    yes: Annotated[bool, typer.Option("--yes", help="without asking")] = False,
    language: Words = Language.sv,
    ingest: Ingest = None,
    url: Metrics = None,
) -> None:
    """Erase a person: events, records and messages put aside go, the sums stay without the person.

    Shows first what will go. May be run again at any time: it goes on where it was, and destroys the keys of what came
    since. Whoever is employed today or later is not erased. Exits with 1 where nothing was confirmed, with 2 if a
    service refuses or does not answer.
    """
    from cli.connect import persons

    with _asking(language):
        services = persons.Services(ingest, url)
        name = services.pseudonym(ref)
        found = services.known(name)
        if persons.is_nothing(found):
            if found.erased:
                services.erase(name, why)
            services.done(lambda left: terminal.say(WAITS[language].format(left)))
            typer.echo((AGAIN if found.erased else NOT_DONE)[language])
            return
        for part in persons.told(found, language.value):
            terminal.console().print(part)
        if found.employed:
            terminal.say(EMPLOYED[language])
            raise typer.Exit(2)
        if not yes and typer.prompt(CONFIRM[language], default="", show_default=False) != TYPED[language]:
            terminal.say(KEPT_BACK[language])
            raise typer.Exit(1)
        done = services.erase(name, why)
        services.done(lambda left: terminal.say(WAITS[language].format(left)))
    said = {part: getattr(done, part) for part in ("events", "put_aside", "sums", "coarsened")}
    typer.echo(DONE[language].format(**said))


@contextmanager
def _asking(language: Language) -> Iterator[None]:
    """Says why there is no answer, and exits."""
    from cli.connect.service import AskingError

    try:
        yield
    except AskingError as error:
        terminal.say(error.said(language.value))
        raise typer.Exit(2) from None
