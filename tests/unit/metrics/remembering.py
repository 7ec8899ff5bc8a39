"""What a book tells by month, remembered as PostgreSQL would."""

from collections import defaultdict

from services.metrics.domain.disclosure.remembered import Kept, Remembered, Telling
from services.metrics.domain.sums.groups import Group
from services.metrics.domain.sums.periods import Month
from services.metrics.domain.values.book import Book
from shared.contracts.catalogue.disclosure import ByMonth


class Memory:
    """What was told so far."""

    def __init__(self) -> None:
        """Nothing."""
        self._until = 0
        self._kept: defaultdict[ByMonth, dict[Month, dict[Group, Kept]]] = defaultdict(dict)

    def tell(self, book: Book) -> None:
        """Let a book tell."""
        self.remember(book.tell())

    def remember(self, telling: Telling) -> None:
        """What was told."""
        self._until = telling.until
        for kind, month, group, kept in telling.keeping:
            self._kept[kind].setdefault(month, {})[group] = kept

    @property
    def remembered(self) -> Remembered:
        """All of it."""
        kept = {kind: {month: dict(groups) for month, groups in some.items()} for kind, some in self._kept.items()}
        return Remembered(self._until, kept)
