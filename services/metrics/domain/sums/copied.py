"""A copy of what is held in memory, told in parts that are each small beside the whole."""

from typing import Any, NamedTuple

from numpy.typing import NDArray


class Part(NamedTuple):
    """A part: its name, arrays of numbers, and what of it is said in words, numbers, lists and mappings of words."""

    name: str
    arrays: tuple[NDArray[Any], ...] = ()
    said: Any = None
