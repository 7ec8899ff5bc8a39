"""A plan that watches from a day on: one summary of what breaches by then, and alarms of what comes after."""

import asyncio
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import msgspec
from msgspec.structs import replace

from services.alerts.domain.alert.occasion import Occasion
from services.alerts.domain.letter.opening import Opening
from services.alerts.notifiers.email import watching
from services.alerts.repository import outbox
from shared.contracts.metrics import GroupComputed, MetricValue
from tests.conftest import Mail
from tests.integration.alerting import (
    BAD,
    GOOD,
    TODAY,
    Watcher,
    group,
    history,
    in_states,
    mails,
    plan,
    publish,
    rows,
    started,
)
from tests.integration.alerts_workshop import Workshop, told, workshop, write
from tests.integration.alerts_workshop import plan as small_plan
from tests.polling import until

UNITS = [f"unit-{number:02}" for number in range(20)]
WATCH = TODAY - timedelta(18)
"""A day after the breaches of all units began."""

READERS = ["chef@kommun.example", "hr@kommun.example"]


def to_each(messages: list[EmailMessage], words: tuple[str, str]) -> None:
    """Each recipient got one of these, in their language: Swedish and English."""
    assert sorted(str(mail["To"]) for mail in messages) == READERS
    for mail in messages:
        assert words[mail["Content-Language"] == "en"] in str(mail["Subject"])


async def test_twenty_units_that_breach_are_told_of_in_one_mail(
    watcher: Watcher, kafka_with_topics: str, postgres: str, smtp: Mail
):
    """Their alerts are on record and fire; then one that breaches anew alarms, and one that ends is told to be over."""
    await started(watcher, plan("beacon", name="other"))
    await publish(kafka_with_topics, [one for unit in UNITS for one in history(unit, BAD)])
    await publish(kafka_with_topics, [*history("later", GOOD), *history("beacon", GOOD, 1)])

    async def known() -> bool:
        return await rows(postgres, "select count(*) from units") == [(len(UNITS) + 2,)]

    await until(known, "every unit is known")
    (watcher.plans / "watching.yaml").write_text(f"watch_from: {WATCH}\n{plan(*UNITS, 'later')}")
    await in_states(watcher, {**dict.fromkeys(UNITS, "firing"), "later": "ok"})
    await until(lambda: len(smtp.messages()) >= 2, "a summary for each recipient")
    to_each(mails(smtp.messages()), ("Startläge: 20 värden", "Opening summary: 20 values"))
    body = mails(smtp.messages())[0].get_body(("plain",))
    assert body is not None
    assert [unit for unit in UNITS if f"Enheten {unit}" not in body.get_content()] == []

    await publish(kafka_with_topics, [replace(one, revision=2) for one in history("later", BAD, 15)])
    await until(lambda: len(smtp.messages()) >= 4, "an alarm for each recipient")
    to_each(mails(smtp.messages())[2:], ("Enheten later: avgångar", "Enheten later: leaver"))

    await publish(kafka_with_topics, [group(UNITS[0], GOOD, TODAY, revision=3)])
    await until(lambda: len(smtp.messages()) >= 6, "the end of one that was in the summary")
    to_each(mails(smtp.messages())[4:], ("Åter inom planen: Enheten unit-00", "Back within the plan: Enheten unit-00"))
    reasons = await rows(postgres, "select reason, count(*) from outbox group by reason order by reason")
    assert reasons == [("hold_met", 2), ("opening", 2), ("resolved", 2)]
    assert await rows(postgres, "select count(*) from transitions where body ->> 'reason' = 'hold_met'") == [(21,)]


async def opened(shop: Workshop, after: timedelta) -> list[int]:
    """How many notices each summary has that is there so long after now."""
    await watching.begin(shop.pool, shop.clock.now() + after)
    found = await shop.rows("select occasion::text from outbox where reason = 'opening' order by created")
    return [msgspec.json.decode(text, type=Opening).count for (text,) in found]


def from_today(*targets: str) -> str:
    """A plan that watches from today on, and waits two minutes for values to be still."""
    return f"watch_from: {TODAY}\n" + small_plan(*targets).replace("settle: 0s", "settle: 2m")


STILL, EARLY = timedelta(minutes=2, seconds=5), timedelta(minutes=1)


