"""Making a build: mypyc writes C of the sources, and a C compiler makes modules of it."""

import contextlib
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from tempfile import TemporaryDirectory

from services import compiled

PROGRAM = """
import sys
from mypyc.build import mypycify
from setuptools import setup
work, processes, *modules = sys.argv[1:]
made = mypycify(modules, opt_level="1", multi_file=True, target_dir=f"{work}/c")
where = ["--build-lib", f"{work}/made", "--build-temp", f"{work}/objects", "--parallel", processes]
setup(name="stadga", packages=[], ext_modules=made, script_args=["--quiet", "build_ext", *where])
"""
"""A process of its own: setuptools and mypy change what belongs to all of a process."""


class CannotCompileError(Exception):
    """There is no build; the text says why."""


def hindrance() -> str | None:
    """What is missing here to compile."""
    compiler = os.environ.get("CC") or (sysconfig.get_config_var("CC") or "cc").split()[0]
    if shutil.which(compiler) is None:
        return f"there is no C compiler ({compiler})"
    if not (Path(sysconfig.get_path("include")) / "Python.h").is_file():
        return "Python.h is missing (python3-dev)"
    return None


def build(folder: Path) -> None:
    """Compile the modules into a folder, unless they are; builds of other sources go. Raises CannotCompileError."""
    if folder.is_dir():
        return
    if missing := hindrance():
        raise CannotCompileError(missing)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent, prefix="making-") as work:
        _compile(work)
        with contextlib.suppress(FileExistsError, OSError):  # somebody else has made the same meanwhile
            (Path(work) / "made").rename(folder)
    for other in folder.parent.iterdir():
        if other != folder and not other.name.startswith("making-"):
            shutil.rmtree(other, ignore_errors=True)


def _compile(work: str) -> None:
    arguments = [work, str(os.cpu_count() or 1), *map(str, compiled.modules())]
    environment = {**os.environ, compiled.PURE: "1"}
    done = subprocess.run(  # noqa: S603 -- of our own
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=compiled.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotCompileError(f"mypyc ended with {done.returncode}\n{done.stdout}{done.stderr}")
