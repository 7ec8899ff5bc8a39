"""Series such as a unit's own history makes: moving blocks of it, so that months in a row stay alike.

Source: D. Politis and J. Romano, in Exploring the Limits of Bootstrap, 1992, 263–270 (the circular block bootstrap).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


def block_bootstrap(
    history: Sequence[float], length: int, block: int, times: int, chance: np.random.Generator
) -> NDArray[Any]:
    """``times`` series of ``length`` values, a row each, of blocks of ``block`` values in a row from the history.

    Blocks start anywhere; one that reaches the end goes on from the beginning. Raises ValueError for no history.
    """
    if not len(history):
        raise ValueError("there is no history to draw from")
    blocks = -(-length // block)
    starts = chance.integers(len(history), size=(times, blocks, 1))
    places = (starts + np.arange(block)) % len(history)
    drawn: NDArray[Any] = np.asarray(history, float)[places].reshape(times, -1)
    return drawn[:, :length]
