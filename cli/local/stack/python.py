"""The parts that are our own modules, run by this Python: the mailbox and the services."""

import sys
from collections.abc import Mapping
from pathlib import Path

from cli.local.stack import answers
from cli.local.stack.part import Ports, StackPart

PORTS = {"ingest": 8801, "metrics": 8802, "alerts": 8803}
"""The services, with the HTTP port each prefers."""


class MailboxPart(StackPart):
    """The SMTP server of ``cli.local.stack.mailbox``; its folder is the mail folder."""

    check = staticmethod(answers.smtp)

    def __init__(self, folder: Path) -> None:
        """Messages are kept in ``folder``."""
        super().__init__("mailbox", folder)

    def command(self, ports: Ports) -> list[str]:
        """The module with its folder and port."""
        return [sys.executable, "-m", "cli.local.stack.mailbox", str(self.folder.resolve()), str(ports["port"])]

    def address(self, ports: Ports) -> str:
        """An SMTP URL."""
        return f"smtp://127.0.0.1:{ports['port']}"


class ServicePart(StackPart):
    """One of the services. ``metrics-2`` is a second replica of metrics."""

    check = staticmethod(answers.service)
    seconds_to_start = 150.0
    """Longer than Kafka waits for a killed member of a consumer group before the next one gets its partitions."""

    def __init__(self, name: str, folder: Path, settings: Mapping[str, str]) -> None:
        """``settings`` tell the service where its broker, database and mail server are."""
        super().__init__(name, folder)
        self._module, _, replica = name.partition("-")
        self._settings = settings
        self._variable = f"STADGA_{self._module.upper()}_PORT"
        preferred = settings.get(self._variable, str(PORTS[self._module]))
        self.ports_wanted = {"port": 0 if replica else int(preferred)}

    def command(self, ports: Ports) -> list[str]:  # noqa: ARG002 — the environment carries them
        """The service's module."""
        return [sys.executable, "-m", f"services.{self._module}"]

    def address(self, ports: Ports) -> str:
        """The base URL of its HTTP routes."""
        return f"http://127.0.0.1:{ports['port']}"

    def environment(self, ports: Ports) -> dict[str, str]:
        """The settings, with its own port."""
        return {**self._settings, self._variable: str(ports["port"])}
