"""What a container may use of its machine, as the kernel writes it down."""

import math
import os
from pathlib import Path

import pytest

from shared.kit.share import cores, room

MIB = 1 << 20


@pytest.fixture(name="kernel")
def _kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A machine of eight cores, and a process in the group ``pod/container``."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    groups, own = tmp_path / "groups", tmp_path / "own"
    (groups / "pod" / "container").mkdir(parents=True)
    own.write_text("0::/pod/container\n")
    return groups, own


@pytest.mark.parametrize(
    ("above", "written", "found"),
    [
        ("max 100000", "max 100000", 8),
        ("max 100000", "200000 100000", 2),
        ("max 100000", "150000 100000", 2),
        ("max 100000", "1000 100000", 1),
        ("300000 100000", "max 100000", 3),
        ("300000 100000", "400000 100000", 3),
        ("max 100000", "1600000 100000", 8),
    ],
)
def test_cores_are_those_that_the_narrowest_group_has(
    kernel: tuple[Path, Path], above: str, written: str, found: int
) -> None:
    """A quota of the container or of what it is in, rounded up, and never more than the machine has."""
    groups, own = kernel
    (groups / "pod" / "cpu.max").write_text(above + "\n")
    (groups / "pod" / "container" / "cpu.max").write_text(written + "\n")
    assert cores(groups, own) == found


def test_affinity_counts(kernel: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that was bound to three cores has three."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1, 2, 5})
    assert cores(*kernel) == 3


def test_room_is_what_a_limit_leaves(kernel: tuple[Path, Path]) -> None:
    """Less what is taken for good: files in memory are given back when somebody needs it."""
    groups, own = kernel
    assert room(groups, own) == math.inf
    (groups / "pod" / "container" / "memory.max").write_text(f"{1024 * MIB}\n")
    (groups / "pod" / "container" / "memory.stat").write_text(f"anon {400 * MIB}\nfile {500 * MIB}\nshmem {24 * MIB}\n")
    assert room(groups, own) == 600 * MIB
    (groups / "pod" / "memory.max").write_text(f"{300 * MIB}\n")
    assert room(groups, own) == 300 * MIB
    (groups / "pod" / "memory.stat").write_text(f"anon {400 * MIB}\n")
    assert room(groups, own) == 0


def test_groups_of_the_first_version_say_nothing(kernel: tuple[Path, Path]) -> None:
    """Then only the affinity is known."""
    groups, own = kernel
    own.write_text("4:memory:/pod/container\n")
    (groups / "pod" / "container" / "cpu.max").write_text("100000 100000\n")
    assert (cores(groups, own), room(groups, own)) == (8, math.inf)
