"""What of the machine this process may use: cores, and memory in bytes, by its affinity and its control groups (v2).

A container has the numbers of the whole machine in front of it; what it may use of it stands in files of the kernel.
"""

import math
import os
from collections.abc import Iterator
from pathlib import Path

GROUPS, OWN = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")
UNLIMITED = "max"


def cores(groups: Path = GROUPS, own: Path = OWN) -> int:
    """How many can work at once, at least one; a part of a core counts as one."""
    shares = [_quota(_read(group / "cpu.max")) for group in _ours(groups, own)]
    return max(1, math.ceil(min([len(os.sched_getaffinity(0)), *shares])))


def room(groups: Path = GROUPS, own: Path = OWN) -> float:
    """Bytes of memory that are left before the kernel ends somebody; infinite without a limit."""
    left = [_limit(_read(group / "memory.max")) - _taken(_read(group / "memory.stat")) for group in _ours(groups, own)]
    return max(0, min(left, default=math.inf))


def _ours(groups: Path, own: Path) -> Iterator[Path]:
    """The group of this process and those it is in; none where groups are of the first version."""
    for line in _read(own).splitlines():
        if line.startswith("0::"):
            group = groups / line.removeprefix("0::").lstrip("/")
            yield from (group, *(above for above in group.parents if above.is_relative_to(groups)))


def _quota(text: str) -> float:
    """Of cores: microseconds of work in so many of time."""
    quota, _, period = text.strip().partition(" ")
    return int(quota) / int(period) if quota not in {"", UNLIMITED} else math.inf


def _limit(text: str) -> float:
    return int(text) if text.strip() not in {"", UNLIMITED} else math.inf


def _taken(text: str) -> int:
    """What cannot be given back: files that are kept in memory can."""
    return sum(int(line.split()[1]) for line in text.splitlines() if line.split()[0] in {"anon", "shmem"})


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
