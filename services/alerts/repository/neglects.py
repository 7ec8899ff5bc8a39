"""What was told of neglected measures: a row for each time, and the mails."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import asyncpg
import msgspec

from services.alerts.domain.neglect.finding import Neglected
from services.alerts.domain.neglect.notice import NEGLECTED, NeglectLetter
from services.alerts.domain.plan.plan import Recipient

_TOLD = "select plan, key, max(day) from neglects where plan = any($1::text[]) group by plan, key"
_SAVE = """
insert into neglects (plan, key, measure, neglect, since, day, told) values ($1, $2, $3, $4, $5, $6, $7)
on conflict do nothing
"""
_MAIL = """
insert into outbox (id, episode, reason, recipient, address, language, occasion, created, due, state)
values ($1, $1, $2, $3, $4, $5, $6::jsonb, $7, $7, 'pending') on conflict (id) do nothing
"""


async def told(connection: asyncpg.Connection, plans: Collection[str]) -> Mapping[str, Mapping[str, date]]:
    """By plan: when each neglect, by its key, was last told of."""
    found: dict[str, dict[str, date]] = {plan: {} for plan in plans}
    for plan, key, day in await connection.fetch(_TOLD, list(plans)):
        found[plan][key] = day
    return found


async def save(connection: asyncpg.Connection, plan: str, one: Neglected, day: date, to: Sequence[str]) -> None:
    """It was told of on that day, to these recipients of the plan."""
    await connection.execute(_SAVE, plan, one.key, one.measure, one.neglect, one.since, day, list(to))


async def mail(connection: asyncpg.Connection, said: NeglectLetter, who: Recipient) -> None:
    """Write a mail, once however often it is decided."""
    body = msgspec.json.encode(said).decode()
    await connection.execute(_MAIL, said.id, NEGLECTED, who.id, who.address, who.language, body, said.decided)
