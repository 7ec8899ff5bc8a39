"""What a board tells of health, remembered as PostgreSQL would."""

from collections import defaultdict

from services.metrics.domain.board import Board
from services.metrics.domain.groups import Group
from services.metrics.domain.months import Month
from services.metrics.domain.remembered import Kept, Remembered, Telling


class Memory:
    """What was told so far."""

    def __init__(self) -> None:
        """Nothing."""
        self._until = 0
        self._kept: defaultdict[Month, dict[Group, Kept]] = defaultdict(dict)

    def tell(self, board: Board) -> None:
        """Let a board tell of health."""
        self.remember(board.tell())

    def remember(self, telling: Telling) -> None:
        """What was told."""
        self._until = telling.until
        for month, group, kept in telling.keeping:
            self._kept[month][group] = kept

    @property
    def remembered(self) -> Remembered:
        """All of it."""
        return Remembered(self._until, {month: dict(groups) for month, groups in self._kept.items()})
