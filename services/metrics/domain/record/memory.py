"""A record store in memory: folds whole logs without a database, and stands in for it in tests."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from services.metrics.domain.facts.entry import Entry, ReadEntry
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.erasing import arriving
from services.metrics.domain.record.fold import Fold, FoldResult
from services.metrics.domain.record.record import Stored
from services.metrics.domain.record.working import Need


class Memory:
    """Rows by subject and key, and every unit's definitions."""

    def __init__(self) -> None:
        """Empty."""
        self.rows: defaultdict[str, dict[str, Stored]] = defaultdict(dict)
        self._placed: defaultdict[tuple[str, int], dict[str, Stored]] = defaultdict(dict)
        self.definitions: dict[str, list[Entry]] = {}
        self.duplicates = self.refused = self.ignored = 0

    def fold(self, batch: Mapping[str, Sequence[ReadEntry]], tally: Tally) -> None:
        """Take a batch of events, grouped by subject, into their records."""
        for subject, arrivals in batch.items():
            self._keep(subject, self._run(subject, arriving(subject, arrivals, tally)))

    def _run(self, subject: str, folding: Fold) -> FoldResult:
        try:
            need = next(folding)
            while True:
                need = folding.send(self._answer(subject, need))
        except StopIteration as done:
            outcome: FoldResult = done.value
            return outcome

    def _answer(self, subject: str, need: Need) -> list[Stored]:
        rows = self.rows[subject]
        if need.everything:
            return list(rows.values())
        found = [rows[k] for k in need.keys if k in rows]
        for section, lo, hi in need.ranges:
            found += [r for r in self._placed[subject, section].values() if r.lo <= hi and r.hi >= lo]
        return found

    def _keep(self, subject: str, outcome: FoldResult) -> None:
        rows = self.rows[subject]
        for key in outcome.gone:
            gone = rows.pop(key)
            del self._placed[subject, gone.section][key]
        for row in outcome.changed:
            del self._placed[subject, rows[row.key].section][row.key]
        for row in (*outcome.new, *outcome.changed):
            rows[row.key] = self._placed[subject, row.section][row.key] = row
        self.duplicates += outcome.duplicates
        self.refused += len(outcome.refused)
        self.ignored += outcome.ignored
        if outcome.definitions is not None:
            self.definitions[subject.partition("/")[2]] = outcome.definitions


def by_subject(arrivals: Iterable[tuple[str, ReadEntry]]) -> dict[str, list[ReadEntry]]:
    """(subject, event) pairs grouped by subject."""
    grouped: defaultdict[str, list[ReadEntry]] = defaultdict(list)
    for subject, told in arrivals:
        grouped[subject].append(told)
    return grouped
