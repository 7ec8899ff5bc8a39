"""Asking the metrics service: its answer, or one sentence that says why there is none."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import msgspec
import pytest

from cli.connect import service
from cli.connect.running import Running, RunningFile
from cli.connect.service import AskingError, ask


class Answer(msgspec.Struct):
    """What is expected."""

    question: str


class Handler(BaseHTTPRequestHandler):
    """Repeats the question, or refuses."""

    def do_GET(self) -> None:
        """Answers by path."""
        path, _, question = self.path.partition("?")
        status, body = {
            "/good": (200, {"question": question}),
            "/refused": (400, {"status_code": 400, "detail": "no unit 'x'"}),
            "/token": (200, {"question": self.headers.get("authorization", "none")}),
            "/other": (200, {"something": "else"}),
        }.get(path, (502, None))
        self.send_response(status)
        self.end_headers()
        self.wfile.write(msgspec.json.encode(body) if body else b"<html>")

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    """A service that answers."""
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_answer(url: str):
    """What is asked for comes as the structure wanted; what is None is not asked."""
    assert ask("/good", {"unit": "*", "by": None}, Answer, url) == Answer("unit=%2A")


def test_the_token_of_the_environment_is_sent(url: str, monkeypatch: pytest.MonkeyPatch):
    """None without one; what can be no token is said, and not shown."""
    monkeypatch.delenv("STADGA_TOKEN", raising=False)
    assert ask("/token", {}, Answer, url).question == "none"
    monkeypatch.setenv("STADGA_TOKEN", "s3cret")
    assert ask("/token", {}, Answer, url).question == "Bearer s3cret"
    monkeypatch.setenv("STADGA_TOKEN", "s3cret\nx: y")
    with pytest.raises(AskingError, match="STADGA_TOKEN holds no token") as error:
        ask("/token", {}, Answer, url)
    assert "s3cret" not in str(error.value)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/refused", "says: no unit 'x'"),
        ("/broken", "says: 502 Bad Gateway"),
        ("/other", "is not one of this version of the metrics service: Object missing required field `question`"),
    ],
)
def test_no_answer(url: str, path: str, said: str):
    """A sentence tells what the service said."""
    with pytest.raises(AskingError) as told:
        ask(path, {}, Answer, url)
    assert said in str(told.value)
    assert url in str(told.value)


def test_nothing_there():
    """Where nothing answers, the sentence names the address."""
    with pytest.raises(AskingError, match=r"does not answer at http://127\.0\.0\.1:1"):
        ask("/good", {}, Answer, "http://127.0.0.1:1")


@pytest.mark.parametrize("nowhere", ["metrics:8802", "http://", "http://[::"])
def test_what_is_no_address(nowhere: str):
    """Where nothing can answer, the sentence says what an address looks like."""
    with pytest.raises(AskingError, match="--url is no address of a service: expected http://HOST:PORT"):
        ask("/good", {}, Answer, nowhere)


def test_the_stack_that_runs_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Without an address the service of the local stack is asked, else the one at the usual port."""
    monkeypatch.chdir(tmp_path)
    assert service.at("metrics").url == "http://127.0.0.1:8802"
    (tmp_path / ".stadga").mkdir()
    RunningFile(Path(".stadga/stack.json")).write("metrics", Running(1, {}, "http://127.0.0.1:4711", ""))
    assert service.at("metrics").url == "http://127.0.0.1:4711"
