"""What the two commands say while they work: each step with its size and time, and now and again how far it is."""

import time
from collections.abc import Callable

from shared.language.said import Said

SECONDS = 5.0
"""Between two lines about one step, at least."""
UNITS = ("B", "kB", "MB", "GB", "TB")

Say = Callable[[Said], None]


class Step:
    """One step, which begins now."""

    def __init__(self, say: Say, sv: str, en: str) -> None:
        """``sv``, ``en``: what is done."""
        self._say, self._begun = say, time.monotonic()
        self._last, self._what = self._begun, Said(sv, en)
        say(Said(f"{sv} …", f"{en} …"))

    def at(self, how_far: str) -> None:
        """How far it is, if nothing was said for a while."""
        if time.monotonic() - self._last >= SECONDS:
            self._last = time.monotonic()
            self._say(Said(f"  {how_far}", f"  {how_far}"))

    def done(self, sv: str, en: str) -> None:
        """What came of it, and how long it took."""
        took = time.monotonic() - self._begun
        self._say(Said(f"  {sv}, {_number(took)} s", f"  {en}, {took:.1f} s"))


def size(count: float) -> Said:
    """Bytes, as people read them."""
    unit = 0
    while count >= 1000 and unit < len(UNITS) - 1:
        count, unit = count / 1000, unit + 1
    places = 1 if unit else 0
    return Said(f"{_number(count, places)} {UNITS[unit]}", f"{count:.{places}f} {UNITS[unit]}")


def _number(value: float, places: int = 1) -> str:
    return f"{value:.{places}f}".replace(".", ",")
