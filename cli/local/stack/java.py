"""Java and Maven: what runs Kafka, and what fetches it."""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path
from uuid import uuid4

from cli import private
from cli.local.stack.errors import StackError
from cli.local.stack.part import ROOT
from shared.language.said import Said

OLDEST = 17
"""The oldest Java that Kafka 4 brokers run on (kafka.apache.org, compatibility)."""
UNKNOWN = Said("av okänd version", "of unknown version")
POM = ROOT / "deploy" / "local" / "pom.xml"


def java() -> str:
    """The path of a Java that is new enough; raises StackError naming what is missing."""
    program = shutil.which("java")
    if program is None:
        raise StackError(
            f"Kafka behöver Java {OLDEST} eller senare: java hittades inte",
            f"Java {OLDEST} or later is needed to run Kafka: java was not found",
        )
    said = subprocess.run([program, "-version"], capture_output=True, text=True, check=False)
    version = re.search(r'version "(?:1\.)?(\d+)', said.stderr + said.stdout)
    if version is None or int(version[1]) < OLDEST:
        found = Said(version[1], version[1]) if version else UNKNOWN
        raise StackError(
            f"Kafka behöver Java {OLDEST} eller senare: {program} är {found.sv}",
            f"Java {OLDEST} or later is needed to run Kafka: {program} is {found.en}",
        )
    return program


def classpath(cache: Path, pom: Path = POM) -> str:
    """The class path of a pom, of Kafka's if none is named; fetched once for each content of it and kept in ``cache``.

    Raises StackError.
    """
    digest = hashlib.sha256(pom.read_bytes()).hexdigest()[:16]
    kept = cache / f"{digest}.txt"
    if not _complete(kept):
        _resolve(kept, pom)
    return kept.read_text()


def _complete(kept: Path) -> bool:
    return kept.exists() and all(os.access(jar, os.R_OK) for jar in kept.read_text().split(":"))


def _resolve(kept: Path, pom: Path) -> None:
    program = shutil.which("mvn")
    if program is None:
        raise StackError(
            "Maven behövs för att hämta Kafka: mvn hittades inte", "Maven is needed to fetch Kafka: mvn was not found"
        )
    private.folder(kept.parent)
    fresh = kept.with_suffix(f".{uuid4().hex}")  # others may fetch the same, here and in other processes
    goal = ["dependency:build-classpath", f"-Dmdep.outputFile={fresh}"]
    said = subprocess.run([program, "-q", "-B", "-f", pom, *goal], capture_output=True, text=True, check=False)
    if said.returncode != 0:
        problem = _problem(said.stdout + said.stderr)
        raise StackError(
            f"Maven kunde inte hämta det som {pom} säger:\n{problem}",
            f"Maven could not fetch what {pom} names:\n{problem}",
        )
    fresh.replace(kept)


def _problem(output: str) -> str:
    errors = [line for line in output.splitlines() if "[ERROR]" in line]
    return errors[0] if errors else output[-1000:]
