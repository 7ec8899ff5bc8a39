"""Nobody is mailed of a value before it has been still for a while, on a real database."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from services.alerts.domain.alert.occasion import Occasion
from services.alerts.repository import bundles, outbox, unfinished
from services.alerts.repository.outbox import Waiting
from services.alerts.rounds.clearing import Clearing
from shared.contracts.deliveries import DeliveriesReported, OpenDelivery
from shared.contracts.metrics import GroupComputed
from tests.integration.alerting import BAD, GOOD
from tests.integration.alerts_workshop import Workshop, plan, told, workshop, write

PLAN = plan().replace("settle: 0s", "settle: 2m")
STILL = timedelta(minutes=2)


@pytest.fixture
async def shop(postgres: str, tmp_path: Path) -> AsyncIterator[Workshop]:
    """One process on a database of the test's own, where a plan runs whose mails wait two minutes."""
    async with workshop(postgres) as opened:
        write(tmp_path, "plan.yaml", PLAN)
        await opened.look(opened.watch(tmp_path))
        yield opened


async def sendable(shop: Workshop, after: timedelta) -> list[Waiting]:
    """The mails that may be sent so long after now; they are not sent."""
    now = shop.clock.now() + after
    async with shop.pool.acquire() as connection, connection.transaction():
        released = await outbox.release(connection, now, shop.clock.today())
        await unfinished.say(connection, released)
        await bundles.form(connection, released, now)
        return await outbox.claim(connection, now, now, 100, 60)


def said(mail: Waiting) -> float | None:
    """The value that a mail says."""
    return msgspec.json.decode(mail.occasion, type=Occasion).measured.value


def bundles_of(mails: list[Waiting]) -> list[int]:
    """How many notices leave in each letter."""
    return sorted(Counter(mail.bundle or mail.id for mail in mails).values())


async def due(shop: Workshop) -> datetime:
    """When the only mail may be sent."""
    ((found,),) = await shop.rows("select due from outbox")
    assert isinstance(found, datetime)
    return found


async def test_a_step_is_told_at_once_and_mailed_once_it_is_still(shop: Workshop):
    """The API and workforce.alerts have it; the mail waits for two minutes without another value."""
    await shop.hear([told("unit", BAD)])
    assert await shop.states() == {"leavers unit": "firing"}
    assert await shop.rows("select body ->> 'new' from transitions") == [("firing",)]
    assert await sendable(shop, STILL / 2) == []
    (mail,) = await sendable(shop, STILL)
    assert said(mail) == BAD


async def test_a_value_that_moves_is_waited_for_anew(shop: Workshop):
    """One mail, with the last number."""
    await shop.hear([told("unit", BAD)])
    before = await due(shop)
    await shop.hear([told("unit", BAD + 0.1, revision=2)])
    assert await due(shop) > before
    (mail,) = await sendable(shop, STILL + timedelta(seconds=1))
    assert said(mail) == BAD + 0.1


async def test_half_a_file_is_told_to_nobody(shop: Workshop):
    """What the rest of it takes back is decided, and nobody gets a mail: no alarm, and no end of it."""
    await shop.hear([told("unit", BAD)])
    await shop.hear([told("unit", GOOD, revision=2)])
    assert await shop.states() == {"leavers unit": "ok"}
    assert await sendable(shop, timedelta(days=1)) == []
    assert await shop.rows("select count(*) from outbox") == [(0,)]


async def test_nothing_is_sent_of_an_alert_that_is_to_be_judged(shop: Workshop):
    """Values have come that were not judged: what the mail says may not be so."""
    await shop.hear([told("unit", BAD)])
    await shop.rounds.observe([told("unit", GOOD, revision=2)], [])
    assert await sendable(shop, STILL) == []
    await shop.judge()
    assert await sendable(shop, timedelta(days=1)) == []


async def test_nothing_is_sent_while_more_is_taken_in_than_is_published(shop: Workshop):
    """The metrics service has said so: the mail waits, in whichever order its messages come."""
    await shop.hear([told("unit", BAD, revision=1)])
    await shop.hear([note(3, provisional=True)])
    await shop.hear([note(2, provisional=False)])
    assert await sendable(shop, STILL) == []
    await shop.hear([note(4, provisional=False)])
    assert len(await sendable(shop, STILL)) == 1


