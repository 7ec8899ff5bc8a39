"""Waiting until the values of the whole log are judged: alerts and mails that change no more."""

import asyncio
import time
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

from cli.local.demonstration.watching import Alert, Services, mails
from cli.local.demonstration.words import WORDS
from cli.local.stack import StackError
from shared.language.language import Language
from shared.language.numbers import plain
from shared.language.said import Said

LONGEST = 180.0
"""Seconds without any change after which nothing more is waited for."""
QUIET = 7.0
"""Seconds without any change that count as settled: the alerts service says every five how much it has to judge."""
NO_VALUES = Said("tjänsten metrics räknar inte om", "the metrics service does not evaluate")
NO_HEALTH = Said("tjänsten metrics berättar inget om hälsa", "the metrics service does not tell of health")


class State(NamedTuple):
    """Where the alerts service stands."""

    firing: list[Alert]
    mails: int
    unread: int
    due: int
    unsent: int

    @property
    def told(self) -> bool:
        """Whether there is anything to show, and nothing waiting to change it."""
        return bool(self.firing and self.mails) and not (self.unread or self.due or self.unsent)

    def said(self, language: Language) -> str:
        """One line for the person who waits."""
        told = {"mails": self.mails, "unsent": self.unsent}
        many = {"unread": plain(self.unread, language), "due": plain(self.due, language)}
        return WORDS[language].state.format(firing=len(self.firing), **told, **many)


async def settled(services: Services, mail: Path, console: Console, language: Language) -> list[Alert]:
    """The alerts that fire in the end, each with its mail sent; raises StackError when nothing goes on."""
    waiting = WORDS[language].waiting
    with console.status(waiting) as status:
        await _evaluated(services)
        seen, since = await _state(services, mail), time.monotonic()
        while not seen.told or time.monotonic() - since < QUIET:
            _check(since, Said(seen.said("sv"), seen.said("en")))
            await asyncio.sleep(0.2)
            now = await _state(services, mail)
            if now != seen:
                seen, since = now, time.monotonic()
            status.update(f"{waiting}: {seen.said(language)}")
    return seen.firing


async def _evaluated(services: Services) -> None:
    """Two evaluations from now on: the one under way may have begun before the last event was counted. Then, health."""
    for _ in range(2):
        before, since = await services.evaluated(), time.monotonic()
        while await services.evaluated() == before:
            _check(since, NO_VALUES)
            await asyncio.sleep(0.1)
    since = time.monotonic()
    while await services.health_waits():
        _check(since, NO_HEALTH)
        await asyncio.sleep(0.2)


async def _state(services: Services, mail: Path) -> State:
    waiting = await services.unread(), await services.due(), await services.unsent()
    return State(await services.firing(), len(mails(mail)), *waiting)


def _check(since: float, state: Said) -> None:
    if time.monotonic() - since > LONGEST:
        raise StackError(
            f"demons larm har inte kommit, och inget har ändrats på {LONGEST:.0f} s: {state.sv}",
            f"the demo's alerts have not come, and nothing has changed for {LONGEST:.0f} s: {state.en}",
        )
