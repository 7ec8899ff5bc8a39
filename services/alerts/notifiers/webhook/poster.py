"""Delivers the waiting notices of every webhook, of each one after another; no webhook waits for another."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

import asyncpg
import httpx
import msgspec
import structlog
from prometheus_client import Counter

from services.alerts.domain.alert.occasion import Occasion
from services.alerts.domain.letter.delivery import DeliveryOutcome, Failure, GiveUp, Policy, after
from services.alerts.domain.letter.opening import Opening
from services.alerts.domain.webhook.card import card
from services.alerts.domain.webhook.notice import notice, opening
from services.alerts.notifiers.webhook.endpoints import PART, Endpoints, Signed
from services.alerts.notifiers.webhook.exchange import client, post
from services.alerts.notifiers.webhook.signing import headers
from services.alerts.repository import turns, webhooks
from services.alerts.repository.webhooks import WaitingNotice
from shared.contracts.tenants import ALONE, Tenant
from shared.contracts.webhooks import WebhookNotice, WebhookOpening
from shared.kit.clock import Clock
from shared.kit.health import Health
from shared.language.language import Language

log = structlog.get_logger()

OPENING = "opening"
Posts = dict[str, asyncio.Task[bool]]
"""What is in hand, by the webhook's address; whether there was anything to do."""


class Desk(NamedTuple):
    """What delivery needs: where notices wait, who takes them, and whom to tell how it goes."""

    pool: asyncpg.Pool
    endpoints: Endpoints
    policy: Policy
    clock: Clock
    health: Health
    deliveries: Counter
    tenant: Tenant = ALONE


async def run(desk: Desk, poll: timedelta) -> None:
    """Deliver until cancelled."""
    posts: Posts = {}
    async with client() as http:
        try:
            while True:
                await _begin(desk, http, posts)
                if not await _any_done(posts, poll.total_seconds()):
                    await asyncio.sleep(poll.total_seconds())
        finally:
            for one in posts.values():
                one.cancel()
            await asyncio.gather(*posts.values(), return_exceptions=True)


async def _begin(desk: Desk, http: httpx.AsyncClient, posts: Posts) -> None:
    """Begin with a notice of each webhook that has none in hand."""
    known, waiting = await asyncio.to_thread(desk.endpoints.look), await webhooks.addresses(desk.pool)
    _report(desk, sorted(waiting - known.keys()))
    for address in sorted((waiting & known.keys()) - posts.keys()):
        posts[address] = asyncio.create_task(_first(desk, http, address, known))


async def _any_done(posts: Posts, seconds: float) -> bool:
    """Wait for the first to end, so long at most, and take out all that have; whether one of them did anything."""
    if posts:
        await asyncio.wait(posts.values(), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    ended = [posts.pop(address) for address, one in [*posts.items()] if one.done()]
    return any(one.result() for one in ended)


def _report(desk: Desk, unknown: Sequence[str]) -> None:
    names = ", ".join(address.partition(":")[2] for address in unknown)
    missing = f"plans name webhooks that STADGA_WEBHOOKS does not: {names}; their notices wait" if names else None
    if problem := desk.endpoints.fault or missing:
        desk.health.bad(PART, problem)
    else:
        desk.health.ok(PART)


async def _first(desk: Desk, http: httpx.AsyncClient, address: str, known: Mapping[str, Signed]) -> bool:
    now = desk.clock.now()
    async with desk.pool.acquire() as connection, connection.transaction():
        await turns.begin_post(connection)
        found = await webhooks.claim(connection, address, now, now + desk.policy.lease)
    if found is None:
        return False
    await _settle(desk, found, await _attempt(desk, http, found, known[address]))
    return True


async def _attempt(desk: Desk, http: httpx.AsyncClient, found: WaitingNotice, to: Signed) -> Failure | None:
    try:
        body = written(found, to, desk.tenant)
    except Exception as error:  # noqa: BLE001 -- whatever a row holds, the notices behind it must go out
        return Failure("invalid", f"{type(error).__name__}: {error}")
    signed = headers(desk.tenant.prefixed(found.id), int(desk.clock.now().timestamp()), body, to.key)
    sent = {"content-type": "application/json", "user-agent": "stadga", **signed}
    return await post(http, to.to.url, body, sent, desk.policy.timeout.total_seconds())


def written(found: WaitingNotice, to: Signed, tenant: Tenant = ALONE) -> bytes:
    """The body: the same row gives the same bytes; raises what is wrong with the row."""
    said = _said(found, language := msgspec.convert(found.language, Language))
    if tenant.name:  # ids follow from what an alert is about, which another tenant may have as well
        said = msgspec.structs.replace(said, id=tenant.prefixed(said.id), tenant=tenant.name)
    return msgspec.json.encode(card(said, language) if to.to.template == "teams" else said)


def _said(found: WaitingNotice, language: Language) -> WebhookNotice | WebhookOpening:
    if found.reason == OPENING:
        return opening(found.id, msgspec.json.decode(found.occasion, type=Opening), found.recipient, language)
    return notice(found.id, msgspec.json.decode(found.occasion, type=Occasion), found.recipient, language)


async def _settle(desk: Desk, found: WaitingNotice, failure: Failure | None) -> None:
    now = desk.clock.now()
    if failure is None:
        await webhooks.sent(desk.pool, found, now)
        return _count(desk, found, "sent")
    attempts = found.attempts + 1
    log.warning("a notice was not delivered", notice=found.id, fault=failure.fault, attempt=attempts)
    answered = found.answered or (now if failure.fault == "temporary" else None)
    then = after(failure, attempts, answered or now, now, desk.policy)
    if isinstance(then, GiveUp):
        await webhooks.failed(desk.pool, found, failure.error)
        return _count(desk, found, "failed")
    await webhooks.deferred(desk.pool, found, then.due, failure.error, answered)
    return _count(desk, found, "deferred")


def _count(desk: Desk, found: WaitingNotice, outcome: DeliveryOutcome) -> None:
    desk.deliveries.labels(outcome, found.reason).inc()