async def test_a_metrics_service_that_says_no_more_is_not_waited_for_without_end(shop: Workshop):
    """Ten minutes after its last word the mail goes."""
    await shop.hear([told("unit", BAD), note(2, provisional=True)])
    assert await sendable(shop, timedelta(minutes=9)) == []
    assert len(await sendable(shop, timedelta(minutes=11))) == 1


async def test_a_note_is_of_no_unit(shop: Workshop):
    """A plan that names units is not refused for a unit that is not told of yet because one that is no unit was."""
    await shop.hear([note(2, provisional=True)])
    assert await shop.rows("select unit from units") == [] == await shop.rows("select unit from groups")


def note(revision: int, *, provisional: bool) -> GroupComputed:
    """What the metrics service says of what it takes in."""
    return replace(told("*", 0, revision), unit_path=("*",), metrics={}, provisional=provisional)


async def test_a_value_that_never_rests_is_told_in_the_end(shop: Workshop):
    """Half an hour after the first decision the mail goes, whatever the value does."""
    await shop.hear([told("unit", BAD)])
    ((created,),) = await shop.rows("select created from outbox")
    await shop.rows("update outbox set created = created - interval '29 minutes 30 seconds' returning 1")
    await shop.hear([told("unit", BAD + 0.1, revision=2)])
    assert await due(shop) == created + timedelta(seconds=30)


async def test_who_was_told_hears_of_the_end(shop: Workshop):
    """Once the alarm has been sent, its end is mailed too, when that is still."""
    await shop.hear([told("unit", BAD)])
    assert len(await sendable(shop, STILL)) == 1
    await shop.hear([told("unit", GOOD, revision=2)])
    reasons = await shop.rows("select reason, state from outbox order by created, reason desc")
    assert reasons == [("hold_met", "pending"), ("data_corrected", "settling")]


async def test_what_settles_soon_after_is_waited_for(shop: Workshop):
    """Mails of one recipient that settle within half a minute of each other leave as one, for nobody's longer wait."""
    await shop.hear([told(f"unit-{n}", BAD) for n in range(3)])
    await shop.rows("update outbox set due = due + interval '29 s' where occasion ->> 'unit' = 'unit-2' returning 1")
    assert await sendable(shop, STILL) == []
    mails = await sendable(shop, STILL + timedelta(seconds=29))
    assert bundles_of(mails) == [3]


async def test_what_settles_later_is_not_waited_for(shop: Workshop):
    """A value that goes on moving keeps no other mail waiting."""
    await shop.hear([told(f"unit-{n}", BAD) for n in range(3)])
    await shop.rows("update outbox set due = due + interval '10 min' where occasion ->> 'unit' = 'unit-2' returning 1")
    assert bundles_of(await sendable(shop, STILL)) == [2]
    assert bundles_of(await sendable(shop, timedelta(minutes=12))) == [1, 2]


async def test_an_alert_that_is_to_be_judged_is_waited_for_half_a_minute(shop: Workshop):
    """Its mail may settle at once; the others do not wait for it without end."""
    await shop.hear([told(f"unit-{n}", BAD) for n in range(3)])
    await shop.rounds.observe([told("unit-2", BAD + 0.1, revision=2)], [])
    assert await sendable(shop, STILL + timedelta(seconds=1)) == []
    assert bundles_of(await sendable(shop, STILL + timedelta(seconds=31))) == [2]


async def test_how_things_stood_is_kept_with_the_mail(shop: Workshop):
    """The picture on top of it, and where its units lie: a unit with no other beside it is known."""
    units = [told("north", BAD), told("north-a", BAD, parent="north"), told("south", BAD), told("calm", GOOD)]
    await shop.hear(units)
    (bundle,) = {mail.bundle for mail in await sendable(shop, STILL)}
    assert bundle is not None
    around = await bundles.load(shop.pool, bundle)
    assert (around.open, around.units, around.watched) == (3, 3, 4)
    assert around.above == {"north": ("*",), "north-a": ("north", "*"), "south": ("*",)}
    assert around.only == {"north-a"}


async def test_what_is_forgotten_with_its_mails(shop: Workshop):
    """A bundle is kept as long as one of its mails is: while the alert goes on, and for 400 days."""
    await shop.hear([told(f"unit-{n}", BAD) for n in range(3)])
    await sendable(shop, STILL)
    await shop.rows("update outbox set state = 'sent', created = created - interval '500 days' returning 1")
    await shop.rows("update bundles set formed = formed - interval '500 days' returning 1")
    await Clearing(shop.pool, shop.clock).some()
    assert await shop.rows("select count(*) from bundles") == [(1,)]
    await shop.rows("update episodes set ended = began, phase = 'ok' returning 1")
    await Clearing(shop.pool, shop.clock).some()
    assert await shop.rows("select (select count(*) from outbox), (select count(*) from bundles)") == [(0, 0)]


