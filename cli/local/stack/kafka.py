"""Kafka: one KRaft node on the local JVM."""

import base64
import shutil
import string
import subprocess
import uuid
from pathlib import Path
from types import MappingProxyType

from cli import private
from cli.local.stack import answers, java
from cli.local.stack.errors import StackError
from cli.local.stack.part import ROOT, Ports, StackPart

TEMPLATE = ROOT / "deploy" / "local" / "server.properties"
CLASSPATHS = ROOT / ".stadga" / "classpath"
QUIET = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"
DATED = ("-Dorg.slf4j.simpleLogger.showDateTime=true", "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss")


class Kafka(StackPart):
    """A broker that is its own controller; formatted once, its topics outlive it."""

    ports_wanted = MappingProxyType({"broker": 0, "controller": 0})
    check = staticmethod(answers.kafka)

    def __init__(self, folder: Path) -> None:
        """``folder`` gets the properties and the data."""
        super().__init__("kafka", folder)
        self._properties = folder / "server.properties"
        self._data = folder / "data"

    def prepare(self, ports: Ports) -> None:
        """Format the storage if there is none, and write the properties."""
        super().prepare(ports)
        if not self._data.exists():
            self._format(ports)
        self._write(self._properties, ports, self._data)

    def command(self, ports: Ports) -> list[str]:  # noqa: ARG002 — the properties carry them
        """The broker on a small heap, saying only what is out of the ordinary."""
        return [java.java(), "-Xmx512m", QUIET, *DATED, *_classes(), "kafka.Kafka", str(self._properties)]

    def address(self, ports: Ports) -> str:
        """The bootstrap server."""
        return f"127.0.0.1:{ports['broker']}"

    def _format(self, ports: Ports) -> None:
        """Format beside the final place: a storage that is there is complete."""
        fresh, properties = self.folder / "data.new", self.folder / "format.properties"
        shutil.rmtree(fresh, ignore_errors=True)
        self._write(properties, ports, fresh)
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        arguments = ["kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", f"--config={properties}"]
        program = [java.java(), "-Xmx256m", "-XX:TieredStopAtLevel=1", QUIET, *_classes(), *arguments]
        said = subprocess.run(program, capture_output=True, text=True, check=False, umask=private.MASK)
        if said.returncode != 0:
            told = said.stdout + said.stderr
            raise StackError(
                f"Kafkas lager i {fresh} gick inte att formatera:\n{told}",
                f"Kafka's storage in {fresh} could not be formatted:\n{told}",
            )
        properties.unlink()
        fresh.rename(self._data)

    @staticmethod
    def _write(properties: Path, ports: Ports, data: Path) -> None:
        template = string.Template(TEMPLATE.read_text())
        private.write(properties, template.substitute(ports, data=data.resolve()).encode())


def _classes() -> list[str]:
    return ["-cp", java.classpath(CLASSPATHS)]
