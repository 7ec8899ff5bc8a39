"""Plan files that two processes see differently, that are away for a moment, that come back."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import msgspec
import pytest

from services.alerts.domain.plan.plan import Plan, digest
from services.alerts.repository import plans
from services.alerts.rounds.plan_watch import LOOKS
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


async def test_a_plan_that_the_database_refuses_holds_up_no_other(
    shop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Also where nobody foresaw why: it is told, what is gone does not end meanwhile, and the others run."""
    adopt = plans.adopt

    async def refuses(connection: asyncpg.Connection, what: Plan, text: str, *more: str | datetime) -> None:
        await adopt(connection, what, text + "\0" if what.id == "bad" else text, *more)

    monkeypatch.setattr(plans, "adopt", refuses)
    watch = shop.watch(tmp_path)
    write(tmp_path, "gone.yaml", plan("sickness", name="gone"))
    await shop.look(watch)
    (tmp_path / "gone.yaml").unlink()
    write(tmp_path, "a.yaml", plan(name="bad"))
    write(tmp_path, "b.yaml", OLDER)
    for _ in range(2 * LOOKS):
        await shop.look(watch)
    assert set(await shop.rounds.running()) == {"gone", "plan"}
    told_of = 'a.yaml:1:1: plan "bad" cannot run: CharacterNotInRepertoireError'
    assert [str(one) for one in watch.refusals] == [told_of]
    assert [part.problem for part in shop.health.report() if part.name == "plan"] == [told_of]


async def test_files_made_to_harm_are_told_of_and_hold_up_no_other(shop: Workshop, tmp_path: Path):
    """A pipe, a device, a name that is not text, texts with NUL or half a character: all in one folder with a plan."""
    os.mkfifo(tmp_path / "a.yaml")
    (tmp_path / "b.yaml").symlink_to("/dev/zero")
    write(tmp_path, os.fsdecode(b"c\xff.yaml"), 'plan: "\\ud800"')
    write(tmp_path, "d.yaml", plan(name="nul") + 'title: "a\\0b"\n')
    write(tmp_path, "e.yaml", plan(name="half").replace("leaver_rate_own_request", '"\\ud800"'))
    write(tmp_path, "f.yaml", OLDER)
    watch = shop.watch(tmp_path)
    await shop.look(watch)
    assert set(await shop.rounds.running()) == {"plan"}
    assert [one.file for one in watch.refusals] == ["a.yaml", "b.yaml", "c\\xff.yaml", "d.yaml", "e.yaml"]
    msgspec.json.encode([watch.refusals, shop.health.report()])


async def test_a_limit_that_moves_is_what_the_mail_is_about(shop: Workshop, tmp_path: Path):
    """Raised past the value it ends the alert, lowered again it begins one: each mail has both limits and the value."""
    watch = shop.watch(tmp_path)
    await shop.hear([told("unit", 0.3)])
    for day, limit in enumerate((0.2, 0.4, 0.25), start=1):
        write(tmp_path, "plan.yaml", plan(above=limit), datetime(2026, 6, day, tzinfo=UTC))
        await shop.look(watch)
    mails = await shop.rows(
        "select reason, occasion -> 'threshold', occasion #> '{moved,threshold}', occasion #> '{moved,value}'"
        " from outbox order by created"
    )
    assert mails == [
        ("hold_met", "0.2", None, None),
        ("limit_moved", "0.4", "0.2", "0.3"),
        ("hold_met", "0.25", "0.4", "0.3"),
    ]
