"""How long people stay, by how long they had been there."""

import numpy as np
import pytest

from services.alerts.domain.evaluation.staying import staying
from shared.statistics.survival import Spell


def hired(chance: np.random.Generator, number: int, yearly: float, window: int = 365) -> list[Spell]:
    """People who had been there for up to three years when a window began, and leave at a yearly rate."""
    found = []
    for entry in chance.integers(0, 1000, number) * chance.integers(0, 2, number):
        stays = chance.exponential(365 / yearly)
        found.append(Spell(int(entry), int(entry + max(1, min(stays, window))), bool(stays < window)))
    return found


def test_those_who_leave_less_are_fewer_than_expected():
    """Half the rate: fewer than had nothing changed, and hardly by chance."""
    chance = np.random.default_rng(1)
    found = staying(hired(chance, 400, 0.4), hired(chance, 400, 0.2))
    assert found
    assert found.left < found.expected
    assert found.p < 0.01
    assert found.year_before is not None
    assert found.year_after is not None
    assert found.year_before == pytest.approx(np.exp(-0.4), abs=0.08)
    assert found.year_after == pytest.approx(np.exp(-0.2), abs=0.08)


def test_newcomers_leave_more_and_that_is_no_change():
    """The same chance at each length of stay, and more newcomers before: rates differ, and these do not."""
    new, old = [Spell(0, 90, n < 30) for n in range(100)], [Spell(1000, 1365, n < 2) for n in range(100)]
    found = staying(new * 3 + old, new + old * 3)
    assert found
    assert (found.left, found.expected) == (36, pytest.approx(36))
    assert found.p == pytest.approx(1)


@pytest.mark.parametrize("number", [10, 11])
def test_a_share_of_a_year_is_of_eleven_at_least(number: int):
    """Of fewer nothing is told but how many left, which is counted anyway."""
    some = [Spell(0, 400, False)] * (number - 1) + [Spell(0, 366, True)]
    found = staying(some, some)
    assert found
    assert (found.year_before is None) == (number < 11)


def test_of_nobody_nothing_is_said():
    """Nor where nobody left, or those who left had been there for longer than anybody on the other side."""
    assert staying([Spell(0, 365, n < 5) for n in range(20)], [Spell(365, 730, n < 5) for n in range(20)]) is None
    assert staying([], [Spell(0, 9, True)]) is None
    assert staying([Spell(0, 9, False)], [Spell(0, 9, False)]) is None
