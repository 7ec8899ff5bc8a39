"""A user for PostgreSQL when we are root, as which it refuses to run."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from cli import private
from cli.local.stack.errors import StackError

NOBODY = 65_534
"""The user and group without rights of its own on every Unix."""
LOOK_IN = {"dac_read_search": 2, "dac_override": 1}
"""Capabilities that let a process pass folders closed to its user, the weaker first, with their numbers."""


def needed() -> bool:
    """Whether a program has to give up our rights."""
    return os.geteuid() == 0


def own(folder: Path) -> None:
    """Make the folder, for the eyes of the user that ``prefix`` switches to."""
    private.folder(folder)
    if needed():
        os.chown(folder, NOBODY, NOBODY)


def prefix(*paths: Path) -> list[str]:
    """What goes before a command that must not run as root and has to reach ``paths``; raises StackError."""
    if not needed():
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise StackError(
            "PostgreSQL vägrar köra som root: starta som en annan användare, eller installera setpriv (util-linux)",
            "PostgreSQL refuses to run as root: start it as another user, or install setpriv (util-linux)",
        )
    switch = [setpriv, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    closed = [f for f in _parents(paths) if not f.stat().st_mode & 0o001]
    return [*switch, *(_pass_through(closed) if closed else []), "--"]


def _parents(paths: Iterable[Path]) -> list[Path]:
    return sorted({parent for path in paths for parent in path.resolve().parents})


def _pass_through(closed: list[Path]) -> list[str]:
    """Keep one capability of root's rather than open a folder that its owner closed.

    PostgreSQL asks with access(2) whether it may run its own programs, and without the secure bit that call forgets
    the capabilities of whoever is not root.
    """
    ours = _capabilities()
    for name, number in LOOK_IN.items():
        if ours >> number & 1:
            return [f"--inh-caps=+{name}", f"--ambient-caps=+{name}", "--securebits=+no_setuid_fixup"]
    folders = ", ".join(map(str, closed))
    raise StackError(
        f"PostgreSQL vägrar köra som root, och en annan användare kommer inte in i {folders}",
        f"PostgreSQL refuses to run as root, and another user cannot enter {folders}",
    )


def _capabilities() -> int:
    status = Path("/proc/self/status")
    fields = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
    return int(fields["CapEff"], 16)
