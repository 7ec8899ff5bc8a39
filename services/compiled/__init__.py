"""The compiled build of the pure modules that a replay spends its time in: where it lies, and when it is taken.

A build lies apart from its sources, in a folder named by their digest. So what was made of other sources is never
found, and a module that is changed runs as Python until it is compiled again (``python -m services.compiled``).
``STADGA_PURE`` says that everything shall.
"""

import os
import sys
from collections.abc import Iterator
from hashlib import sha256
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUILDS = ROOT / ".compiled"
PURE = "STADGA_PURE"
"""The variable: anything but nothing keeps to Python."""
COMPILED = ("services/metrics/domain/facts", "services/metrics/domain/record")
BESIDE = ("services/compiled", "shared/contracts")
"""What a build follows from besides: how it is made, and what its modules rely on."""
INTERPRETED = frozenset(
    {"__init__.py", "arrivals.py", "career.py", "cell.py", "entry.py", "incoming.py", "record.py", "refold.py"}
)
"""The names of modules that stay Python: what mypyc makes of a structure does not tell msgspec what it has to read."""


def modules() -> list[Path]:
    """The modules to compile, from the root."""
    return [path for path in _python(COMPILED) if path.name not in INTERPRETED]


def folder() -> Path:
    """Where the build of the sources as they are lies, if it was made, for this interpreter."""
    digest = sha256(EXTENSION_SUFFIXES[0].encode())
    for path in _python(COMPILED + BESIDE):
        content = (ROOT / path).read_bytes()
        digest.update(f"{path} {len(content)}\n".encode() + content)
    return BUILDS / digest.hexdigest()[:16]


def _python(folders: tuple[str, ...]) -> Iterator[Path]:
    for name in folders:
        yield from (path.relative_to(ROOT) for path in sorted((ROOT / name).rglob("*.py")))


class Finder:
    """Finds the modules of a build before Python's own finders do."""

    def __init__(self, build: Path) -> None:
        """As the build is now."""
        files = build.rglob(f"*{EXTENSION_SUFFIXES[0]}")
        self._files = {
            ".".join((path.parent / path.name.partition(".")[0]).relative_to(build).parts): path for path in files
        }

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002
        """The module, if the build has it."""
        return spec_from_file_location(name, self._files[name]) if name in self._files else None


def _name(path: Path) -> str:
    return ".".join((*path.parent.parts, path.name.partition(".")[0]))


def prefer() -> None:
    """Take from now on what is compiled of the sources as they are, unless everything shall be Python."""
    if not os.environ.get(PURE) and BUILDS.is_dir() and (build := folder()).is_dir():
        sys.meta_path.insert(0, Finder(build))


def taken() -> bool:
    """Whether this process takes compiled modules."""
    return any(isinstance(finder, Finder) for finder in sys.meta_path)
