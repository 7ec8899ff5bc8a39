"""What a process and all below it take of the machine."""

from pathlib import Path
from typing import NamedTuple

from benchmarks.rig import below, seconds_of


class Use(NamedTuple):
    """Memory in MiB, what is shared counted once; seconds of processor time so far."""

    memory: float
    processor: float


def used(pid: int) -> Use:
    """What a process takes, with those that it has started; nothing once it is gone."""
    pids = below(pid)
    return Use(sum(map(memory, pids)), seconds_of(pids))


def memory(pid: int) -> float:
    """The memory of one process in MiB, with its part of what others have too."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0)
