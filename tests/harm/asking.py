"""What people and their programs ask while a country reports."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Mapping

import httpx

from tests.harm.sender import HEADERS, Answered

EVERY = 2.0
"""Seconds between two rounds of questions."""


class Asking:
    """How long answers took, by question; what was answered otherwise than by 200 is counted."""

    def __init__(self, services: Mapping[str, str], unit: str, today: str) -> None:
        """``services``: their URLs by name."""
        metrics, board = services["metrics"], f"{services['alerts']}/board"
        year = f"from={int(today[:4]) - 1}{today[4:]}&to={today}&step=month&metrics=leaver_rate_own_request"
        self._questions = {
            "/v1/metrics": f"{metrics}/v1/metrics?unit={unit}",
            "/v1/series": f"{metrics}/v1/series?unit={unit}&{year}",
            "/board/promises": f"{board}/promises",
            "/board/units": f"{board}/units/{unit}",
        }
        self.answers: defaultdict[str, list[Answered]] = defaultdict(list)
        self.otherwise = Counter[str]()

    async def ask(self) -> None:
        """Round after round, until cancelled."""
        async with httpx.AsyncClient(timeout=60, trust_env=False, headers=HEADERS) as client:
            while True:
                for name, url in self._questions.items():
                    await self._one(client, name, url)
                await asyncio.sleep(EVERY)

    async def _one(self, client: httpx.AsyncClient, name: str, url: str) -> None:
        began = time.monotonic()
        try:
            code = (await client.get(url)).status_code
        except httpx.HTTPError:
            code = 0
        if code == httpx.codes.OK:
            self.answers[name].append(Answered(now := time.monotonic(), now - began))
        else:
            self.otherwise[f"{name}: {code}"] += 1
