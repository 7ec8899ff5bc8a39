"""The peers' own libraries, fetched once for each content of the files that pin them, apart from the project's."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from cli.local.stack import java
from cli.local.stack.part import ROOT

FOLDER = ROOT / ".stadga" / "peers"
LOCK = ROOT / "requirements" / "peers.txt"
SOURCES = Path(__file__).parent / "kafka_streams"


def python() -> Path:
    """An interpreter that has Quix Streams and DuckDB."""
    home = FOLDER / hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]
    program, complete = home / "bin" / "python", home / "complete"
    if not complete.exists():
        _run(sys.executable, "-m", "venv", "--clear", home)
        _run(program, "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", LOCK)
        complete.touch()
    return program


def kafka_streams() -> str:
    """The class path of the peer in Java, compiled."""
    return compiled(java.classpath(FOLDER, SOURCES / "pom.xml"), FOLDER / "classes", *SOURCES.glob("*.java"))


def compiled(libraries: str, into: Path, *sources: Path) -> str:
    """Compile Java with these libraries; the class path of both."""
    shutil.rmtree(into, ignore_errors=True)
    _run(
        Path(java.java()).with_name("javac"),
        "-Xlint:all",
        "-Werror",
        "-proc:none",
        "-cp",
        libraries,
        "-d",
        into,
        *sources,
    )
    return f"{into}:{libraries}"


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True)
