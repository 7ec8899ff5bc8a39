"""Where the events of an import go, and how it ends."""

from collections.abc import Iterable
from pathlib import Path

import msgspec
import typer

from cli import private
from cli.connect.importing.progress import Progress
from cli.connect.importing.spool import Spool
from cli.connect.importing.told import report_lines
from cli.connect.importing.understood import Understood
from cli.connect.importing.words import WORDS
from cli.connect.publishing import delivery, sender
from cli.connect.publishing.hindrance import HindranceError
from cli.connect.publishing.line import Line, LineFault
from cli.connect.publishing.together import Together
from cli.terminal import console, harmless, harmless_json, say
from shared.language.language import Language

SHOWN = 100
NOTHING_DONE, NOT_ALL_UNDERSTOOD = 2, 1


class Outlet(msgspec.Struct, frozen=True):
    """To a file, to stdout without one, or to ingest; ``report`` is a file for what was understood.

    Both files name persons, and are made for the eyes of their owner.
    """

    output: Path | None
    publish: bool
    url: str | None
    token: str
    report: Path | None
    check: bool
    language: Language

    def conclude(self, lines: Iterable[Line | LineFault], understood: Understood, progress: Progress) -> None:
        """Make all events, tell what was understood, hand over the events unless this is a check, and exit: 0, 1 if not
        all was understood or there were no rows, 2 if nothing was understood.

        Raises HindranceError when publishing cannot go on, OSError when a file cannot be written.
        """
        with Spool(self.output.parent if self.output and not self.check else None) as spool:
            with console(stderr=True).status(progress):
                _take(lines, spool, understood)
            self._tell(spool, understood)
            if not understood.whole and not understood.used:
                say(WORDS[self.language].not_done)
                raise typer.Exit(NOTHING_DONE)
            if understood.is_bare:
                say(WORDS[self.language].not_done)
                raise typer.Exit(NOT_ALL_UNDERSTOOD)
            self._hand_over(spool)
        if not understood.whole:
            raise typer.Exit(NOT_ALL_UNDERSTOOD)

    def _tell(self, spool: Spool, understood: Understood) -> None:
        understood.events, understood.people = dict(sorted(spool.types.items())), spool.people
        if self.report:
            private.write(self.report, msgspec.json.format(msgspec.json.encode(understood)) + b"\n")
        for line in report_lines(understood, SHOWN, self.language):
            say(harmless(line))

    def _hand_over(self, spool: Spool) -> None:
        if self.check:
            say(WORDS[self.language].checked)
        elif self.publish:
            self._publish(spool)
        else:
            self._write(spool)

    def _write(self, spool: Spool) -> None:
        if self.output:
            with open(self.output, "wb", opener=private.opener) as file:
                file.writelines(spool.bodies())
            say(WORDS[self.language].written.format(file=self.output))
        else:
            typer.get_binary_stream("stdout").writelines(map(harmless_json, spool.bodies()))

    def _publish(self, spool: Spool) -> None:
        totals, together = delivery.Totals(self.language), Together(spool.name)
        try:
            with (
                sender.client(self.url or delivery.address(), self.token) as http,
                typer.progressbar(length=len(spool), label="publishing", file=typer.get_text_stream("stderr")) as bar,
            ):
                for sent in delivery.deliver(http, spool.lines(), totals, together):
                    bar.update(sent)
                delivery.complete(http, together, totals)
        except HindranceError:
            if left := delivery.broken_off(together, self.language):
                say(left)
            raise
        totals.conclude()


def _take(lines: Iterable[Line | LineFault], spool: Spool, understood: Understood) -> None:
    faults = list[LineFault]()
    for line in lines:
        if isinstance(line, LineFault):
            faults.append(line)
        else:
            spool.take(line)
    understood.add_unmade(faults)
