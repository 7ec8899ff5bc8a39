"""Plan files that two processes see differently, that are away for a moment, that come back."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.alerts.evaluator.plan_watch import LOOKS
from services.alerts.repository.plans import digest
from tests.integration.alerting import BAD
from tests.integration.alerts_workshop import Workshop, plan, told, workshop, write

OLDER, NEWER = plan(above=0.2), plan(above=0.25)
LATER = datetime(2026, 6, 2, tzinfo=UTC)


@pytest.fixture
async def shop(postgres: str) -> AsyncIterator[Workshop]:
    """One process on a database of the test's own."""
    async with workshop(postgres) as opened:
        yield opened


async def test_two_processes_that_see_different_files_do_not_take_turns(shop: Workshop, postgres: str, tmp_path: Path):
    """While an update reaches one folder after the other the newer text runs, once, and each alert is told of once."""
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
        write(folder, "plan.yaml", OLDER)
    async with workshop(postgres) as other:
        watches = [(shop, shop.watch(folders[0])), (other, other.watch(folders[1]))]
        await shop.look(watches[0][1])
        await shop.hear([told("unit", BAD)])
        write(folders[1], "plan.yaml", NEWER, LATER)
        for _ in range(6):
            for one, watch in watches:
                await one.look(watch)
    assert await shop.rows("select version from plans order by version") == [(1,), (2,)]
    assert await shop.rows("select count(*) from outbox") == [(1,)]
    (refusal,) = watches[0][1].refusals
    assert "this is version 1 of the plan, and version 2 has replaced it" in refusal.message


async def test_an_older_text_runs_when_someone_says_so(shop: Workshop, tmp_path: Path):
    """Adopted, it is the plan's next version, and the file that says otherwise is refused."""
    watch = shop.watch(tmp_path)
    for text, changed in ((OLDER, datetime(2026, 6, 1, tzinfo=UTC)), (NEWER, LATER)):
        write(tmp_path, "plan.yaml", text, changed)
        await shop.look(watch)
    assert await watch.adopt("plan", digest(OLDER)) == 3
    await shop.look(watch)
    assert (await shop.rounds.running())["plan"].hash == digest(OLDER)
    assert len(watch.refusals) == 1
    assert await watch.adopt("plan", digest("never seen")) is None
    assert await watch.adopt("other", digest(OLDER)) is None


async def test_a_file_that_is_away_for_a_look_ends_nothing(shop: Workshop, tmp_path: Path):
    """An editor or rsync takes a file away and puts it back: nobody is mailed."""
    watch = shop.watch(tmp_path)
    write(tmp_path, "plan.yaml", OLDER)
    write(tmp_path, "other.yaml", plan("sickness", name="other"))
    await shop.look(watch)
    await shop.hear([told("unit", BAD)])
    for _ in range(3):
        (tmp_path / "plan.yaml").unlink()
        for _ in range(LOOKS - 1):
            await shop.look(watch)
        write(tmp_path, "plan.yaml", OLDER)
        await shop.look(watch)
    assert await shop.rows("select count(*), count(withdrawn) from plans") == [(2, 0)]
    assert await shop.rows("select count(*) from outbox") == [(2,)]


async def test_a_plan_that_comes_back_goes_on_where_it_was(shop: Workshop, tmp_path: Path):
    """Away long enough it ends; the same text again is the same version, with its episodes, and mails nobody."""
    watch = shop.watch(tmp_path)
    write(tmp_path, "plan.yaml", OLDER)
    write(tmp_path, "other.yaml", plan("sickness", name="other"))
    await shop.look(watch)
    await shop.hear([told("unit", BAD)])
    (tmp_path / "plan.yaml").unlink()
    for _ in range(LOOKS):
        await shop.look(watch)
    assert set(await shop.states()) == {"sickness unit"}
    write(tmp_path, "plan.yaml", OLDER)
    await shop.look(watch)
    assert set(await shop.states()) == {"leavers unit", "sickness unit"}
    assert await shop.rows("select version, withdrawn from plans where plan = 'plan'") == [(1, None)]
    assert await shop.rows("select count(*), count(ended) from episodes where plan = 'plan'") == [(1, 0)]
    assert await shop.rows("select count(*) from outbox where episode like 'ep%'") == [(2,)]


async def test_an_empty_folder_ends_nothing(shop: Workshop, tmp_path: Path):
    """A volume that is not mounted is no wish to stop."""
    watch = shop.watch(tmp_path)
    write(tmp_path, "plan.yaml", OLDER)
    await shop.look(watch)
    (tmp_path / "plan.yaml").unlink()
    for _ in range(3 * LOOKS):
        await shop.look(watch)
    assert set(await shop.rounds.running()) == {"plan"}
