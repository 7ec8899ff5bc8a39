"""A log partly sealed comes to the same as one that never was; harm to keys loses nothing, a rotation changes none."""

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cli.local.stack import Stack
from shared.kit.sealing.destroying import destroy
from tests import builders as make
from tests.integration.loading import STREAM, WHOLE, taking
from tests.integration.loading import database as empty_database
from tests.integration.metering import (
    Message,
    caught_up,
    clean_pass,
    fetch,
    message,
    net_anomalies,
    net_facts,
    send,
    standing,
)
from tests.integration.mixed_logs import shuffled, shuffled_year
from tests.integration.sealing import Vault, everybody, master, put, rotating, write
from tests.polling import until

OLD, NEW, WRONG = master("2026"), master("2027"), master("of another house")
EVENTS = 1_500


@pytest.fixture(scope="module")
def events() -> list[make.Event]:
    """A hostile year, shuffled and with repeats."""
    return shuffled(shuffled_year(EVENTS))


@pytest.fixture(scope="module")
def vault() -> Vault:
    """Everybody's keys, by the old master key."""
    return Vault(OLD)


@pytest.fixture(scope="module")
async def stack(
    tmp_path_factory: pytest.TempPathFactory, events: list[make.Event], vault: Vault
) -> AsyncIterator[Stack]:
    """Kafka with the log, of which every other event is sealed; rubbish among the keys."""
    chance = random.Random(3)  # noqa: S311  (a seed makes the same choice each time)
    sent = [vault.sealed(event) if chance.random() < 0.5 else message(event) for event in events]
    async with standing(tmp_path_factory.mktemp("sealed")) as running:
        servers = running.kafka_bootstrap_servers
        rubbish = [(b"p_x|1", b"no key"), (b"\xff", b"\xff"), (b"p_x|2", b'{"master":1}'), (b"p_y|1", None)]
        await put(servers, [*rubbish, *vault.wrapped(), *rubbish])
        await send(servers, sent)
        yield running


def spoilt(file: Path) -> None:
    """No master key is in it."""
    file.write_text("no keys")


async def test_the_wrong_master_key(stack: Stack, events: list[make.Event], tmp_path: Path):
    """The service waits and says for which key; nothing is put aside; with the right file it goes on by itself.

    By the stream: the facts and contradictions of the log that never was sealed.
    """
    file, url = write(tmp_path / "keys", WRONG), await empty_database(stack)
    async with taking(stack, url, STADGA_MASTER_KEY_FILE=file, **STREAM) as process:

        async def says(words: str) -> bool:
            return any(words in problem for problem in (await process.service.problems()).values())

        await until(lambda: says(f'lacks the master key "2026" (fingerprint {OLD.print})'), "what is missing")
        write(Path(file), WRONG._replace(name="2026"))
        await until(lambda: says("is another one than the one"), "that another has its name")
        spoilt(Path(file))
        await until(lambda: says("line 1: expected NAME: KEY"), "that the file has a fault")
        assert await fetch(url, "select 1 from metrics.dead_letters") == []
        assert await fetch(url, "select 1 from metrics.offsets where next > 0") == []
        write(Path(file), NEW, OLD)
        await caught_up(stack, url)
    assert (await net_facts(url), await net_anomalies(url)) == clean_pass(events)


async def test_rotated(stack: Stack, events: list[make.Event], vault: Vault, tmp_path: Path):
    """Killed and run again; then loaded whole with the new master key alone: the same facts.

    A master key that is missing changes nothing, and another run has nothing to do.
    """
    file, servers = write(tmp_path / "keys", NEW, OLD), stack.kafka_bootstrap_servers
    missing = await rotating(servers, write(tmp_path / "other", NEW))
    assert missing.code == 1
    assert 'lacks the master key "2026"' in missing.err
    killed = await rotating(servers, file, kill=True)
    assert killed.code == -9
    for anew in (True, False):
        done = await rotating(servers, file)
        assert done.code == 0, done.err
        assert f'of {len(vault.keys)} keys were wrapped by "2027"' in done.out
        assert anew or "done: 0 of" in done.out
    assert {held.master for held in await everybody(servers)} == {"2027"}
    alone, url = write(tmp_path / "keys", NEW), await empty_database(stack)
    async with taking(stack, url, STADGA_MASTER_KEY_FILE=alone, **WHOLE):
        await caught_up(stack, url)
    assert (await net_facts(url), await net_anomalies(url)) == clean_pass(events)


async def test_destroyed_and_exchanged(stack: Stack, vault: Vault, tmp_path: Path):
    """While it runs: a ciphertext under another's name is put aside, and events of a destroyed key are erased."""
    file, url, servers = write(tmp_path / "keys", NEW, OLD), await empty_database(stack), stack.kafka_bootstrap_servers
    fresh = Vault(OLD)
    joined = [fresh.sealed(make.employment_started(name, "2024-01-01")) for name in ("p_ann", "p_bo")]
    await put(servers, fresh.wrapped())
    async with taking(stack, url, STADGA_MASTER_KEY_FILE=file, **STREAM) as process:
        await send(servers, joined)
        await caught_up(stack, url)
        before = await net_facts(url)

        ann = joined[0].value or b""
        ids = {name: key.partition("|")[2] for name, (key, _) in fresh.keys.items()}
        exchanged = ann.replace(b"p_ann", b"p_bo").replace(ids["p_ann"].encode(), ids["p_bo"].encode())
        await send(servers, [Message(exchanged, b"person/p_bo")])
        await caught_up(stack, url)
        [row] = await fetch(url, "select reason, error from metrics.dead_letters")
        assert row["reason"] == "not_unsealed"
        assert "another subject" in row["error"]

        assert await destroy(servers, ["p_ann"]) == 1
        assert await destroy(servers, ["p_ann"]) == 0
        more = [fresh.sealed(make.absence_started("p_ann", f"a{n}", "2024-02-01")) for n in range(3)]
        unknown = Vault(OLD)
        more += [unknown.sealed(make.employment_started("p_never", "2024-01-01"))]
        await send(servers, more)
        await caught_up(stack, url)

        async def erased() -> bool:
            return await process.service.counted("stadga_metrics_events_total", outcome="erased") == len(more)

        await until(erased, "what was erased to be counted")
        assert await net_facts(url) == before
        assert len(await fetch(url, "select 1 from metrics.dead_letters")) == 1