async def test_mails_that_settle_at_once_are_put_together_as_they_are_decided(shop: Workshop, tmp_path: Path):
    """With ``settle: 0s`` those of one round leave as one."""
    write(tmp_path, "plan.yaml", plan("leavers", "turnover"))
    await shop.look(shop.watch(tmp_path))
    await shop.hear([told(f"unit-{n}", BAD) for n in range(5)])
    assert bundles_of(await sendable(shop, timedelta(0))) == [10]


async def test_a_value_that_was_mailed_and_is_wrong_is_corrected_once(shop: Workshop):
    """The alarm was sent; the day it told of turns out far worse: one mail more, which settles as any other."""
    await shop.hear([told("unit", BAD)])
    (alarm,) = await sendable(shop, STILL)
    await shop.rows("update outbox set state = 'sent' returning 1")
    await shop.hear([told("unit", BAD * 1.3, revision=2)])
    assert await shop.rows("select count(*) from outbox") == [(1,)], "inside the interval that was told"
    await shop.hear([told("unit", BAD * 1.5, revision=3)])
    await shop.hear([told("unit", BAD * 1.6, revision=4)])
    assert await sendable(shop, STILL / 2) == []
    (mail,) = await sendable(shop, STILL + timedelta(seconds=1))
    about = msgspec.json.decode(mail.occasion, type=Occasion)
    assert (mail.reason, mail.first, said(mail)) == ("data_corrected", "hold_met", BAD * 1.6)
    assert about.corrects is not None
    assert (about.corrects.mail, about.corrects.measured.value) == (alarm.id, BAD)
    await shop.hear([told("unit", BAD * 1.6, revision=5)])
    assert await shop.rows("select count(*) from outbox") == [(2,)]
    assert await shop.states() == {"leavers unit": "firing"}


async def test_a_mail_that_nobody_got_corrects_nothing(shop: Workshop):
    """What was refused, or was told of without its value, is no value that somebody believes."""
    for state in ("failed", "held", "summarised"):
        await shop.hear([told(state, BAD)])
        await shop.rows("update outbox set state = $1 where occasion ->> 'unit' = $1 returning 1", state)
        await shop.hear([told(state, BAD * 2, revision=2)])
    assert await shop.rows("select count(*) from outbox") == [(3,)]


PATHS = {"team": ("team", "unit", "*"), "unit": ("unit", "*"), "other": ("other", "*")}


async def test_a_mail_says_which_delivery_its_value_rests_on_a_part_of(shop: Workshop):
    """That of a unit it moved and those above; the last word counts, also where it came after the step was decided."""
    await shop.hear([replace(told(unit, BAD), unit_path=path) for unit, path in PATHS.items()])
    await shop.rounds.observe([reported(part("gone", "other")), reported(part("half", "team"))], [])
    told_of = {unit: names for unit, names, _ in map(parts, await sendable(shop, STILL))}
    assert told_of == {"team": ["half"], "unit": ["half"], "other": []}
    await shop.rounds.observe([reported()], [])
    assert await shop.rows("select * from unfinished_deliveries") == []


async def test_a_delivery_that_touches_every_unit_is_said_of_each(shop: Workshop):
    """With how much of it has come."""
    await shop.hear([told("unit", BAD)])
    await shop.rounds.observe([reported(part("all", "*"))], [])
    (mail,) = await sendable(shop, STILL)
    assert parts(mail) == ("unit", ["all"], [(12, 24)])


def part(source: str, *units: str) -> OpenDelivery:
    """Half of a file that was given up."""
    since = datetime(2026, 6, 30, 6, tzinfo=UTC)
    return OpenDelivery(source, "file", 12, 24, since, since, given_up=True, units=units)


def reported(*parts: OpenDelivery) -> DeliveriesReported:
    """What the metrics service says of them."""
    return DeliveriesReported(parts)


def parts(mail: Waiting) -> tuple[str, list[str], list[tuple[int, int | None]]]:
    """The unit of a mail, and the sources that it says have delivered a part alone, with how much."""
    said = msgspec.json.decode(mail.occasion, type=Occasion)
    return said.unit, [one.source for one in said.unfinished], [(one.arrived, one.of) for one in said.unfinished]
