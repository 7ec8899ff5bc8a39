"""A metrics service that knows one group's history, to be asked over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

import msgspec

from services.metrics.domain.sums.periods import periods
from shared.contracts.history import GroupSeries, Point, Series
from shared.contracts.metrics import MetricValue


class History(ThreadingHTTPServer):
    """Answers ``GET /v1/series`` by month with as many people as the month has days; nothing about other units."""

    def __init__(self, today: date, unit: str) -> None:
        """On a free port."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.today, self.unit = today, unit
        self.asked: list[dict[str, str]] = []
        self.provisional = False

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def answer(self, question: dict[str, str]) -> Series:
        """What the service would say."""
        self.asked.append(question)
        first, last = (date.fromisoformat(question.get(name, f"{self.today}")) for name in ("from", "to"))
        months = list(periods("month", first, last))
        lengths = [month.days if question.get("window") == "step" else 365 for month in months]
        values = [MetricValue(status="final", definition="", value=days, numerator=days) for days in lengths]
        group = GroupSeries(unit=self.unit, unit_name="Norr", metrics={question["metrics"]: values})
        points = [Point(month.last, days) for month, days in zip(months, lengths, strict=True)]
        groups = [group] if question["unit"] == self.unit else []
        return Series(
            step="month", today=self.today, revision=1, points=points, groups=groups, provisional=self.provisional
        )


class _Handler(BaseHTTPRequestHandler):
    server: History

    def do_GET(self) -> None:
        body = msgspec.json.encode(self.server.answer(dict(parse_qsl(urlsplit(self.path).query))))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def history(today: date, unit: str) -> Iterator[History]:
    """Running, and gone afterwards."""
    with History(today, unit) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