async def test_the_summary_waits_for_all_that_is_in_motion(postgres: str, tmp_path: Path):
    """For still values, for what is to be judged, and for what is taken in and not published; and goes once."""
    async with workshop(postgres) as shop:
        write(tmp_path, "plan.yaml", from_today())
        await shop.look(shop.watch(tmp_path))
        await shop.hear([told(unit, BAD) for unit in UNITS])
        assert await opened(shop, EARLY) == []
        await shop.rounds.observe([told("another", BAD, revision=2)], [])
        assert await opened(shop, STILL) == []
        await shop.judge()
        await shop.pool.execute("insert into marking values ('plan', '{leavers}', '', now())")
        assert await opened(shop, STILL) == []
        await shop.judge()
        await shop.hear([note(3, provisional=True)])
        assert await opened(shop, STILL) == []
        await shop.hear([note(4, provisional=False)])
        assert await opened(shop, STILL) == [21]
        await shop.hear([told(unit, BAD + 0.1, revision=5) for unit in UNITS])
        assert await opened(shop, timedelta(days=1)) == [21]


async def test_a_value_that_the_summary_told_and_is_wrong_is_corrected(postgres: str, tmp_path: Path):
    """A breach that waits for its hold, in the summary: one mail more to its reader, which answers the summary."""
    async with workshop(postgres) as shop:
        write(tmp_path, "plan.yaml", from_today().replace("breach:", "hold: 7d, breach:"))
        await shop.look(shop.watch(tmp_path))
        await shop.hear([told("unit", BAD)])
        assert await shop.rows("select state from standings") == [("pending",)]
        assert await opened(shop, STILL) == [1]
        await shop.rows("update outbox set state = 'sent', message_id = '<summary@k>' returning 1")
        await shop.hear([told("unit", GOOD, revision=2)])
        await shop.hear([told("unit", GOOD, revision=3)])
        later = shop.clock.now() + STILL
        async with shop.pool.acquire() as connection, connection.transaction():
            assert len(await outbox.release(connection, later, TODAY)) == 1
            (mail,) = await outbox.claim(connection, later, later, 10, 60)
        about = msgspec.json.decode(mail.occasion, type=Occasion)
        assert (mail.reason, mail.root, about.measured.value, about.alarmed) == (
            "data_corrected",
            "<summary@k>",
            GOOD,
            False,
        )
        await shop.rows("update outbox set state = 'sent' returning 1")
        await shop.hear([told("unit", GOOD, revision=4)])
        assert await shop.rows("select count(*) from outbox") == [(2,)]


async def test_two_processes_write_one_summary(postgres: str, tmp_path: Path):
    """Whichever comes first; the other finds nothing to tell."""
    async with workshop(postgres) as shop, workshop(postgres) as other:
        write(tmp_path, "plan.yaml", from_today())
        await shop.look(shop.watch(tmp_path))
        await shop.hear([told(unit, BAD) for unit in UNITS])
        await asyncio.gather(*(opened(one, STILL) for one in (shop, other) * 3))
        assert await opened(shop, STILL) == [20]


async def test_absences_that_nobody_reports_raise_nothing(postgres: str, tmp_path: Path):
    """Not reported is neither 0 nor a breach; it is shown as such, and a value that is incomplete says since when."""
    async with workshop(postgres) as shop:
        write(tmp_path, "plan.yaml", small_plan("sickness", "turnover"))
        await shop.look(shop.watch(tmp_path))
        silent = MetricValue(status="not_reported", definition="stadga:sick_rate:1")
        part = MetricValue(
            status="incomplete", definition="stadga:leaver_rate:1", known_from=TODAY, complete_from=TODAY.replace(2027)
        )
        await shop.hear([replace(told("unit", BAD), metrics={"sick_rate": silent, "leaver_rate": part})])
        assert await shop.states() == {"sickness unit": "ok", "turnover unit": "ok"}
        assert await shop.rows("select from transitions union all select from outbox") == []
        views = await shop.rows("select view ->> 'status', view ->> 'complete_from' from standings order by target")
        assert views == [("not_reported", None), ("incomplete", "2027-06-30")]


def note(revision: int, *, provisional: bool) -> GroupComputed:
    """What the metrics service says of what it takes in."""
    return replace(told("*", 0, revision), unit_path=("*",), metrics={}, provisional=provisional)
