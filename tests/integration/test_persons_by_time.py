"""Who left long enough ago is erased once a day, and what of others is old enough trimmed, as a file says."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import asyncpg
import pytest

from services.metrics.intake import repository
from services.metrics.intake.repository import Cells
from services.metrics.persons import erasing, knowing, retiring, trimming
from services.metrics.persons.erasing import Order
from services.metrics.persons.retiring import Retiring
from services.metrics.persons.trimming import TrimOrder
from shared.contracts import envelope
from shared.contracts.erasings import Erasing
from shared.contracts.tenants import ALONE
from shared.contracts.topics import HR_EVENTS
from shared.kit import database, dead_letters
from shared.kit.clock import Clock
from shared.kit.dead_letters import UNLIMITED
from shared.kit.health import Health
from tests import builders as make
from tests.integration import folding
from tests.integration.metering import fetch, net_facts
from tests.integration.persons import by_unit, places

LONG_AGO = [make.employment_started("gone", "2020-01-01"), make.employment_ended("gone", "2022-04-30")]
LATELY = [make.employment_started("lately", "2020-01-01"), make.employment_ended("lately", "2022-05-01")]
BACK = [make.employment_started("back", "2019-01-01"), make.employment_ended("back", "2020-01-31")]
BACK += [make.employment_started("back", "2023-01-01", employment="second")]
PERSONS = "select subject, key from metrics.parts where key in ('job', 'erased') order by subject"


@pytest.fixture
async def pool(postgres: str) -> AsyncIterator[asyncpg.Pool]:
    """Connections to a fresh database with somebody who left, somebody who left a day later, somebody who is back."""
    async with database.pool(postgres, "metrics") as opened:
        await repository.positions(opened, [(HR_EVENTS.name, 0)])
        await folding.write(opened, [*LONG_AGO, *LATELY, *BACK], 0)
        yield opened


def by_time(pool: asyncpg.Pool, file: Path, today: str) -> tuple[Retiring, Health]:
    """What erases by time on a day, and what it says of itself."""
    clock = Clock(folding.ZONE, date.fromisoformat(today))
    health = Health(clock, retiring.PART)

    async def erase(over: asyncpg.Pool, order: Order) -> Erasing:
        return await erasing.erase(over, Cells(over), order, ALONE)

    async def trim(over: asyncpg.Pool, order: TrimOrder) -> Erasing | None:
        return await trimming.trim(over, Cells(over), order, ALONE, envelope.encode)

    return Retiring(pool, str(file), clock, health, erase, trim), health


async def held(url: str) -> dict[str, str]:
    """By person, whether a record is there or that they are erased."""
    return {row["subject"]: row["key"] for row in await fetch(url, PERSONS)}


async def test_whose_time_is_up(pool: asyncpg.Pool, postgres: str, tmp_path: Path):
    """Nobody a day too early, and not who is back; sums stay, and a day later it is the next one's turn."""
    file = tmp_path / "retention.yaml"
    file.write_text("persons: {keep: 2 years, why: the plan}\n")
    facts = await by_unit(postgres)
    at_first, _ = by_time(pool, file, "2024-05-01")
    assert await at_first.look()
    assert await held(postgres) == {"person/back": "job", "person/gone": "erased", "person/lately": "job"}
    assert await at_first.look()
    later, _ = by_time(pool, file, "2024-05-02")
    assert await later.look()
    assert await held(postgres) == {"person/back": "job", "person/gone": "erased", "person/lately": "erased"}
    assert await by_unit(postgres) == facts
    told = await fetch(postgres, "select by, why, persons from metrics.erasings order by at")
    assert list(map(tuple, told)) == [("retention", "the plan", 1)] * 2


async def test_a_fault_erases_nobody(pool: asyncpg.Pool, postgres: str, tmp_path: Path):
    """It is told with its place, and what was wrong is mended by the next look."""
    file = tmp_path / "retention.yaml"
    file.write_text("persons:\n  keep: two years\n")
    working, health = by_time(pool, file, "2024-05-01")
    before = await net_facts(postgres)
    assert not await working.look()
    assert not health.works(retiring.PART)
    assert set((await held(postgres)).values()) == {"job"}
    assert await net_facts(postgres) == before
    file.write_text("persons:\n  keep: 2 years\n")
    assert await working.look()
    assert "erased" in (await held(postgres)).values()


async def test_what_is_put_aside_later_goes_too(pool: asyncpg.Pool, postgres: str, tmp_path: Path):
    """A message that cannot be read names somebody who is erased: it is gone with the next day."""
    file = tmp_path / "retention.yaml"
    file.write_text("persons: {keep: 2 years}\n")
    working, _ = by_time(pool, file, "2024-05-01")
    await working.look()
    letter = dead_letters.DeadLetter(
        HR_EVENTS.name, 0, 99, b"person/gone", b'{"subject": "person/gone"', "not_json", ""
    )
    other = letter._replace(offset=100, key=b"person/lately", value=b'{"subject": "person/lately"')
    async with pool.acquire() as connection, connection.transaction():
        await dead_letters.bury(connection, [letter, other], UNLIMITED)
    later, _ = by_time(pool, file, "2024-05-01")
    await later.look()
    [left] = await fetch(postgres, 'select "offset" from metrics.dead_letters')
    assert left["offset"] == other.offset


