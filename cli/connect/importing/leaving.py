"""What a file of employments says by what is not in it any more, compared with one that was imported before.

Who is not in it has left, if the file has everybody. An employment that is another person's now is the same person
under a new number: what was said of the old one is taken back, and stated again with the new one.
"""

from collections.abc import Iterator
from datetime import timedelta

import msgspec
import numpy as np

from cli.connect.importing.staff_file import StaffFile, told
from cli.connect.importing.understood import Understood
from cli.connect.publishing.hindrance import HindranceError
from cli.connect.publishing.histories import LAST, NOTHING
from cli.connect.publishing.line import Line, LineFault
from cli.connect.publishing.mapping import FieldSource, Rule
from cli.connect.publishing.rows import Made, Maker
from cli.connect.publishing.statement import identity, statement
from cli.connect.publishing.survey import NOBODY
from shared.contracts.envelope import decode
from shared.contracts.event_types import EMPLOYMENT_ENDED, RETRACTED

FEW = 10
"""So many may be missing from any file; of more, half is too many for a month."""


class Leaving:
    """The file before, and the one that comes after it, all of whose rows have been read."""

    def __init__(self, before: StaffFile, now: StaffFile, report: Understood, *, complete: bool) -> None:
        """With ``complete`` the later file has everybody; raises HindranceError where that cannot be."""
        self._before, self._now, self._report, self._complete = before, now, report, complete
        self._maker = Maker(before.mapping, before.survey)
        self._last_day = now.as_of.date() - timedelta(1)
        self._gone, self._moved = self._compared()
        if complete and len(self._gone) > max(FEW, len(set(before.survey.histories.of.tolist())) / 2):
            raise HindranceError("half_gone", now.table.name, n=len(self._gone), before=before.table.name)

    def lines(self) -> Iterator[Line]:
        """Ends of who has left, and retractions of what is now said of another number."""
        for made in self._before.made() if self._gone or self._moved else ():
            of = self._before.survey.of(made.row) if made.row else None
            if of in self._moved:
                self._report.moved += bool(made.role & LAST)
                yield from self._taken_back(made)
            elif of in self._gone and made.role & LAST and not any(isinstance(x, LineFault) for x in made.lines):
                yield from self._left(made)

    def _compared(self) -> tuple[set[int], set[int]]:
        """What is not in the later file, and what is another person's there, by hashes."""
        before, now = self._before.survey.histories, self._now.survey.histories
        of, first = np.unique(now.of, return_index=True)
        stays = np.isin(before.of, of)
        at = first[np.searchsorted(of, before.of[stays])]
        old, new = before.persons[stays], now.persons[at]
        differs = (old != new) & (old != NOBODY) & (new != NOBODY)
        gone, moved = set(before.of[~stays].tolist()), set(before.of[stays][differs].tolist())
        return gone - {NOTHING}, moved - self._now.faulty - {NOTHING}

    def _left(self, made: Made) -> Iterator[Line]:
        """The end of an employment, unless it had ended; one that had not begun is taken back."""
        start, end = told(made)
        if end and end <= self._last_day:
            return
        self._report.missing += 1
        if self._complete and start and start > self._last_day:
            self._report.never_began += 1
            yield from self._taken_back(made)
        elif self._complete and made.row:
            yield from (self._maker.line(self._end(rule), made.row, made.place) for rule in self._ends())

    def _ends(self) -> Iterator[Rule]:
        return (rule for rule in self._before.mapping.events if rule.type == EMPLOYMENT_ENDED)

    def _end(self, rule: Rule) -> Rule:
        """The rule, for an end that no column tells."""
        said = {"last_day": self._last_day.isoformat(), "reason": "other"}
        return msgspec.structs.replace(
            rule, data=rule.data | {name: FieldSource(constant=value) for name, value in said.items()}
        )

    def _taken_back(self, made: Made) -> Iterator[Line]:
        """Nothing of what the row stated is so; the id names no person, as none does."""
        for line in made.lines:
            if not isinstance(line, Line):
                continue
            event = decode(line.body)
            if event.corrects and event.type != RETRACTED:
                time = event.time.isoformat()
                back = statement(event.source, RETRACTED, event.subject, self._now.as_of.isoformat(), {})
                named = {"id": identity(("taken back", event.corrects, time)), "corrects": event.corrects}
                yield line._replace(body=msgspec.json.encode(named | back))
