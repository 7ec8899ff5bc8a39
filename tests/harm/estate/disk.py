"""A small disk: a file system in memory, which takes root to mount."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOM = "1g"
"""More than a server takes in a trial, and little enough to be filled at once."""
FILLER = "filler"


@contextlib.contextmanager
def disk(folder: Path) -> Iterator[None]:
    """At a folder that is made."""
    assert os.geteuid() == 0, "a file system is mounted: run this as root"
    folder.mkdir(mode=0o711)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM},mode=0711", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(folder: Path) -> None:
    """Take what room is left."""
    with (folder / FILLER).open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12):
            with contextlib.suppress(OSError):  # no room is left
                while file.write(bytes(size)) == size:
                    pass
    assert shutil.disk_usage(folder).free < 1 << 20


def free(folder: Path) -> None:
    """Give it back."""
    (folder / FILLER).unlink()
