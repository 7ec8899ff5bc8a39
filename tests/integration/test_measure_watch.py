"""Owners of neglected measures are told, once and then now and again, on a real database with a moving clock."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from services.alerts.domain.alert.incoming import UnreadableError
from services.alerts.notifiers.email.letter import sender
from services.alerts.notifiers.email.writing import written
from services.alerts.repository import outbox
from services.alerts.rounds.measure_watch import MeasureWatch
from shared.kit.clock import Clock
from tests import builders as make
from tests.integration.alerts_workshop import Workshop, workshop, write

PLAN = """\
plan: plan
responsible: director
remind: 30d
recipients: {hr: {email: hr@kommun.example}, director: {email: direktor@kommun.example, language: en}}
targets:
  - {id: leavers, metric: leaver_rate_own_request, breach: {above: 0.2}, measures: [mentor, pool]}
measures:
  - {id: mentor, owner: hr, due: 2026-03-31}
  - {id: pool, owner: Bemanningsenheten, due: 2026-03-31}
"""


async def lived(shop: Workshop, watch: MeasureWatch, days: list[date], until: date) -> None:
    """Every day from the one the clock has, looked at three times."""
    while days[0] <= until:
        for _ in range(3):
            await watch.look()
        days[0] += timedelta(1)
    assert await shop.rows("select count(*) from due") == [(0,)]


async def test_owner_and_responsible_are_told_over_easter(postgres: str, tmp_path: Path):
    """One mail each, of all that is new; a measure that is done is told of no more; the gauge counts days."""
    days = [date(2026, 3, 30)]
    clock = Clock(ZoneInfo("Europe/Stockholm"), None, lambda: datetime.combine(days[0], time(5), UTC))
    async with workshop(postgres, clock) as shop:
        write(tmp_path, "plan.yaml", PLAN, datetime(2026, 3, 1, tzinfo=UTC))
        await shop.look(shop.watch(tmp_path))
        watch = MeasureWatch(shop.rounds, clock, shop.telemetry, "http://s/board")
        await lived(shop, watch, days, date(2026, 4, 10))
        query = "select created::date::text, recipient, jsonb_array_length(occasion -> 'measures') from outbox"
        assert sorted(await shop.rows(query)) == [("2026-04-01", "director", 2), ("2026-04-01", "hr", 1)]
        value = shop.telemetry.registry.get_sample_value
        assert value("stadga_plan_action_overdue_days", {"plan": "plan", "action": "mentor"}) == 10
        read = await shop.rounds.reading_measures()
        done = make.measure_updated("plan", "mentor", "2026-04-09", "done")
        update = read(done["subject"].encode(), make.encoded(done))
        assert update
        await shop.rounds.hear([update], [])
        await lived(shop, watch, days, date(2026, 5, 4))  # the first of May, thirty days on, is a day off
        assert sorted(await shop.rows(query))[2:] == [("2026-05-04", "director", 1)]
        assert value("stadga_plan_action_overdue_days", {"plan": "plan", "action": "mentor"}) == 0
        typo = make.measure_updated("plan", "mentr", "2026-04-09", "done")
        with pytest.raises(UnreadableError, match='has no measure "mentr"; did you mean "mentor"') as error:
            read(typo["subject"].encode(), make.encoded(typo))
        assert error.value.reason == "unknown_measure"
        assert await shop.rows("select distinct occasion ->> 'link' from outbox") == [("http://s/board/plans/plan",)]
        now = clock.now()
        async with shop.pool.acquire() as connection, connection.transaction():
            mails = await outbox.claim(connection, now, now, 10, 60)
        letters = [written([mail], None, sender("stadga@kommun.example")).letter for mail in mails]
        to = [one.recipient for one in letters if one]
        assert sorted(to) == ["direktor@kommun.example", "direktor@kommun.example", "hr@kommun.example"]
        assert len({one.message_id for one in letters if one}) == 3
