"""The life of an alert after it has fired, day by day with a moving clock, on a real database."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from services.alerts.carrying_out import MisdatedError, RefusedOrderError, UnknownAlertError, carry_out
from services.alerts.domain.alert.occasion import Occasion
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.handling.handled import Handled
from services.alerts.domain.handling.handling import Order
from services.alerts.repository import bundles, outbox
from services.alerts.rounds.new_day import NewDay
from shared.kit.clock import Clock
from tests.integration.alerting import BAD, GOOD, group
from tests.integration.alerts_workshop import Workshop, workshop, write

ZONE = ZoneInfo("Europe/Stockholm")
FRIDAY, GOOD_FRIDAY = date(2026, 3, 27), date(2026, 4, 3)
DAY = timedelta(1)
PLAN = """\
plan: plan
settle: 0s
remind: 30d
recipients:
  hr: {email: hr@kommun.example, name: HR}
  head: {email: chef@kommun.example, language: en}
  director: {email: direktor@kommun.example}
targets:
  - id: leavers
    metric: leaver_rate_own_request
    breach: {above: 0.20}
    notify: [hr]
    escalate: [{after: 2d, to: [head]}, {after: 7d, to: [director]}]
"""
ALERT = Alert("plan", "leavers", "unit")
Told = tuple[str, str, str]
"""A day, why somebody was told, and who."""


class Calendar:
    """A clock that says what it was set to: six in the morning of a day."""

    def __init__(self, day: date) -> None:
        """It is that day."""
        self.day = day
        self.clock = Clock(ZONE, None, lambda: datetime.combine(self.day, time(6), UTC))


class Office:
    """A workshop that lives through days: each has its value, is looked at once, and sends what may be sent."""

    def __init__(self, shop: Workshop, calendar: Calendar) -> None:
        """Nothing has happened yet."""
        self.shop, self.calendar = shop, calendar
        self._new_day = NewDay(shop.rounds, calendar.clock)
        self.sent: list[Told] = []

    async def live(self, until: date, value: float | None = BAD, *units: str) -> None:
        """Every day from the present one to the last, with that value (None: no value comes)."""
        while True:
            day = self.calendar.day
            if value is not None:
                told = [group(unit, value, day, revision=day.toordinal(), today=day) for unit in units or ("unit",)]
                await self.shop.rounds.observe(told, [])
            await self._new_day.look()
            await self.shop.judge()
            await self.send()
            if day == until:
                return
            self.calendar.day = day + DAY

    async def send(self) -> None:
        """Let go what has settled and is not snoozed, and note it as sent."""
        now = self.calendar.clock.now()
        async with self.shop.pool.acquire() as connection, connection.transaction():
            free = await outbox.release(connection, now + timedelta(minutes=1), self.calendar.day)
            await bundles.form(connection, free, now)
            mails = await outbox.claim(connection, now + timedelta(minutes=1), now, 100, 60)
        for mail in mails:
            await outbox.sent(self.shop.pool, [mail], f"<{mail.id}@example>", now)
            self.sent.append((self.calendar.day.isoformat(), mail.reason, mail.recipient))

    async def order(self, asked: Order, alert: Alert = ALERT, by: str = "eva") -> Handled:
        """Have something done about an alert."""
        async with self.shop.pool.acquire() as connection:
            return await carry_out(connection, self.calendar.clock, alert, asked.kind, asked, by)


@pytest.fixture
async def office(postgres: str, tmp_path: Path) -> AsyncIterator[Office]:
    """On the Friday a week before Good Friday, with a plan that escalates and reminds."""
    calendar = Calendar(FRIDAY)
    async with workshop(postgres, calendar.clock) as shop:
        write(tmp_path, "plan.yaml", PLAN, datetime(2026, 3, 1, tzinfo=UTC))
        await shop.look(shop.watch(tmp_path))
        yield Office(shop, calendar)


async def test_who_is_told_when_nobody_acknowledges_over_easter(office: Office):
    """Fired the Friday before: two and seven working days, without Good Friday and Easter Monday; then reminders."""
    await office.live(date(2026, 6, 1))
    assert office.sent == [
        ("2026-03-27", "hold_met", "hr"),
        ("2026-03-31", "escalated", "head"),
        ("2026-04-09", "escalated", "director"),
        *[("2026-04-27", "reminded", who) for who in ("director", "head", "hr")],  # the 26th is a Sunday
        *[("2026-05-27", "reminded", who) for who in ("director", "head", "hr")],
    ]
    rows = await office.shop.rows("select day::text, kind, by, told from handlings order by seq")
    assert rows == [
        ("2026-03-31", "escalated", "stadga", ["head"]),
        ("2026-04-09", "escalated", "stadga", ["director"]),
        ("2026-04-27", "reminded", "stadga", ["director", "head", "hr"]),
        ("2026-05-27", "reminded", "stadga", ["director", "head", "hr"]),
    ]


async def test_what_fires_on_good_friday_waits_for_people_to_be_back(office: Office):
    """The first working day after it is the Tuesday after Easter."""
    await office.live(GOOD_FRIDAY - DAY, GOOD)
    office.calendar.day = GOOD_FRIDAY
    await office.live(date(2026, 4, 20))
    assert office.sent == [
        ("2026-04-03", "hold_met", "hr"),
        ("2026-04-08", "escalated", "head"),
        ("2026-04-15", "escalated", "director"),
    ]


async def test_an_acknowledgement_stops_escalation_until_its_day(office: Office):
    """From that day on working days are counted anew; an end is told to everybody who was told."""
    await office.live(FRIDAY)
    now = await office.order(Order("acknowledged", until=date(2026, 4, 13), note="vi tar det"))
    assert now.acknowledged
    assert (now.acknowledged.by, now.acknowledged.until) == ("eva", date(2026, 4, 13))
    await office.live(date(2026, 4, 15))
    assert office.sent[1:] == [("2026-04-15", "escalated", "head")]
    office.calendar.day += DAY
    await office.live(office.calendar.day, GOOD)
    assert office.sent[2:] == [("2026-04-16", "resolved", "head"), ("2026-04-16", "resolved", "hr")]


async def test_an_acknowledgement_taken_back_is_none(office: Office):
    """Counted from the day it was taken back; and again on the same day nothing more is done."""
    await office.live(FRIDAY)
    await office.order(Order("acknowledged"))
    await office.live(date(2026, 4, 7))
    assert (await office.order(Order("unacknowledged"))).acknowledged is None
    await office.live(date(2026, 4, 9))
    await office.live(date(2026, 4, 9))
    assert office.sent[1:] == [("2026-04-09", "escalated", "head")]


async def test_an_end_within_a_snooze_is_told_when_it_is_over(office: Office):
    """Nobody is mailed before; then that it has ended, and nothing else."""
    await office.live(FRIDAY)
    await office.order(Order("snoozed", until=date(2026, 4, 20), note="semester"))
    office.calendar.day += DAY
    await office.live(date(2026, 4, 2))
    await office.live(date(2026, 4, 10), GOOD)
    later = office.calendar.clock.now() + timedelta(hours=1)
    assert not await outbox.ripe(office.shop.pool, later, office.calendar.day)  # nobody looks whether it may go
    await office.live(date(2026, 4, 25), GOOD)
    assert office.sent[1:] == [("2026-04-20", "resolved", "hr")]


async def test_what_goes_on_after_a_snooze_is_told_with_the_value_of_before(office: Office):
    """It has got worse meanwhile; working days are counted from the end of the snooze."""
    await office.live(FRIDAY)
    await office.order(Order("snoozed", until=date(2026, 4, 20), note="semester"))
    office.calendar.day += DAY
    await office.live(date(2026, 4, 22), 0.40)
    assert office.sent[1:] == [("2026-04-20", "snooze_ended", "hr"), ("2026-04-22", "escalated", "head")]
    ((told,),) = await office.shop.rows("select occasion::text from outbox where reason = 'snooze_ended'")
    said = msgspec.json.decode(told, type=Occasion)
    assert said.follow
    assert said.follow.before
    assert (said.measured.value, said.follow.before.value, said.follow.note) == (0.4, BAD, "semester")


async def test_what_begins_within_a_snooze_is_told_when_it_is_over(office: Office):
    """As an alarm; where it has ended by then, nobody hears of it."""
    await office.live(FRIDAY, GOOD)
    await office.order(Order("snoozed", until=date(2026, 4, 8), note="omorganisation"))
    office.calendar.day += DAY
    await office.live(date(2026, 4, 2))
    await office.live(date(2026, 4, 3), GOOD)
    office.calendar.day += DAY
    await office.live(date(2026, 4, 10))
    assert office.sent == [("2026-04-08", "hold_met", "hr"), ("2026-04-10", "escalated", "head")]


async def test_a_snooze_taken_back_lets_mails_go(office: Office):
    """At once."""
    await office.live(FRIDAY)
    await office.order(Order("snoozed", until=date(2026, 4, 20), note="semester"))
    office.calendar.day += DAY
    await office.live(office.calendar.day, GOOD)
    assert office.sent[1:] == []
    await office.order(Order("awakened"))
    await office.send()
    assert office.sent[1:] == [("2026-03-28", "resolved", "hr")]


async def test_an_order_sent_again_is_one_row(office: Office):
    """A hundred times; with anything else under its key it is refused, and so is what cannot be done."""
    await office.live(FRIDAY)
    for _ in range(100):
        now = await office.order(Order("assigned", to=("head",)))
    assert now == Handled(assigned="head")
    with pytest.raises(RefusedOrderError, match="another order"):
        await office.order(Order("assigned", to=("hr",)))
    with pytest.raises(RefusedOrderError, match="nobody has acknowledged"):
        await office.order(Order("unacknowledged"))
    with pytest.raises(RefusedOrderError, match="not snoozed"):
        await office.order(Order("awakened"))
    with pytest.raises(MisdatedError, match="2026-03-27"):
        await office.order(Order("snoozed", until=FRIDAY, note="i går"))
    with pytest.raises(UnknownAlertError):
        await office.order(Order("commented", note="?"), Alert("plan", "leavers", "nowhere"))
    assert await office.shop.rows("select kind, by, told, episode is not null from handlings") == [
        ("assigned", "eva", ["head"], True)
    ]
    steps = await office.shop.rows("select type, body ->> 'kind' from transitions order by seq")
    assert steps == [("workforce.alert.changed.v1", None), ("workforce.alert.handled.v1", "assigned")]
