"""Sending events batch after batch, and what became of them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import httpx
import typer

from cli.connect.publishing import sender
from cli.connect.publishing.line import Line, LineFault
from cli.connect.publishing.sender import Sent
from cli.connect.publishing.together import Together
from cli.connect.running import RunningFile
from cli.terminal import harmless, say

HOME = Path(".stadga")
DEFAULT = "http://127.0.0.1:8801"
SHOWN = 100


class Totals:
    """What was accepted and what was not, so far."""

    def __init__(self) -> None:
        """Nothing yet."""
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
            say(harmless(f"{place}: {fault.reason} at {fault.path}: {fault.message}"))
        self.reasons[fault.reason] = self.reasons.get(fault.reason, 0) + 1

    def conclude(self, taken: str = "accepted", not_taken: str = "rejected") -> None:
        """Print the sums, in these words; exits with 1 after rejections."""
        rejected = sum(self.reasons.values())
        if rejected > SHOWN:
            say(f"… and {rejected - SHOWN} more")
        reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(self.reasons.items()))
        say(f"{taken} {self.accepted}, {not_taken} {rejected}" + (f" ({reasons})" if reasons else ""), error=False)
        if rejected:
            raise typer.Exit(1)


def deliver(http: httpx.Client, lines: Iterable[Line], totals: Totals, together: Together | None) -> Iterator[int]:
    """Send all lines, yielding after each batch how many it had; raises SendingError when it cannot go on."""
    for batch in sender.batches(map(together.named, lines) if together else lines):
        patience = sender.PATIENCE if totals.accepted else sender.FIRST_PATIENCE
        sent = sender.send(http, batch, patience, say)
        totals.add(sent)
        if together:
            together.accepted(sent.taken)
        yield len(batch)


def complete(http: httpx.Client, together: Together, totals: Totals) -> None:
    """Say that all of a delivery is sent; raises SendingError when that cannot be said."""
    for batch in sender.batches(together.last()):
        if sender.send(http, batch, sender.PATIENCE, say).faults:
            raise sender.SendingError(f"{http.base_url}: how many events the delivery has was not accepted")
    if together.is_begun and totals.reasons:
        say(f"delivery {together.name} is whole without what was rejected")


def broken_off(together: Together | None) -> str:
    """What to say of a delivery that could not be sent to its end; nothing of one that was not begun."""
    if not together or not together.is_begun:
        return ""
    return f"; delivery {together.name} is not whole: run the same command again"


def address() -> str:
    """Where ingest is: of the stack that runs here, else where it is by default."""
    ingest = RunningFile(HOME / "stack.json").read().get("ingest")
    return ingest.address if ingest else DEFAULT
