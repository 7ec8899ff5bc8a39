"""``python -m benchmarks.against REVISION [PART…]``: what a revision of before and these files come to, in one run.

Each part is measured of both in turn, by the same Python and packages, so a machine whose speed drifts drifts for both.
A part, or a figure, that only one of them has stands alone. The table is printed as it grows.
"""

import io
import os
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.__main__ import BY_NAME, PARTS

ROOT = Path(__file__).parents[1]
HEAD = ("| figure |", "|---|")


def unpack(revision: str, folder: Path) -> None:
    """The files of a revision, in a folder; raises CalledProcessError where git knows none of that name."""
    archive = subprocess.run(["git", "archive", revision], cwd=ROOT, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(folder, filter="data")


def measured(root: Path, part: str) -> dict[str, str]:
    """The figures of a part by what they are of; none where the part fails, which is told."""
    environment = os.environ | {"PYTHONPATH": str(root), "PYTHONSAFEPATH": "1"}
    program = [sys.executable, "-m", "benchmarks", part]
    ended = subprocess.run(program, cwd=root, env=environment, check=False, capture_output=True, text=True)
    if ended.returncode:
        print(f"{part} of {root}: {ended.stderr.strip()[-500:]}", file=sys.stderr)
    return figures(ended.stdout)


def figures(printed: str) -> dict[str, str]:
    """The rows of a table of figures and values."""
    rows = [line for line in printed.splitlines() if line.startswith("|") and not line.startswith(HEAD)]
    return {figure: value for figure, _, value in (row.strip("| ").rpartition(" | ") for row in rows)}


def table(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Figures side by side, in the order of these files, then those that only the other has."""
    names = dict.fromkeys([*now, *before])
    return [f"| {name} | {before.get(name, '')} | {now.get(name, '')} |" for name in names]


def main(revision: str, *parts: str) -> None:
    """Print the table of the parts named, or of all that run by themselves."""
    with TemporaryDirectory(prefix="stadga-against-") as folder:
        unpack(revision, Path(folder))
        print(f"| figure | {revision} | now |\n|---|---|---|", flush=True)
        for part in parts or [name for name in PARTS if name not in BY_NAME]:
            before, now = measured(Path(folder), part), measured(ROOT, part)
            print(*table(before, now), sep="\n", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
