"""Two PostgreSQL servers: what is committed on one is on the other before it counts, and either can be the first."""

import shutil
from pathlib import Path
from types import MappingProxyType

from cli.local.stack.part import Ports
from cli.local.stack.postgres import Postgres
from tests.harm.estate.machine import Machine

ACCESS = "host all stadga {net} trust\nhost replication stadga {net} trust\n"
SETTINGS = MappingProxyType(
    {
        "listen_addresses": "*",
        "wal_keep_size": "512MB",
        "wal_receiver_timeout": "5s",
        "wal_sender_timeout": "5s",
        "wal_retrieve_retry_interval": "500ms",
    }
)


class Database(Postgres):
    """One of the two. It begins as a copy of ``of``; without one, as a new cluster."""

    def __init__(self, number: int, folder: Path, machine: Machine, net: str, port: int) -> None:
        """``net`` may ask it; the port is known before it starts."""
        super().__init__(folder)
        self.name, self.machine, self._net = f"postgres-{number}", machine, net
        self.ports_wanted = {"port": port}
        self.port = port
        self.of: Database | None = None

    @property
    def identity(self) -> list[str]:
        """Where it runs, as another user where we are root."""
        return [*self.machine.inside, *super().identity]

    @property
    def host(self) -> str:
        """As the address of a database has it."""
        return f"{self.machine.host}:{self.port}"

    def command(self, ports: Ports) -> list[str]:
        """With what two servers need."""
        more = [argument for name, value in SETTINGS.items() for argument in ("-c", f"{name}={value}")]
        return [*super().command(ports), *more]

    def address(self, ports: Ports) -> str:  # noqa: ARG002 — chosen beforehand
        """Its own."""
        return f"postgresql://stadga@{self.host}/stadga"

    def promote(self) -> None:
        """From now on it is the first."""
        self._run("pg_ctl", "promote", "-D", str(self._data.resolve()), "-w")
        self.of = None

    def wait_for_copy(self, wait: bool) -> None:
        """Whether a commit waits until the other server has it, from the next start or ``reload`` on."""
        with (self._data / "postgresql.auto.conf").open("a") as settings:
            settings.write(f"synchronous_standby_names = '{'*' if wait else ''}'\n")

    def alone(self) -> None:
        """As a failover manager does where no copy is left: commits do not wait for one."""
        self.wait_for_copy(wait=False)
        self._run("pg_ctl", "reload", "-D", str(self._data.resolve()))

    def forget(self) -> None:
        """What it holds is another history: its next start makes it a copy."""
        shutil.rmtree(self._data, ignore_errors=True)

    def _initialise(self) -> None:
        if self.of is None:
            super()._initialise()
            self._run(
                "postgres",
                "--single",
                "-D",
                str(self._data.resolve()),
                "postgres",
                text="alter role stadga replication\n",
            )
            (self._data / "pg_hba.conf").write_text(ACCESS.format(net=self._net))
            self.wait_for_copy(wait=True)
            return
        fresh = self.folder.resolve() / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        where = ["-h", self.of.machine.host, "-p", str(self.of.port), "-U", "stadga"]
        self._run("pg_basebackup", "-D", str(fresh), *where, "-R", "-X", "stream", "--checkpoint=fast")
        fresh.rename(self._data)
