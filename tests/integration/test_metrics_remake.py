"""A release that counts by other rules: the ledger is remade, exactly, whatever happens meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import nullcontext

import asyncpg
import pytest

from services.metrics.intake import batch, remake, repository
from services.metrics.intake.repository import Cells, OffsetRange
from services.metrics.ledger import reading as ledger
from services.metrics.ledger import rules
from services.metrics.ledger import rules_statements as sql
from services.metrics.ledger.rules import RemakingError, RulesError
from shared.contracts.dead_letters import Place
from shared.kit.database import pool as opened
from shared.kit.dead_letters import DeadLetter, Limits
from tests import builders as make
from tests.fakes.newer_release import RULES, newer, same_rules
from tests.integration import mixed_logs
from tests.integration.metering import Facts, clean_pass, net_anomalies, net_facts

AT = ("hr.events", 0)
MANY = Limits(0, 0)
SMALL = 200
"""Rows of a portion: the log has many times as many."""


@pytest.fixture(scope="module")
def log() -> list[make.Event]:
    """One log for all tests: they do not change it."""
    return mixed_logs.shuffled_year(2_500)


@pytest.fixture
async def pool(postgres: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[asyncpg.Pool]:
    """A fresh database; remaking it takes many portions."""
    monkeypatch.setattr(remake, "ROWS", SMALL)
    async with opened(postgres, "metrics", 6) as found:
        await repository.positions(found, [AT])
        yield found


async def take_in(pool: asyncpg.Pool, events: Sequence[make.Event], size: int = 500) -> None:
    """Fold events as messages of one partition."""
    cells = Cells(pool)
    for n in range(0, len(events), size):
        first = (await repository.positions(pool, [AT]))[AT].next
        some = [DeadLetter(*AT, first + i, None, make.encoded(e), "", "") for i, e in enumerate(events[n : n + size])]
        await batch.write(pool, cells, [OffsetRange(AT, first, first + len(some))], batch.decode(some), MANY, 1)


async def remade(pool: asyncpg.Pool, show: Callable[[rules.RulesInForce], None] = lambda _: None) -> None:
    """Have the ledger counted by the rules of this process."""
    await remake.ensure(pool, show)


async def agrees(postgres: str, events: Sequence[make.Event]) -> None:
    """The ledger says what one clean pass by the rules of this process says."""
    facts, anomalies = clean_pass(events)
    assert await net_facts(postgres) == facts
    assert await net_anomalies(postgres) == anomalies


async def test_a_new_release_remakes_the_ledger(pool: asyncpg.Pool, postgres: str, log: list[make.Event]):
    """What the old one counted is counted anew, and what arrives afterwards goes on from there."""
    await take_in(pool, log[:2_000])
    with newer():
        with pytest.raises(RulesError):
            await take_in(pool, log[2_000:])
        await remade(pool)
        await agrees(postgres, log[:2_000])
        await take_in(pool, log[2_000:])
        await agrees(postgres, log)


async def test_the_same_facts_by_other_rules_change_nothing(pool: asyncpg.Pool, log: list[make.Event]):
    """Only what differs is added: of nothing, nothing; no row of a record is written anew."""
    await take_in(pool, log)
    before = await pool.fetchval("select count(*) from facts")
    kept = await pool.fetch("select subject, key, ctid from parts where section = 0 order by 1, 2")
    with same_rules():
        await remade(pool)
        await rules.check(pool)
    assert await pool.fetchval("select count(*) from facts") == before
    assert await pool.fetch("select subject, key, ctid from parts where section = 0 order by 1, 2") == kept


async def test_a_difference_past_the_range(pool: asyncpg.Pool, log: list[make.Event]):
    """What was counted wrong by more than 64 bits hold is taken back to the last of it."""
    await take_in(pool, log[:200])
    batch_of = await pool.fetchval("select max(batch) from facts")
    wrong = [(batch_of, 1, 105, 738_000, amount) for amount in (2**62, 2**62, 2**62, 5)]
    await pool.executemany("insert into facts values ($1, $2, $3, $4, $5)", wrong)
    with same_rules():
        await remade(pool)
    assert await pool.fetchval("select sum(delta) from facts where day = 738000 and measure = 105") == 0


async def test_a_crash_in_the_middle_goes_on(pool: asyncpg.Pool, postgres: str, log: list[make.Event]):
    """What was counted before it is not counted again."""
    await take_in(pool, log)
    with newer():
        done = await interrupted(pool, after=4)
        assert 0 < done[-1].done < done[-1].total
        assert await net_facts(postgres) != clean_pass(log)[0]
        seen = list[int]()
        await remade(pool, lambda standing: seen.append(standing.done))
        assert seen[0] > done[-1].done
        await agrees(postgres, log)


async def test_an_old_release_goes_on_after_the_new_one_crashed(
    pool: asyncpg.Pool, postgres: str, log: list[make.Event]
):
    """The new one then starts anew: it does not know what was folded meanwhile."""
    await take_in(pool, log[:2_000])
    with newer():
        await interrupted(pool, after=4)
    await take_in(pool, log[2_000:])
    await agrees(postgres, log)
    with newer():
        await remade(pool)
        await agrees(postgres, log)


async def test_two_replicas_remake_it_once(pool: asyncpg.Pool, postgres: str, log: list[make.Event]):
    """The one that comes second finds it done."""
    await take_in(pool, log)
    batches = await pool.fetchval("select count(*) from batches")
    with newer():
        await asyncio.gather(remade(pool), remade(pool), remade(pool))
        await agrees(postgres, log)
    assert await pool.fetchval("select count(*) from batches") == batches + 1


async def test_nothing_is_folded_meanwhile(pool: asyncpg.Pool, log: list[make.Event]):
    """Neither by the old release nor by the new one; a message that was put aside is not taken in either."""
    await take_in(pool, log[:500])
    place = Place("hr.events", 0, 0)
    async with pool.acquire() as connection:
        await connection.execute(sql.HOLD_LEDGER)
        for release in (nullcontext, newer):
            with release():
                with pytest.raises(RemakingError):
                    await take_in(pool, log[500:])
                with pytest.raises(RemakingError):
                    await batch.again(pool, Cells(pool), place)
        await connection.execute(sql.LET_LEDGER_GO)
    await take_in(pool, log[500:1_000])


async def test_an_old_release_is_kept_out_after_the_switch(pool: asyncpg.Pool, postgres: str, log: list[make.Event]):
    """It may neither add to the ledger nor read it."""
    await take_in(pool, log[:1_000])
    with newer():
        await remade(pool)
    with pytest.raises(RulesError):
        await take_in(pool, log[1_000:])
    with pytest.raises(RulesError):
        await ledger.mark(pool)
    with pytest.raises(RulesError):
        await remade(pool)
    assert (await repository.positions(pool, [AT]))[AT].next == 1_000


async def test_what_was_known_before_stays_known(pool: asyncpg.Pool, postgres: str, log: list[make.Event]):
    """The switch is one batch with a cause of its own: before it the ledger says what the old release said."""
    await take_in(pool, log)
    old = await net_facts(postgres)
    with newer():
        await remade(pool)
    switch = await pool.fetchval("select max(id) from batches")
    causes = await pool.fetch("select type, events, cells, measures from causes where batch = $1", switch)
    assert [tuple(cause) for cause in causes] == [(f"stadga.rules.v{RULES}", 0, None, None)]
    assert await known(pool, switch) == old


async def test_an_operator_may_go_back(pool: asyncpg.Pool, postgres: str, log: list[make.Event]):
    """The statement of docs/operations.md has the release before remake the ledger by its own rules."""
    await take_in(pool, log[:1_000])
    with newer():
        await remade(pool)
        await take_in(pool, log[1_000:])
    await pool.execute("update metrics.rules set rules = 0")
    await remade(pool)
    await agrees(postgres, log)


async def test_an_empty_ledger_is_of_any_rules(pool: asyncpg.Pool, postgres: str, log: list[make.Event]):
    """A first start needs nothing remade."""
    with newer():
        await remade(pool)
        await take_in(pool, log[:500])
        await agrees(postgres, log[:500])


class CrashedError(Exception):
    """As the process would end."""


async def interrupted(pool: asyncpg.Pool, after: int) -> list[rules.RulesInForce]:
    """A remake that ends after so many portions; how far it was."""
    seen = list[rules.RulesInForce]()

    def crash(standing: rules.RulesInForce) -> None:
        seen.append(standing)
        if len(seen) == after:
            raise CrashedError

    with pytest.raises(CrashedError):
        await remade(pool, crash)
    return seen


async def known(pool: asyncpg.Pool, before: int) -> Facts:
    """What the ledger held before a batch."""
    query = """
        select unit, occupation, gender, age, measure, day, sum(delta)::bigint as delta
        from facts join cells on cells.id = facts.cell where batch < $1
        group by 1, 2, 3, 4, 5, 6 having sum(delta) <> 0
    """
    return {tuple(row)[:6]: row["delta"] for row in await pool.fetch(query, before)}
