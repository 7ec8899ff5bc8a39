"""Sending events batch after batch, and what became of them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import httpx
import typer

from cli.connect.publishing import sender
from cli.connect.publishing.faults import said
from cli.connect.publishing.hindrance import HindranceError
from cli.connect.publishing.line import Line, LineFault
from cli.connect.publishing.sender import Sent
from cli.connect.publishing.together import Together
from cli.connect.publishing.words import WORDS, filled
from cli.connect.running import RunningFile
from cli.terminal import harmless, say
from shared.language.language import Language

HOME = Path(".stadga")
DEFAULT = "http://127.0.0.1:8801"
SHOWN = 100


class Totals:
    """What was accepted and what was not, so far."""

    def __init__(self, language: Language) -> None:
        """Nothing yet."""
        self.language, self.words = language, WORDS[language]
        self.accepted = 0
        self.reasons: dict[str, int] = {}

    def add(self, sent: Sent) -> None:
        """Count the answer to a batch."""
        self.accepted += sent.accepted
        for fault in sent.faults:
            self.reject(fault)

    def reject(self, fault: LineFault) -> None:
        """Count the fault, and show it unless there were very many."""
        if sum(self.reasons.values()) < SHOWN:
            place = f"{fault.place.file}:{fault.place.number}"
            say(harmless(f"{place}: {said(fault, self.language)}"))
        self.reasons[fault.reason] = self.reasons.get(fault.reason, 0) + 1

    def conclude(self, *, is_check: bool = False) -> None:
        """Print the sums; exits with 1 after rejections."""
        rejected = sum(self.reasons.values())
        if rejected > SHOWN:
            say(self.words.more.format(n=rejected - SHOWN))
        reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(self.reasons.items()))
        pattern = self.words.acceptable if is_check else self.words.accepted
        sums = pattern.format(accepted=self.accepted, rejected=rejected)
        say(sums + (f" ({reasons})" if reasons else ""), error=False)
        if rejected:
            raise typer.Exit(1)

    def so_far(self, *, is_check: bool) -> str:
        """What was sent before it could not go on."""
        if is_check:
            return self.words.none_sent
        return filled(self.words.before, self.language, {"n": self.accepted}, {})

    def waits(self, problem: HindranceError) -> None:
        """Say what is waited for."""
        say(self.words.again.format(said=problem.said(self.language)))


def deliver(http: httpx.Client, lines: Iterable[Line], totals: Totals, together: Together | None) -> Iterator[int]:
    """Send all lines, yielding after each batch how many it had; raises HindranceError when it cannot go on."""
    for batch in sender.batches(map(together.named, lines) if together else lines):
        patience = sender.PATIENCE if totals.accepted else sender.FIRST_PATIENCE
        sent = sender.send(http, batch, patience, totals.waits)
        totals.add(sent)
        if together:
            together.accepted(sent.taken)
        yield len(batch)


def complete(http: httpx.Client, together: Together, totals: Totals) -> None:
    """Say that all of a delivery is sent; raises HindranceError when that cannot be said."""
    for batch in sender.batches(together.last()):
        if sender.send(http, batch, sender.PATIENCE, totals.waits).faults:
            raise HindranceError("uncounted", http.base_url)
    if together.is_begun and totals.reasons:
        say(totals.words.whole_without.format(name=together.name))


def broken_off(together: Together | None, language: Language) -> str:
    """What to say of a delivery that could not be sent to its end; nothing of one that was not begun."""
    if not together or not together.is_begun:
        return ""
    return WORDS[language].not_whole.format(name=together.name)


def address() -> str:
    """Where ingest is: of the stack that runs here, else where it is by default."""
    ingest = RunningFile(HOME / "stack.json").read().get("ingest")
    return ingest.address if ingest else DEFAULT
