"""Three KRaft nodes, each broker and controller; every topic, those of Kafka itself too, is kept on all three."""

import base64
import hashlib
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from cli import private
from cli.local.stack import java
from cli.local.stack.errors import StackError
from cli.local.stack.kafka import CLASSPATHS, QUIET, Kafka
from cli.local.stack.part import Ports
from tests.harm.estate.machine import Machine

COPIES, IN_SYNC = 3, 2
PROPERTIES = """
process.roles=broker,controller
node.id={node}
controller.quorum.voters={voters}
listeners=PLAINTEXT://{host}:{broker},CONTROLLER://{host}:{controller}
advertised.listeners=PLAINTEXT://{host}:{broker}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
offsets.topic.num.partitions=3
offsets.topic.replication.factor=3
transaction.state.log.num.partitions=3
transaction.state.log.replication.factor=3
transaction.state.log.min.isr=2
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=3
share.coordinator.state.topic.min.isr=2
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=6000
broker.heartbeat.interval.ms=1000
replica.lag.time.max.ms=6000
"""


class Broker(Kafka):
    """One of the three. ``peers`` are the machines and controller ports of all, by node number."""

    def __init__(self, node: int, folder: Path, own: Ports, peers: Mapping[int, tuple[Machine, int]]) -> None:
        """``own`` are the ports that it is to have: the others are told them before it starts."""
        super().__init__(folder)
        self.name, self._node, self._peers = f"kafka-{node}", node, peers
        self.ports_wanted = own
        self.machine = peers[node][0]
        self.size = ""
        """As tmpfs has it: the room that its data has; as much as there is, if empty."""

    @property
    def node(self) -> int:
        """Its number."""
        return self._node

    @property
    def identity(self) -> list[str]:
        """Where it runs."""
        return list(self.machine.inside)

    def address(self, ports: Ports) -> str:
        """The node's own."""
        return f"{self.machine.host}:{ports['broker']}"

    def _format(self, ports: Ports) -> None:
        """All three are of one cluster, whose id is of the ports of their controllers."""
        fresh, properties = self.folder / "data.new", self.folder / "format.properties"
        shutil.rmtree(fresh, ignore_errors=True)
        self._write(properties, ports, fresh)
        cluster = base64.urlsafe_b64encode(hashlib.sha256(self._voters().encode()).digest()[:16]).decode().rstrip("=")
        arguments = ["kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", f"--config={properties}"]
        program = [java.java(), "-Xmx256m", QUIET, "-cp", java.classpath(CLASSPATHS), *arguments]
        said = subprocess.run(program, capture_output=True, text=True, check=False, umask=private.MASK)
        if said.returncode != 0:
            told = said.stdout + said.stderr
            raise StackError(
                f"Kafkas lager i {fresh} gick inte att formatera:\n{told}",
                f"Kafka's storage in {fresh} could not be formatted:\n{told}",
            )
        fresh.rename(self._data)

    def _write(self, properties: Path, ports: Ports, data: Path) -> None:  # type: ignore[override]  # knows its node
        text = PROPERTIES.format(
            node=self._node, voters=self._voters(), host=self.machine.host, data=data.resolve(), **ports
        )
        private.write(properties, text.encode())

    def _voters(self) -> str:
        return ",".join(f"{node}@{machine.host}:{port}" for node, (machine, port) in sorted(self._peers.items()))
