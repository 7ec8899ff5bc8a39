"""The demo and a run of the stack as they are told, in both languages, without a stack."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from email.message import EmailMessage
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import typer
from rich.console import Console

from cli import terminal
from cli.connect.publishing.hindrance import HindranceError
from cli.local.demonstration import report, story
from cli.local.demonstration.replay import Replay, bars
from cli.local.demonstration.settling import State
from cli.local.demonstration.watching import Alert, Group
from cli.local.stack import StackError, session
from cli.local.stack.stack import STARTED, STARTING
from shared.contracts.metrics import MetricValue
from shared.language.language import Language

WIDTH = 160
AWAY = StackError("alerts har inte startats", "alerts has not been started")
ALERT = Alert("own-request", "u1", "Jour", "leaver_rate_own_request", "warning", "firing", None, 0.3, 0.2, None, True)
STATE = State([ALERT], mails=2, unread=1_500, due=3, unsent=4)


class EndedError(Exception):
    """The run is over."""


class NoStack:
    """Nothing runs; every part has an address."""

    mail_folder = Path("mail")
    kafka_bootstrap_servers = "127.0.0.1:1"
    say: Callable[..., None]
    is_over = False

    def address(self, part: str) -> str:
        """Somewhere."""
        return f"http://{part}"

    def log(self, part: str) -> Path:
        """Somewhere."""
        return Path(f"{part}.log")

    def dead(self) -> list[str]:
        """One has ended, and then nobody looks any more."""
        if self.is_over:
            raise EndedError
        self.is_over = True
        return ["alerts"]

    async def restart(self, _part: str) -> None:
        """It cannot be had."""
        raise AWAY

    async def stop(self) -> None:
        """There is nothing to stop."""
        self.say("alerts", STARTED)


def console() -> Console:
    """One that keeps what is printed."""
    return Console(file=StringIO(), width=WIDTH, markup=False, emoji=False)


def printed(by: Console) -> str:
    """All of it."""
    assert isinstance(by.file, StringIO)
    return by.file.getvalue()


async def nothing(*_: Any) -> None:  # noqa: ANN401 -- in the place of whatever takes a stack
    """Instead of what takes a stack."""


async def values(_: Any, unit: str) -> Group:  # noqa: ANN401 -- services that are none
    """Of any unit."""
    return Group(unit, unit, dict.fromkeys(report.SHOWN, MetricValue(status="suppressed", definition="d")))


@pytest.fixture
def without_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo has one alert, and one mail about it."""
    mail = EmailMessage()
    mail["Subject"], mail["To"] = "Ärende", "hr@kommun.example"
    mail.set_content("http://alerts/board/alerts/plan/own-request/u1?to=hr\n")

    async def settled(*_: Any) -> list[Alert]:  # noqa: ANN401 -- as above
        return [ALERT]

    monkeypatch.setattr(session, "start", nothing)
    monkeypatch.setattr(Replay, "run", nothing)
    monkeypatch.setattr(story, "settled", settled)
    monkeypatch.setattr(story, "mails", lambda _: [mail])
    monkeypatch.setattr("cli.local.demonstration.watching.Services.values", values)


@pytest.mark.usefixtures("without_stack")
@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "sv",
            ("Tre år med 1\N{NO-BREAK SPACE}200 personer", "kommunen", "dolt:", "1 larm", "Mejlet", "till hr"),
        ),
        ("en", ("Three years of 1,200 people", "the municipality", "hidden:", "1 alerts fire", "The e-mail", "to hr")),
    ],
)
def test_the_story(language: Language, told: tuple[str, ...]):
    """From its first line to where to look."""
    shown = console()
    asyncio.run(story.tell(NoStack(), shown, language))  # type: ignore[arg-type]
    assert [words for words in told if words not in printed(shown)] == []


@pytest.mark.parametrize(
    ("language", "waits", "sent"),
    [
        ("sv", "1 larm, 2 mejl skickade, 4 att skicka, 1\N{NO-BREAK SPACE}500 värden att läsa", "händelser"),
        ("en", "1 firing, 2 mails sent, 4 to send, 1,500 values to read", "events"),
    ],
)
def test_what_is_waited_for(language: Language, waits: str, sent: str):
    """How far the services are, how many events were sent, and an ingest that is away."""
    shown = console()
    replay = Replay("http://ingest", None, bars(shown), language)  # type: ignore[arg-type]
    problem = HindranceError("no_file", "f")
    replay._waits(problem)
    assert STATE.said(language).startswith(waits)
    assert replay._events(3) == f"3 {sent}"
    assert problem.said(language) in printed(shown)


@contextmanager
def shown_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[Console]:
    """What a run prints."""
    here = console()
    monkeypatch.setattr(terminal, "console", lambda: here)
    monkeypatch.setattr("structlog.configure", lambda **_: None)
    monkeypatch.setattr("logging.Logger.setLevel", lambda *_: None)
    yield here


@pytest.mark.parametrize(
    ("language", "told"),
    [("sv", ("alerts har inte startats", "f: det finns ingen")), ("en", ("alerts has not been started", "f: No such"))],
)
@pytest.mark.parametrize("one", [0, 1])
def test_a_run_that_cannot_be(monkeypatch: pytest.MonkeyPatch, language: Language, told: tuple[str, str], one: int):
    """Ends with 1 and a sentence."""

    async def work(*_: Any) -> None:  # noqa: ANN401 -- as above
        raise (AWAY, FileNotFoundError(2, "", "f"))[one]

    with shown_here(monkeypatch) as here, pytest.raises(typer.Exit):
        session.run(lambda: nullcontext(NoStack()), work, language)  # type: ignore[arg-type]
    assert told[one] in printed(here)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("sv", ("alerts har slutat (loggen: alerts.log) och startas igen", "har inte startats", "adress", "startad")),
        ("en", ("alerts has ended (its log: alerts.log); starting", "has not been started", "address", "started")),
    ],
)
async def test_a_part_that_ended(monkeypatch: pytest.MonkeyPatch, language: Language, told: tuple[str, ...]):
    """What is tried is said, and what came of it; so is where everything is."""
    shown = console()
    monkeypatch.setattr(asyncio, "sleep", nothing)
    with pytest.raises(EndedError):
        await session.tend(NoStack(), shown, language)  # type: ignore[arg-type]
    shown.print(session.addresses(NoStack(), ["alerts"], language))  # type: ignore[arg-type]
    with session.Steps(Console(file=shown.file, width=WIDTH), language) as steps:
        steps("alerts", STARTING)
        steps("alerts", STARTED)
    assert [words for words in told if words not in printed(shown)] == []
