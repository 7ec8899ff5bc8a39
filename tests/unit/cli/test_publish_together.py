"""What one command publishes is one delivery, which ends whole or is said not to be."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import msgspec
import pytest
from typer.testing import CliRunner, Result

from cli.connect.publishing import sender
from cli.main import app
from shared.contracts import envelope
from shared.contracts.envelope import CloudEvent
from tests import builders as make

EVENTS = [make.unit_defined(f"u{n}") | {"id": f"e{n}"} for n in range(5)]
BAD = {"bad": "line"}


class Ingest(HTTPServer):
    """Takes what is an event, and after some requests none."""

    def __init__(self) -> None:
        """It takes all requests."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.taken: list[CloudEvent] = []
        self.requests = 1_000

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def deliveries(self) -> set[tuple[str, str | None]]:
        """What the events said they belong to."""
        return {(event.source, event.delivery) for event in self.taken}

    @property
    def counts(self) -> dict[str, int]:
        """How many events a delivery was said to have, by source."""
        return {event.source: event.deliverycount for event in self.taken if event.deliverycount}


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Ingest

    def do_POST(self) -> None:
        """Judges the lines of a batch."""
        lines = msgspec.json.decode(self.rfile.read(int(self.headers["content-length"])), type=list[msgspec.Raw])
        self.server.requests -= 1
        self.send_response(202 if self.server.requests >= 0 else 401)
        self.end_headers()
        rejected = []
        for index, line in enumerate(lines if self.server.requests >= 0 else ()):
            try:
                self.server.taken.append(envelope.decode(line))
            except msgspec.ValidationError:
                rejected.append({"reason": "missing_field", "path": "$.id", "detail": "no id", "index": index})
        self.wfile.write(msgspec.json.encode({"accepted": len(lines) - len(rejected), "rejected": rejected}))

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def ingest(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ingest]:
    """One that answers; two events fit a request."""
    monkeypatch.setattr(sender, "EVENTS", 2)
    with Ingest() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def published(ingest: Ingest, folder: Path, events: list[make.Event], name: str = "events.jsonl") -> Result:
    """What the command says of a file."""
    (folder / name).write_bytes(make.lines(events))
    return CliRunner().invoke(app, ["publish", str(folder / name), "--url", ingest.url, "--language", "en"])


def test_a_file_is_one_delivery(ingest: Ingest, tmp_path: Path):
    """However many requests it takes; said last is how many events it has, by one that is repeated."""
    result = published(ingest, tmp_path, EVENTS)
    assert result.output == "accepted 5, rejected 0\n"
    assert [event.id for event in ingest.taken] == ["e0", "e1", "e2", "e3", "e4", "e4"]
    assert [event.deliverycount for event in ingest.taken] == [None] * 5 + [5]
    assert len(ingest.deliveries) == 1


def test_the_same_command_again_is_the_same_delivery(ingest: Ingest, tmp_path: Path):
    """What is in the file says which it is, not how it is called."""
    for name in ("a.jsonl", "b.jsonl"):
        published(ingest, tmp_path, EVENTS, name)
    assert len(ingest.deliveries) == 1
    published(ingest, tmp_path, EVENTS[:4])
    assert len(ingest.deliveries) == 2


def test_what_is_rejected_is_not_waited_for(ingest: Ingest, tmp_path: Path):
    """The delivery is whole without it, which is said; an event twice counts once."""
    result = published(ingest, tmp_path, [BAD, *EVENTS[:3], EVENTS[0], BAD])
    assert result.exit_code == 1
    assert "is whole without what was rejected" in result.output
    assert ingest.counts == {"hr-system": 3}


def test_nothing_is_accepted(ingest: Ingest, tmp_path: Path):
    """No delivery is begun."""
    result = published(ingest, tmp_path, [BAD])
    assert result.exit_code == 1
    assert ingest.taken == []
    assert "delivery" not in result.output


@pytest.mark.parametrize("requests", [1, 3])
def test_one_that_is_broken_off_is_completed_by_the_same_command(ingest: Ingest, tmp_path: Path, requests: int):
    """In the middle, or when all but its count is there."""
    ingest.requests = requests
    result = published(ingest, tmp_path, EVENTS)
    assert result.exit_code == 2
    assert "is not whole: run the same command again" in result.output
    assert ingest.counts == {}
    ingest.requests = 1_000
    assert published(ingest, tmp_path, EVENTS).exit_code == 0
    assert ingest.counts == {"hr-system": 5}
    assert len(ingest.deliveries) == 1


def test_one_that_was_not_begun_is_not_spoken_of(ingest: Ingest, tmp_path: Path):
    """There is nothing to be completed."""
    ingest.requests = 0
    assert "delivery" not in published(ingest, tmp_path, EVENTS).output


def test_each_source_has_its_own(ingest: Ingest, tmp_path: Path):
    """What belongs to another delivery already stays there."""
    payroll = [event | {"source": "payroll"} for event in EVENTS[:2]]
    published(ingest, tmp_path, [*EVENTS[:3], *payroll, EVENTS[3] | {"delivery": "nightly"}])
    assert ingest.counts == {"hr-system": 3, "payroll": 2}
    assert len(ingest.deliveries) == 3


def test_what_comes_on_stdin_is_of_no_delivery(ingest: Ingest):
    """It cannot be read before it is sent: each request is one, which ingest names."""
    result = CliRunner().invoke(app, ["publish", "-", "--url", ingest.url], input=make.lines(EVENTS))
    assert result.exit_code == 0
    assert ingest.deliveries == {("hr-system", None)}
