"""``stadga deliveries``: what is not whole, in both languages; what others wrote moves no terminal."""

from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Literal

import msgspec
import pytest
from typer.testing import CliRunner

from cli.connect.open_deliveries import table
from cli.main import app
from shared.contracts.deliveries import OpenDeliveries, OpenDelivery

SINCE, UNTIL = datetime(2024, 5, 1, 8, tzinfo=UTC), datetime(2024, 5, 1, 8, 10, tzinfo=UTC)
FOUND = [
    OpenDelivery("hr-system", "file-a", 12, 24, SINCE, UNTIL, given_up=False, units=tuple("abcdefg")),
    OpenDelivery("pay\x1b[31m", "file-b", 7, None, SINCE, UNTIL, given_up=True, units=("*",)),
]


class Handler(BaseHTTPRequestHandler):
    """Answers as the metrics service does."""

    def do_GET(self) -> None:
        """Answers the one question."""
        self.send_response(200 if self.path == "/v1/deliveries" else 404)
        self.end_headers()
        self.wfile.write(msgspec.json.encode(OpenDeliveries(FOUND)))

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    """A service that answers."""
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "sv",
            (
                "2 leveranser är inte fullständiga",
                "källsystem",
                "okänt",
                "inväntas inte",
                "enheter",
                "a, b, c, d, e och 2 till",
                "alla",
            ),
        ),
        (
            "en",
            (
                "2 deliveries are not whole",
                "source",
                "unknown",
                "waited for no",
                "units",
                "a, b, c, d, e and 2 more",
                "all",
            ),
        ),
    ],
)
def test_as_a_table(url: str, language: str, words: tuple[str, ...]):
    """A line for each."""
    result = CliRunner().invoke(app, ["deliveries", "--url", url, "--language", language], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    assert all(word in result.output for word in (*words, "file-a", "12", "24", "file-b"))
    assert "\x1b[31m" not in result.output


@pytest.mark.parametrize(
    ("language", "title"), [("sv", "1 leverans är inte fullständig"), ("en", "1 delivery is not whole")]
)
def test_one_is_one(language: Literal["sv", "en"], title: str):
    """It is told of in the singular."""
    assert table(FOUND[:1], language).title == title


def test_as_json(url: str):
    """For machines."""
    result = CliRunner().invoke(app, ["deliveries", "--url", url, "--format", "json"])
    assert msgspec.json.decode(result.output, type=list[OpenDelivery])[0] == FOUND[0]


def test_nobody_answers():
    """One sentence, and exit code 2."""
    result = CliRunner().invoke(app, ["deliveries", "--url", "http://127.0.0.1:1"])
    assert result.exit_code == 2
    assert len(result.output.splitlines()) == 1
