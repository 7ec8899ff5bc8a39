"""Delivers the waiting mails: claim, write, send, settle; again when woken, or every so often."""

import asyncio
import contextlib
from datetime import datetime, timedelta
from typing import NamedTuple

import asyncpg
import msgspec
import structlog
from prometheus_client import Counter

from services.alerts.domain.alert.occasion import MailReason, Occasion
from services.alerts.domain.letter.delivery import DeliveryOutcome, Failure, GiveUp, Policy, after
from services.alerts.domain.letter.summary import Summary
from services.alerts.domain.source.notice import SOURCE_REASONS, SourceNotice
from services.alerts.notifiers.email import holding
from services.alerts.notifiers.email.letter import Letter, LetterRecipient, Sender, digest, letter, source_letter
from services.alerts.notifiers.email.server import MailServer
from services.alerts.repository import held, outbox
from services.alerts.repository.outbox import Waiting
from shared.kit.clock import Clock
from shared.kit.database import TRANSIENT, expected
from shared.kit.health import Health
from shared.kit.waiting import heed, within
from shared.language.language import Language

log = structlog.get_logger()
BURST = 10
SETTLE_AGAIN = 0.5
PROBE_WELL, PROBE_ILL = timedelta(seconds=30), timedelta(seconds=1)


class Post(NamedTuple):
    """What delivery needs: where mails wait, who takes them, and whom to tell how it goes."""

    pool: asyncpg.Pool
    server: MailServer
    sender: Sender
    policy: Policy
    clock: Clock
    health: Health
    deliveries: Counter


async def run(post: Post, wake: asyncio.Event, poll: timedelta) -> None:
    """Deliver until cancelled. Setting ``wake`` after a commit saves the wait of up to ``poll``."""
    probe = post.clock.now()
    try:
        while True:
            heed()  # the mail library may lose a cancellation that comes with an answer
            wake.clear()
            if not await _burst(post):
                probe = await _rest(post, probe)
                heed()
                with contextlib.suppress(TimeoutError):
                    await within(wake.wait(), poll.total_seconds())
    finally:
        await post.server.close()


async def _burst(post: Post) -> bool:
    """Deliver what is due; False when nothing was, or the database is away."""
    now = post.clock.now()
    until = now + post.policy.lease
    try:
        await outbox.release(post.pool, now)
        await _hold(post, now)
        waiting = await outbox.claim(post.pool, now, until, BURST, post.policy.hourly)
        post.health.ok("database")
        await _deliver(post, waiting, until)
    except TRANSIENT as error:
        if not expected(error):
            raise
        post.health.bad("database", str(error) or type(error).__name__)
        return False
    return bool(waiting)


async def _hold(post: Post, now: datetime) -> None:
    """Nobody gets more mails an hour than the policy says; what is held back is told of in one."""
    reasons = await held.hold(post.pool, now, post.policy)
    for reason in reasons:
        post.deliveries.labels("held", reason).inc()
    if reasons:
        log.warning("mails held back: too many for their recipients in an hour", mails=len(reasons))
    await holding.summarise(post.pool, now, post.policy)


async def _deliver(post: Post, waiting: list[Waiting], until: datetime) -> None:
    """Send each; once the server is away, none of the rest is tried. What the lease cannot cover is left for later."""
    absent: Failure | None = None
    for mail in waiting:
        if post.clock.now() + post.policy.timeout > until:
            return
        written = _written(post, mail)
        if isinstance(written, Failure):
            await _settle_within(post, mail, written, until)
            continue
        failure = absent or await post.server.send(written)
        absent = failure if failure and failure.fault == "unreachable" else None
        _report(post, absent)
        await _settle_within(post, mail, failure or written, until)


async def _settle_within(post: Post, mail: Waiting, result: Letter | Failure, until: datetime) -> None:
    """Settle, also across an outage of the database: a mail that was sent is not sent again for want of a note."""
    while True:
        try:
            return await _settle(post, mail, result)
        except TRANSIENT as error:
            post.health.bad("database", str(error) or type(error).__name__)
            if not expected(error) or post.clock.now() >= until:
                raise
            await asyncio.sleep(SETTLE_AGAIN)


def _written(post: Post, mail: Waiting) -> Letter | Failure:
    try:
        recipient = LetterRecipient(mail.recipient, mail.address, msgspec.convert(mail.language, Language))
        if mail.reason == holding.SUMMARY:
            return digest(msgspec.json.decode(mail.occasion, type=Summary), recipient, post.sender)
        if mail.reason in SOURCE_REASONS:
            return source_letter(msgspec.json.decode(mail.occasion, type=SourceNotice), recipient, post.sender)
        occasion = msgspec.json.decode(mail.occasion, type=Occasion)
        return letter(occasion, recipient, msgspec.convert(mail.first, MailReason), post.sender)
    except Exception as error:  # noqa: BLE001 - whatever a row holds, the mails behind it must go out
        return Failure("invalid", f"{type(error).__name__}: {error}")


async def _settle(post: Post, mail: Waiting, result: Letter | Failure) -> None:
    now = post.clock.now()
    if isinstance(result, Letter):
        await outbox.sent(post.pool, mail, result.message_id, now)
        return _count(post, mail, "sent")
    log.warning("a mail was not delivered", mail=mail.id, fault=result.fault, attempt=mail.attempts + 1)
    answered = mail.answered or (now if result.fault == "temporary" else None)
    then = after(result, mail.attempts + 1, answered or now, now, post.policy)
    if isinstance(then, GiveUp):
        await outbox.failed(post.pool, mail, result.error)
        return _count(post, mail, "failed")
    await outbox.deferred(post.pool, mail, then.due, result.error, answered)
    return _count(post, mail, "deferred")


def _count(post: Post, mail: Waiting, outcome: DeliveryOutcome) -> None:
    post.deliveries.labels(outcome, mail.reason).inc()


async def _rest(post: Post, probe: datetime) -> datetime:
    """Close the connection between bursts; when ``probe`` has come, see whether the server is there."""
    now = post.clock.now()
    absent = None
    if now >= probe:
        absent = await post.server.reach()
        _report(post, absent)
        probe = now + (PROBE_ILL if absent else PROBE_WELL)
    await post.server.close()
    return probe


def _report(post: Post, absent: Failure | None) -> None:
    if absent is None:
        post.health.ok("smtp")
    else:
        post.health.bad("smtp", absent.error)
