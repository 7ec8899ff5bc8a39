"""Work in parts: the same comes out in however many it is done, and a part that is lost is told of."""

import gc
import os
from datetime import date
from functools import partial
from pathlib import Path
from signal import SIGKILL
from tempfile import TemporaryDirectory
from time import monotonic
from unittest.mock import patch
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from cli.offline.backtesting import recorded as recording
from cli.offline.backtesting import running
from cli.offline.backtesting.ground import ground
from cli.offline.backtesting.recorded import Recorded, recorded
from cli.offline.backtesting.running import backtested
from cli.offline.backtesting.side_by_side import PartLostError, nothing_thrown_away, side_by_side, ways
from cli.simulation.log import simulate
from services.alerts.domain.plan.reading import read
from services.metrics.domain.facts.entry import entry_of
from tests.unit.cli.backtesting.books import summary
from tests.unit.cli.backtesting.test_backtest import PLAN

ZONE = ZoneInfo("Europe/Stockholm")
FIRST, LAST = date(2024, 1, 25), date(2024, 3, 10)


def test_what_each_part_comes_to_in_their_order():
    """The first is done in this process, the last beside."""
    here, beside = side_by_side([os.getpid, os.getpid])
    assert here == os.getpid() != beside
    assert side_by_side([os.getpid]) == [here]
    assert side_by_side([partial(int, part) for part in range(9)]) == list(range(9))


def test_who_is_done_takes_the_next():
    """While one is at work on much, the other does all else."""
    with TemporaryDirectory() as folder:
        done = Path(folder) / "done"
        here, *others = side_by_side([partial(_awaited, done), os.getpid, partial(_marked, done), os.getpid])
    assert here == os.getpid()
    assert here not in others


def test_what_a_part_raises_is_raised():
    """Here as beside."""
    for parts in ([partial(int, "x"), os.getpid], [os.getpid, partial(int, "x")]):
        with pytest.raises(ValueError, match="'x'"):
            side_by_side(parts)


def test_a_part_that_is_lost():
    """A process that is killed ends all of it with a sentence."""
    with pytest.raises(PartLostError, match="there is no result"):
        side_by_side([os.getpid, _ends])


def test_little_work_is_done_here():
    """Another process is begun for much work alone, and only where there is a processor for it."""
    with patch("os.cpu_count", return_value=8):
        assert [ways(9, 10), ways(10, 10)] == [1, 2]
    with patch("os.cpu_count", return_value=1):
        assert ways(10, 10) == 1


def _fails() -> None:
    with nothing_thrown_away():
        assert not gc.isenabled()
        raise KeyError


def test_garbage_is_looked_for_again():
    """Whatever happens meanwhile."""
    with pytest.raises(KeyError):
        _fails()
    assert gc.isenabled()


def _told(ways: int) -> Recorded:
    log = simulate(2, 60, 3, first=date(2022, 9, 1), last=LAST, hostility=0.5, troubled="auto")
    with patch.object(recording, "ways", return_value=ways):
        return recorded([(event, entry_of(event)) for event in log], ZONE, FIRST, LAST)


def test_two_processes_come_to_what_one_comes_to():
    """Facts by the day on which they became known, units, sources, and every alert."""
    alone, parted = _told(1), _told(2)
    assert _facts(parted) == _facts(alone)
    assert parted.days == alone.days
    plan, found = read(PLAN), []
    for told, parts in ((alone, 1), (parted, 2)):
        with patch.object(running, "ways", return_value=parts):
            [tested] = backtested([plan], ground(told))
        found.append((tested.units, tested.watched, [(one.alert, summary(one)) for one in tested.alerts]))
    assert found[0] == found[1]
    assert any(told[0] for _, told in found[0][2])


def _facts(told: Recorded) -> dict[object, int]:
    """By known day, cell, measure and day."""
    found: dict[object, int] = {}
    for known, cell, measure, day, delta in told.facts.tolist():
        place = known, told.cells[cell], measure, day
        found[place] = found.get(place, 0) + delta
    assert np.all(np.diff(told.facts[:, 0]) >= 0)
    return {place: delta for place, delta in found.items() if delta}


def _awaited(done: Path) -> int:
    """Not over before another part is."""
    deadline = monotonic() + 60
    while not done.exists():
        assert monotonic() < deadline
    return os.getpid()


def _marked(done: Path) -> int:
    done.touch()
    return os.getpid()


def _ends() -> None:
    os.kill(os.getpid(), SIGKILL)
