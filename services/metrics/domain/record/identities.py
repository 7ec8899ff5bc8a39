"""Which events of a record hold, before a batch and after it."""

from services.metrics.domain.facts.entry import Entry
from services.metrics.domain.record.record import Row


class Identities:
    """The rows of the events a batch touches, and which of them hold before and after it."""

    def __init__(self) -> None:
        """Nothing loaded."""
        self.rows: dict[str, Row] = {}
        self.before: set[str] = set()
        self.touched: set[str] = set()
        self.duplicates = 0
        self.came: list[Entry] = []

    def load(self, key: str, row: Row) -> None:
        """A row as stored; the first load wins, later ones may be older than what this batch did."""
        if key not in self.rows:
            self.rows[key] = row
            if row.alive:
                self.before.add(key)

    def arrive(self, entry: Entry, part: str) -> None:
        """Take an event into the record; the same identity again changes nothing."""
        row = self.rows.setdefault(entry.key, Row())
        if row.type:
            self.duplicates += 1
            return
        self.came.append(entry)
        row.at, row.id, row.type, row.corrects, row.part = entry.at, entry.id, entry.type, entry.corrects, part
        row.raw = entry.raw
        self.touched.add(entry.key)
        if entry.corrects:
            self._correct(entry.corrects, (entry.at, entry.id, entry.key))

    def _correct(self, key: str, challenger: tuple[int, str, str]) -> None:
        target = self.rows.setdefault(key, Row())
        self.touched.add(key)
        loser = None if target.corrector is None else min(target.corrector, challenger)
        target.corrector = challenger if target.corrector is None else max(target.corrector, challenger)
        if loser:
            self.rows.setdefault(loser[2], Row()).dead = True  # that of an erased person may be gone
            self.touched.add(loser[2])

    def entry(self, key: str) -> Entry:
        """The event of a row."""
        r = self.rows[key]
        return Entry(key, r.at, r.id, r.type, r.corrects, r.raw)
