"""An identity provider that is hardly there."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from services.alerts.signin import provider
from services.alerts.signin.attempt import begun
from services.alerts.signin.provider import AwayError, Client, Provider

ISSUER = "https://id.example"


async def drops() -> AsyncIterator[bytes]:
    """An answer that never ends, each drop of which comes soon."""
    while True:
        await asyncio.sleep(0)
        yield b" "


async def test_an_answer_drop_by_drop_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody who signs in waits for the end of it."""
    monkeypatch.setattr(provider, "PATIENCE", 0.1)
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=drops()))
    client = Client(ISSUER, "stadga", "secret", "https://stadga.example")
    asked = Provider(client, lambda: 0, lambda: httpx.AsyncClient(transport=transport))
    with pytest.raises(AwayError):
        await asked.sign_in_at(begun("/board"))
