"""A broker and a database that let in only who shows who they are, over TLS alone."""

import asyncio
import glob
import shutil
import signal
import subprocess
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from cli.local.stack import answers, java, unprivileged
from cli.local.stack.kafka import CLASSPATHS, QUIET, Kafka
from cli.local.stack.part import Ports, StackPart
from tests.authority import Authority

USER = "stadga"
MAIL_LOGIN = "mail-Password"
SECURED = """
listeners=PLAINTEXT://127.0.0.1:{broker},SECURED://localhost:{secured},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{broker},SECURED://localhost:{secured}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SECURED:SASL_SSL
sasl.enabled.mechanisms=SCRAM-SHA-512,OAUTHBEARER
listener.name.secured.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.secured.oauthbearer.sasl.jaas.config=\\
  org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";
ssl.keystore.type=PEM
ssl.keystore.location={store}
"""
"""Beside the listener of the test itself. Tokens are signed by nobody: who may issue them is not what is tested."""
SCRAM = Path(__file__).parent / "integration" / "Scram.java"


class Files(NamedTuple):
    """What whoever comes is told of: whom to believe, and how to show who they are."""

    folder: Path

    def hold(self, by: Authority, password: str) -> None:
        """From now on."""
        self.folder.mkdir(exist_ok=True)
        certificate, key = by.issue(USER)
        for source, name in ((by.path, "rootcert"), (certificate, "cert"), (key, "key")):
            shutil.copy(source, self.folder / name)
        (self.folder / "password").write_text(f"{password}\n")
        (self.folder / "mail").write_text(MAIL_LOGIN)

    def settings(self, kafka: str) -> dict[str, str]:
        """The way into Kafka."""
        return {
            "KAFKA_BOOTSTRAP_SERVERS": kafka,
            "KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "KAFKA_CA_FILE": str(self.folder / "rootcert"),
            "KAFKA_USERNAME": USER,
            "KAFKA_PASSWORD_FILE": str(self.folder / "password"),
        }


class SecuredKafka(Kafka):
    """A broker of which ``address`` is the listener of the test itself, and ``secured`` the one for everybody else."""

    ports_wanted = MappingProxyType({"broker": 0, "controller": 0, "secured": 0})

    def __init__(self, folder: Path, by: Authority) -> None:
        """It shows a certificate by this authority."""
        super().__init__(folder)
        self.secured = ""
        self.show(by)

    def show(self, by: Authority) -> None:
        """From its next start on it shows a certificate by another authority."""
        self._store = self.folder / "store.pem"
        self.folder.mkdir(parents=True, exist_ok=True)
        certificate, key = by.issue("broker")
        self._store.write_text(key.read_text() + certificate.read_text())

    def _write(self, properties: Path, ports: Ports, data: Path) -> None:  # type: ignore[override]  # knows its ports
        super()._write(properties, ports, data)
        self.secured = f"localhost:{ports['secured']}"
        with properties.open("a") as written:
            written.write(SECURED.format(**ports, store=self._store.resolve()))


async def password(servers: str, to: str) -> None:
    """Let the user in by this password, and by no other."""
    program = [java.java(), QUIET, "-cp", java.classpath(CLASSPATHS), str(SCRAM), servers, USER, to]
    done = await asyncio.create_subprocess_exec(*program)
    assert await done.wait() == 0


class SecuredPostgres(StackPart):
    """A server of the system's packages: over TLS only, to who shows a certificate of the user's name."""

    stop_signal = signal.SIGINT
    check = staticmethod(answers.postgres)

    def __init__(self, folder: Path, by: Authority, client: Path) -> None:
        """It shows, and believes, certificates by this authority; ``client`` has the files of who comes."""
        super().__init__("postgres", folder)
        self._data, self._by, self._client = folder / "data", by, client
        newest = sorted(glob.glob("/usr/lib/postgresql/*/bin"))  # noqa: PTH207  -- outside any folder of ours
        assert newest, "PostgreSQL of the system is missing (Debian: postgresql)"
        self._programs = Path(newest[-1])

    @property
    def identity(self) -> list[str]:
        """As another user, where we are root."""
        return unprivileged.prefix(self._data, self._programs)

    def show(self, by: Authority) -> None:
        """From its next start on another authority is the one."""
        self._by = by

    def prepare(self, ports: Ports) -> None:  # noqa: ARG002 — the command line carries them
        """Make the cluster if there is none, and put the certificates in place."""
        unprivileged.own(self.folder)
        if not self._data.exists():
            self._initialise()
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        certificate, key = self._by.issue("database")
        for source, name in ((certificate, "server.crt"), (key, "server.key"), (self._by.path, "root.crt")):
            shutil.copy(source, self._data / name)
            (self._data / name).chmod(0o600)
            if unprivileged.needed():
                shutil.chown(self._data / name, unprivileged.NOBODY, unprivileged.NOBODY)

    def command(self, ports: Ports) -> list[str]:
        """The server with its settings."""
        settings = {
            "port": str(ports["port"]),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "ssl": "on",
            "ssl_ca_file": "root.crt",
            "timezone": "UTC",
        }
        given = [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]
        return [str(self._programs / "postgres"), "-D", str(self._data.resolve()), *given]

    def address(self, ports: Ports) -> str:
        """The URL with everything that is shown and believed."""
        files = "&".join(f"ssl{kind}={self._client / kind}" for kind in ("rootcert", "cert", "key"))
        return f"postgresql://{USER}@localhost:{ports['port']}/stadga?sslmode=verify-full&{files}"

    def _initialise(self) -> None:
        self._run("initdb", "-D", str(self._data.resolve()), "-U", "postgres", "--auth=reject", "-E", "UTF8")
        roles = f"create role {USER} login in role pg_monitor, pg_signal_backend\ncreate database stadga owner {USER}\n"
        self._run("postgres", "--single", "-D", str(self._data.resolve()), "postgres", text=roles)
        (self._data / "pg_hba.conf").write_text(f"hostssl all {USER} 127.0.0.1/32 cert\n")

    def _run(self, program: str, *arguments: str, text: str = "") -> None:
        command = [*self.identity, str(self._programs / program), *arguments]
        subprocess.run(command, input=text, check=True, text=True, capture_output=True, env={"LC_ALL": "C.UTF-8"})
