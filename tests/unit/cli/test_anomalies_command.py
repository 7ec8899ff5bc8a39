"""``stadga anomalies``: what contradicts what else is known, in both languages; what others wrote moves no terminal."""

from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from click.testing import Result
from typer.testing import CliRunner

from cli.main import app
from shared.contracts.anomalies import WHY, Anomalies, AnomalousEvent, AnomalyKind, AnomalySample

AT = datetime(2024, 5, 1, 8, tzinfo=UTC)
KINDS = [AnomalyKind(kind, 1000 + n, WHY[kind]) for n, kind in enumerate(("in_closed_unit", "restated"))]
EVENTS = [AnomalousEvent("hr\x1b[31m", f"hr-{n}", "hr.employment.started.v1", AT) for n in range(7)]
SAMPLES = [AnomalySample("in_closed_unit", f"person/p_{n}", ["öst", "a|b"], 1, EVENTS) for n in range(250)]


class Service(HTTPServer):
    """Answers as the metrics service does, a page at a time."""

    kinds = KINDS
    asked: list[dict[str, list[str]]]


class Handler(BaseHTTPRequestHandler):
    """The one question."""

    server: Service

    def do_GET(self) -> None:
        """Answers from where the question goes on."""
        asked = parse_qs(urlsplit(self.path).query)
        self.server.asked.append(asked)
        first = int(asked.get("after", ["x|0"])[0].partition("|")[2])
        last = first + min(int(asked["limit"][0]), 60)
        more = f"x|{last}" if last < len(SAMPLES) else None
        self.send_response(200)
        self.end_headers()
        self.wfile.write(msgspec.json.encode(Anomalies(self.server.kinds, SAMPLES[first:last], more)))

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def service() -> Iterator[Service]:
    """A service that answers."""
    with Service(("127.0.0.1", 0), Handler) as server:
        server.asked = []
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def run(service: Service, *options: str) -> Result:
    """The command."""
    url = f"http://127.0.0.1:{service.server_port}"
    return CliRunner().invoke(app, ["anomalies", "--url", url, *options], env={"COLUMNS": "300"})


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv", ("Avvikelser i alla enheter", "antal", "flytta den till enheten som tog över", "gäller", "och 2 till")),
        ("en", ("Anomalies of all units", "count", "move it to the unit that took over", "subject", "and 2 more")),
    ],
)
def test_as_tables(service: Service, language: str, words: tuple[str, ...]):
    """What it is and what to do; whose it is and which events."""
    result = run(service, "--language", language, "--most", "2")
    assert result.exit_code == 0
    assert all(word in result.output for word in (*words, "1000", "person/p_1", "öst", "hr-0", "restated"))
    assert "person/p_2" not in result.output
    assert "\x1b[31m" not in result.output


def test_as_many_as_are_asked_for(service: Service):
    """However many answers that takes; what was asked stands in each question."""
    result = run(service, "--format", "json", "--most", "130", "--kind", "in_closed_unit", "--unit", "öst")
    found = msgspec.json.decode(result.output, type=Anomalies)
    assert ([s.subject for s in found.samples], found.next) == ([f"person/p_{n}" for n in range(130)], "x|130")
    assert {(asked["kind"][0], asked["unit"][0]) for asked in service.asked} == {("in_closed_unit", "öst")}
    assert len(msgspec.json.decode(run(service, "--format", "json", "--most", "999").output)["samples"]) == 250


@pytest.mark.parametrize(("language", "said"), [("sv", "Inga avvikelser."), ("en", "No anomalies.")])
def test_none(service: Service, language: str, said: str):
    """Is said."""
    service.kinds = []
    assert run(service, "--language", language).output.strip() == said


def test_nobody_answers():
    """One sentence, and exit code 2."""
    result = CliRunner().invoke(app, ["anomalies", "--url", "http://127.0.0.1:1"])
    assert (result.exit_code, len(result.output.splitlines())) == (2, 1)
