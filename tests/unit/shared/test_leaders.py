"""Who leads, asked of every broker at once."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from aiokafka.client import ConnectionGroup
from aiokafka.cluster import ClusterMetadata
from aiokafka.errors import NodeNotReadyError
from aiokafka.protocol.metadata import MetadataRequest, MetadataResponse_v1

from shared.contracts.topics import HR_EVENTS, HR_REJECTED
from shared.kit.leaders import Leaders
from shared.kit.trouble import PassingError

TOPIC = HR_EVENTS.name


def said(*nodes: int, leader: int = 0) -> MetadataResponse_v1:
    """These brokers there are; of the topic's one partition one of them leads."""
    brokers = [(node, "localhost", 9000 + node, None) for node in nodes]
    topics = [(0, TOPIC, False, [(0, 0, leader or nodes[0], list(nodes), list(nodes))])]
    return MetadataResponse_v1(brokers=brokers, controller_id=nodes[0], topics=topics)


class Connection:
    """To a broker."""

    def __init__(self) -> None:
        self.closed: object = None

    def connected(self) -> bool:
        """Until it is closed."""
        return self.closed is None

    def close(self, reason: object) -> None:
        """Let go."""
        self.closed = reason


class Client:
    """Of a cluster of three; ``answers`` says what each broker answers, or raises, and waits for ever without one."""

    def __init__(self, answers: dict[int, Callable[[], MetadataResponse_v1]]) -> None:
        self._answers = answers
        self.cluster = ClusterMetadata()
        self.cluster.update_metadata(said(1, 2, 3))
        self._conns = {(node, ConnectionGroup.DEFAULT): Connection() for node in (1, 2, 3)}
        self.asked: list[int] = []
        self._sync_task: asyncio.Future[None] | None = None

    @property
    def left(self) -> list[int]:
        """Whose connection was closed."""
        return [node for (node, _), connection in self._conns.items() if not connection.connected()]

    def add_topic(self, topic: str) -> None:
        """Nothing: it is known."""

    async def send(self, node: int, request: MetadataRequest, *, group: ConnectionGroup) -> MetadataResponse_v1:
        """What the broker says; behind messages that wait it would say nothing."""
        assert request
        assert group is not ConnectionGroup.DEFAULT
        self.asked.append(node)
        if node not in self._answers:
            await asyncio.get_running_loop().create_future()
        return self._answers[node]()


@contextlib.contextmanager
def knowing(client: Client) -> Iterator[Leaders]:
    """Until the block ends."""
    known = Leaders(client)
    yield known
    known.forget()


def away() -> MetadataResponse_v1:
    """A broker that is gone, and known to be."""
    raise NodeNotReadyError


async def test_broker_that_says_nothing_holds_nobody_up():
    """Another's answer is enough; nothing is let go while all are of the cluster."""
    client = Client({3: lambda: said(1, 2, 3, leader=3)})
    with knowing(client) as known:
        assert await known.problem(TOPIC) is None
    assert client.cluster.leader_for_partition(SimpleNamespace(topic=TOPIC, partition=0)) == 3
    assert client.left == []


async def test_what_waits_for_a_broker_that_is_gone_is_sent_anew():
    """Its connection is closed, which ends the waiting; the others stay."""
    client = Client({2: lambda: said(2, 3)})
    with knowing(client) as known:
        assert await known.problem(TOPIC) is None
    assert client.left == [1]


async def test_who_owes_an_answer_is_not_asked_again():
    """However often one looks."""
    client = Client({2: lambda: said(1, 2, 3)})
    with knowing(client) as known:
        for _ in range(3):
            await known.problem(TOPIC)
    assert sorted(client.asked) == [1, 2, 2, 2, 3]


async def test_no_broker_answers():
    """All are away; or none says anything in time."""
    with knowing(Client({1: away, 2: away, 3: away})) as known:
        assert await known.problem(TOPIC) == "no broker answers"


async def test_silence_of_all_is_no_answer(monkeypatch: pytest.MonkeyPatch):
    """Within the time that is given."""
    monkeypatch.setattr("shared.kit.leaders.ANSWER_SECONDS", 0.01)
    with knowing(Client({})) as known:
        assert await known.problem(TOPIC) == "no broker answers"


async def test_topic_that_is_missing_is_named():
    """As an answer without it says."""
    with knowing(Client({1: lambda: said(1, 2, 3)})) as known:
        assert await known.problem(TOPIC, HR_REJECTED.name) == f"no topic {HR_REJECTED.name}"


async def test_client_that_learns_no_more_is_replaced():
    """Nobody hears of the end of the task by which it does: what is sent by such a client may wait for ever."""
    client = Client({1: lambda: said(1, 2, 3)})
    client._sync_task = asyncio.get_running_loop().create_future()
    with knowing(client) as known:
        assert await known.learned(TOPIC)
        client._sync_task.set_exception(RuntimeError("whatever it was"))
        with pytest.raises(PassingError, match="a new one is needed"):
            await known.problem(TOPIC)
    client._sync_task.exception()