def of_years(person: str) -> list[make.Event]:
    """Somebody who works here, and what there is of each family of long ago, and of lately."""
    told = [make.employment_started(person, "2015-01-01", "u1", gender="f", born=1980, id=f"{person}-s")]
    for year in (2017, 2023):
        time = make.time_reported(person, f"{year}-03-01", f"{year}-03-31", 150, id=f"{person}-t{year}")
        told += [
            make.absence_started(person, f"x{year}", f"{year}-02-06", id=f"{person}-a{year}"),
            make.absence_ended(person, f"x{year}", f"{year}-03-20", id=f"{person}-b{year}"),
            time,
            make.corrected(time, worked_hours=140, id=f"{person}-k{year}"),
            make.caseload_reported(person, f"{year}-05-01", 12, id=f"{person}-c{year}"),
            make.milestone_reached(person, "introduction_started", f"{year}-06-01", id=f"{person}-i{year}"),
            make.milestone_reached(person, "check_in_held", f"{year}-06-01", id=f"{person}-h{year}"),
            make.bonus_paid(person, f"{year}-07-01", id=f"{person}-p{year}"),
            make.absence_ended(person, f"n{year}", f"{year}-08-01", id=f"{person}-n{year}"),
        ]
    return [*told, make.caseload_reported(person, "2018-05-01", 10, id=f"{person}-holds")]


STAYS = [one for person in ("ida", "bo") for one in of_years(person)]
FAMILIES = """
persons: {keep: forever, why: they work here}
families:
  absence: {keep: 5 years, why: health}
  bonus: {keep: 4 years}
  caseload: {keep: 4 years}
  milestone: {keep: 4 years}
  time: {keep: 3 years, why: working hours}
"""


async def test_families_that_are_old_enough(pool: asyncpg.Pool, postgres: str, tmp_path: Path):
    """What is old goes, all of it and nothing else; sums of units stay, and who works here still is known."""
    await folding.write(pool, STAYS, 0, len([*LONG_AGO, *LATELY, *BACK]))
    file = tmp_path / "retention.yaml"
    file.write_text(FAMILIES)
    facts = await by_unit(postgres)
    working, _ = by_time(pool, file, "2024-05-01")
    assert await working.look()
    assert await by_unit(postgres) == facts
    for person in ("ida", "bo"):
        known = await knowing.known(pool, person, date(2024, 5, 1))
        assert {event.id for event in known.events} == {
            one["id"] for one in of_years(person) if "2017" not in one["id"]
        }
        assert known.erased is None
        assert known.trimmed["time"] == date(2021, 4, 30)
        assert known.anomalies == {"end_without_start": 1}
        assert [await places(postgres, f"{person}-{name}2017") for name in "abnihpc"] == [[]] * 7
        corrected = [place for name in "tk" for place in await places(postgres, f"{person}-{name}2017")]
        assert not any("hr.time" in place or "retracted" in place for place in corrected)
    decided = await fetch(postgres, "select family, why, persons, events from metrics.erasings order by family")
    assert list(map(tuple, decided)) == [
        ("absence", "health", 2, 6),
        ("bonus", "retention", 2, 2),
        ("caseload", "retention", 2, 2),
        ("milestone", "retention", 2, 4),
        ("time", "working hours", 2, 2),
    ]
    again, _ = by_time(pool, file, "2024-05-02")
    assert await again.look()
    assert len(await fetch(postgres, "select id from metrics.erasings")) == len(decided)


async def test_not_a_day_too_early(pool: asyncpg.Pool, postgres: str, tmp_path: Path):
    """A month that ended three years ago today is trimmed tomorrow."""
    told = [make.employment_started("ida", "2020-01-01"), make.time_reported("ida", "2021-04-30", "2021-04-30", 8)]
    await folding.write(pool, told, 0, len([*LONG_AGO, *LATELY, *BACK]))
    file = tmp_path / "retention.yaml"
    file.write_text("persons: {keep: 9 years}\nfamilies:\n  time: {keep: 3 years}\n")
    for day, gone in (("2024-04-30", 0), ("2024-05-01", 1)):
        working, _ = by_time(pool, file, day)
        assert await working.look()
        assert len(await fetch(postgres, "select id from metrics.erasings")) == gone


async def test_who_is_trimmed_is_not_erased(pool: asyncpg.Pool, postgres: str, tmp_path: Path):
    """Messages put aside about them stay, and contradictions name them, but for those that are none any more."""
    long = make.time_reported("ida", "2017-09-01", "2017-09-01", 99)
    await folding.write(pool, [*STAYS, long], 0, len([*LONG_AGO, *LATELY, *BACK]))
    letter = dead_letters.DeadLetter(HR_EVENTS.name, 0, 99, b"person/ida", b'{"subject": "person/ida"', "not_json", "")
    async with pool.acquire() as connection, connection.transaction():
        await dead_letters.bury(connection, [letter], UNLIMITED)
    file = tmp_path / "retention.yaml"
    file.write_text(FAMILIES)
    working, _ = by_time(pool, file, "2024-05-01")
    assert await working.look()
    assert len(await fetch(postgres, "select from metrics.dead_letters")) == 1
    named = await fetch(postgres, "select subject, sum(delta) n from metrics.anomalies group by 1 order by 1")
    assert [tuple(row) for row in named] == [("person/bo", 1), ("person/ida", 1), (None, 0)]
