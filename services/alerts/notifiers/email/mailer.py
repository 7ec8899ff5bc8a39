"""Delivers the waiting mails: claim, write, send, settle; again when woken, or every so often."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import asyncpg
import msgspec
import structlog
from prometheus_client import Counter

from services.alerts.domain.letter.delivery import DeliveryOutcome, Failure, GiveUp, Policy, after
from services.alerts.domain.letter.entries import Surroundings
from services.alerts.notifiers.email import holding, watching
from services.alerts.notifiers.email.letter import Letter, Sender
from services.alerts.notifiers.email.server import MailServer
from services.alerts.notifiers.email.signature import Sign, unsigned
from services.alerts.notifiers.email.writing import written
from services.alerts.repository import bounces, bundles, held, outbox, turns, unfinished
from services.alerts.repository.outbox import Waiting
from shared.kit.clock import Clock
from shared.kit.database import TRANSIENT, expected
from shared.kit.health import Health
from shared.kit.waiting import heed, within

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
    read: Callable[[], Awaitable[datetime | None]]
    """A moment by which all that was told of values has been read; None while that is not so."""
    sign: Sign = unsigned


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
        still = await post.read() if await outbox.ripe(post.pool, now, post.clock.today()) else None
        if still:
            await watching.begin(post.pool, min(still, now))
        waiting = await _take(post, now, until, still)
        await holding.summarise(post.pool, now, post.policy)
        post.health.ok("database")
        await _deliver(post, waiting, until)
    except TRANSIENT as error:
        if not expected(error):
            raise
        post.health.bad("database", str(error) or type(error).__name__)
        return False
    return bool(waiting)


async def _take(post: Post, now: datetime, until: datetime, still: datetime | None) -> list[Waiting]:
    """Let go what had settled by the moment ``still``, that of one recipient together; hold back what is too much;
    lease what is due."""
    async with post.pool.acquire() as connection, connection.transaction():
        await turns.begin_post(connection)
        if still:
            released = await outbox.release(connection, min(still, now), post.clock.today())
            await unfinished.say(connection, released)
            await bundles.form(connection, released, now)
        no_good = await bounces.hold_back(connection)
        reasons = await held.hold(connection, now, post.policy)
        waiting = await outbox.claim(connection, now, until, BURST, post.policy.hourly)
    for outcome, some in (("held", reasons), ("failed", no_good)):
        for reason in some:
            post.deliveries.labels(outcome, reason).inc()
    if reasons:
        log.warning("mails held back: too many for their recipients in an hour", mails=len(reasons))
    return waiting


async def _deliver(post: Post, waiting: list[Waiting], until: datetime) -> None:
    """Send each letter; once the server is away, none of the rest is tried. What the lease cannot cover is left."""
    absent: Failure | None = None
    for mails in _letters(waiting):
        if post.clock.now() + post.policy.timeout > until:
            return
        made = await asyncio.to_thread(written, mails, await _around(post, mails[0]), post.sender)
        for mail, fault in made.faults:
            await _settle_within(post, [mail], fault, until)
        if made.letter is None:
            continue
        failure = absent or await post.server.send(await asyncio.to_thread(_signed, post, made.letter))
        absent = failure if failure and failure.fault == "unreachable" else None
        _report(post, absent)
        await _settle_within(post, made.mails, failure or made.letter, until)


def _signed(post: Post, letter: Letter) -> Letter:
    return msgspec.structs.replace(letter, body=post.sign(letter.body))


async def _around(post: Post, mail: Waiting) -> Surroundings | None:
    return await bundles.load(post.pool, mail.bundle) if mail.bundle else None


def _letters(waiting: Iterable[Waiting]) -> Iterable[list[Waiting]]:
    """What leaves at once: the mails of a bundle, or one that is alone."""
    found: dict[str, list[Waiting]] = {}
    for mail in waiting:
        found.setdefault(mail.bundle or mail.id, []).append(mail)
    return found.values()


async def _settle_within(post: Post, mails: Sequence[Waiting], result: Letter | Failure, until: datetime) -> None:
    """Settle, also across an outage of the database: a mail that was sent is not sent again for want of a note."""
    while True:
        try:
            return await _settle(post, mails, result)
        except TRANSIENT as error:
            post.health.bad("database", str(error) or type(error).__name__)
            if not expected(error) or post.clock.now() >= until:
                raise
            await asyncio.sleep(SETTLE_AGAIN)


async def _settle(post: Post, mails: Sequence[Waiting], result: Letter | Failure) -> None:
    now = post.clock.now()
    if isinstance(result, Letter):
        await outbox.sent(post.pool, mails, result.message_id, now)
        return _count(post, mails, "sent")
    attempts, put_off = max(mail.attempts for mail in mails) + 1, [mail.answered for mail in mails if mail.answered]
    log.warning("a mail was not delivered", mail=mails[0].id, mails=len(mails), fault=result.fault, attempt=attempts)
    answered = min(put_off, default=now if result.fault == "temporary" else None)
    then = after(result, attempts, answered or now, now, post.policy)
    if isinstance(then, GiveUp):
        await outbox.failed(post.pool, mails, result.error)
        return _count(post, mails, "failed")
    await outbox.deferred(post.pool, mails, then.due, result.error, answered)
    return _count(post, mails, "deferred")


def _count(post: Post, mails: Iterable[Waiting], outcome: DeliveryOutcome) -> None:
    for mail in mails:
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
