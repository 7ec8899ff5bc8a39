"""An effect and how far it is known."""

from typing import NamedTuple


class Estimate(NamedTuple):
    """An effect with its 95 % interval: a ratio (1 means no change) or a difference (0 means no change).

    The effect is not a number where nothing is known; the bounds may be infinite.
    """

    effect: float
    low: float
    high: float

    def spans(self, no_change: float) -> bool:
        """Whether the interval reaches the value that means no change, or nothing is known."""
        return not (self.low > no_change or self.high < no_change)
