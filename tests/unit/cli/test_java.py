"""Fetching Kafka by Maven, of which a program on the path stands in."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cli.local.stack import java

MAVEN = """#!/bin/sh
for given; do case "$given" in -Dmdep.outputFile=*) kept="${given#*=}" ;; esac; done
printf %s "$JAR" > "$kept"
touch "$HOME/begun.$$"
until [ "$(ls "$HOME" | grep -c begun)" -ge 3 ]; do :; done
"""
"""Ends once three have begun: all of them fetch at the same time."""


def test_brokers_that_begin_at_once_each_fetch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Nodes of one process do not take each other's unfinished class path away."""
    program, jar = tmp_path / "mvn", tmp_path / "kafka.jar"
    program.write_text(MAVEN)
    program.chmod(0o755)
    jar.touch()
    for name, value in {"HOME": str(tmp_path), "JAR": str(jar)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with ThreadPoolExecutor(3) as nodes:
        found = list(nodes.map(java.classpath, [tmp_path / "classpath"] * 3))
    assert found == [str(jar)] * 3
