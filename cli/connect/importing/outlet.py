"""Where the events of an import go, and how it ends."""

from pathlib import Path

import msgspec
import typer

from cli import private
from cli.connect.importing.understood import Understood, report_lines
from cli.connect.publishing import delivery, sender
from cli.connect.publishing.line import Line
from cli.connect.publishing.together import Together, of_lines
from cli.terminal import harmless, harmless_json, say

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

    def conclude(self, lines: list[Line], understood: Understood) -> None:
        """Tell what was understood, hand over the events, and exit: 0, 1 if not all was understood, 2 if nothing was.

        Raises SendingError when publishing cannot go on, OSError when a file cannot be written.
        """
        understood.count(lines)
        if self.report:
            private.write(self.report, msgspec.json.format(msgspec.json.encode(understood)) + b"\n")
        for line in report_lines(understood, SHOWN):
            say(harmless(line))
        if not understood.whole and not understood.used:
            raise typer.Exit(NOTHING_DONE)
        if self.publish:
            self._publish(lines)
        else:
            self._write(lines)
        if not understood.whole:
            raise typer.Exit(NOT_ALL_UNDERSTOOD)

    def _write(self, lines: list[Line]) -> None:
        text = b"".join(line.body + b"\n" for line in lines)
        if self.output:
            private.write(self.output, text)
        else:
            typer.get_binary_stream("stdout").write(harmless_json(text))

    def _publish(self, lines: list[Line]) -> None:
        totals, together = delivery.Totals(), Together(of_lines(lines))
        try:
            with (
                sender.client(self.url or delivery.address(), self.token) as http,
                typer.progressbar(length=len(lines), label="publishing", file=typer.get_text_stream("stderr")) as bar,
            ):
                for sent in delivery.deliver(http, lines, totals, together):
                    bar.update(sent)
                delivery.complete(http, together, totals)
        except sender.SendingError as error:
            raise sender.SendingError(f"{error}{delivery.broken_off(together)}") from None
        totals.conclude()
