"""A new release that counts by other rules, rolled out while events arrive."""

from collections.abc import Sequence
from pathlib import Path

from tests import builders as make
from tests.fakes.newer_release import RULES, newer
from tests.integration.metering import (
    Killable,
    caught_up,
    clean_pass,
    fetch,
    killable,
    message,
    net_anomalies,
    net_facts,
    send,
    standing,
)
from tests.integration.mixed_logs import shuffled_year
from tests.polling import until

NEWER = "tests.fakes.newer_release"


async def test_a_release_is_rolled_out(tmp_path: Path):
    """Two replicas of the new one beside an old one; the one that remakes the ledger is killed; events arrive.

    The facts are those of one clean pass by the new rules, and the old one takes nothing in any more.
    """
    log = shuffled_year(2_500)
    first, second, third = log[:1_500], log[1_500:2_000], log[2_000:]
    async with standing(tmp_path) as stack, killable(stack, "metrics") as old:
        servers, database = stack.kafka_bootstrap_servers, stack.database_url
        await send(servers, map(message, first))
        await caught_up(stack)
        async with killable(stack, "metrics", NEWER) as one:
            await middle(database)
            one.kill()
            await one.ended()
            await send(servers, map(message, second))
            async with killable(stack, "metrics", NEWER) as other:
                await one.start()
                await send(servers, map(message, third))
                await switched(database)
                await caught_up(stack)
                await agrees(database, log)
                await told(one, other, old)


async def middle(database: str) -> None:
    """Wait until a part of the ledger is remade."""

    async def begun() -> bool:
        ((done, total),) = await fetch(database, "select done, total from metrics.rules")
        return bool(0 < done < total)

    await until(begun, "a part of the ledger to be remade")


async def switched(database: str) -> None:
    """Wait until the ledger is counted by the new rules."""

    async def holds() -> bool:
        ((rules,),) = await fetch(database, "select rules from metrics.rules")
        return bool(rules == RULES)

    await until(holds, "the new rules to hold")


async def agrees(database: str, log: Sequence[make.Event]) -> None:
    """The ledger says what one clean pass by the new rules says; it was switched once."""
    with newer():
        facts, anomalies = clean_pass(log)
    assert await net_facts(database) == facts
    assert await net_anomalies(database) == anomalies
    caused = f"select count(*) from metrics.causes where type = 'stadga.rules.v{RULES}'"  # noqa: S608  (a number)
    assert [tuple(row) for row in await fetch(database, caused)] == [(1,)]


async def told(one: Killable, other: Killable, old: Killable) -> None:
    """The new replicas say that all is well, the old one why it does nothing."""
    for replica in (one, other):
        await until(replica.service.ready, "the new release to be ready")
        answer = (await replica.service.ask("/v1/ledger")).json()
        assert answer == {"rules": RULES, "release": RULES, "remaking": None, "done": None}

    async def says() -> bool:
        return f"counted by rules {RULES}" in (await old.service.problems()).get("hr.events", "")

    await until(says, "the old release to say that it is one")
    assert (await old.service.ask("/v1/metrics")).status_code == 503
