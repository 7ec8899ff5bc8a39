"""A source that falls silent: its values are stale where it tells of them, until it tells again."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from services.metrics.domain.coverage.kinds import Kind
from shared.contracts.metrics import MetricValue
from shared.contracts.sources import REPORTED, SourceReported
from tests import builders as make
from tests.integration.evaluating import published, received_messages
from tests.integration.metering import TODAY, Service, caught_up, fetch, killable, message, send, standing
from tests.polling import until

REGISTRY = """
sources:
  payroll:
    kinds: {absence: working days}
    units: [u1]
    contact: {name: Pay office, email: pay@kommun.example, language: en}
  never: {kinds: {pulse: daily}, contact: {name: Nobody, email: no@kommun.example}}
"""
LAST, LATE, BACK = "2024-04-30", "2024-06-03", "2024-05-31"
"""What was recorded on the day before TODAY is enough for it; when sickness of May is told, it is not. What says that
it was recorded in the future makes no source fresh."""


def absence(number: int, recorded: str) -> make.Event:
    """One recorded by the payroll."""
    return make.absence_started(
        f"p{number}", f"a{number}", "2024-04-20", source="payroll", time=f"{recorded}T12:00:00Z"
    )


LOG = [
    make.unit_defined("u1", parent="top"),
    make.unit_defined("u2", parent="top"),
    make.unit_defined("top"),
    *(make.employment_started(f"p{n}", "2020-01-01", "u1") for n in range(30)),
    *(make.employment_started(f"q{n}", "2020-01-01", "u2") for n in range(30)),
    *(absence(n, LAST) for n in range(5)),
    absence(5, "2199-01-01"),
    make.employment_started("r", "2020-01-01", "u-l", source="payroll", time=f"{LAST}T12:00:00Z"),
]


async def stale(service: Service, as_of: str) -> dict[str, str | None]:
    """By unit, until when its sickness absence is fresh."""
    return {unit: found["sick_rate"].get("fresh_until") for unit, found in (await service.values(as_of)).items()}


async def test_a_source_that_falls_silent(tmp_path: Path):
    """On the day after its cadence its values are marked, theirs alone, and no longer once it has told again."""
    file = tmp_path / "sources.yaml"
    file.write_text(REGISTRY)
    settings = {"STADGA_SOURCES": str(file), "STADGA_HEALTH_SETTLE_SECONDS": "0"}
    async with standing(tmp_path) as stack:
        servers = stack.kafka_bootstrap_servers
        await send(servers, [message(event) for event in (*LOG, *LOG)])
        async with killable(stack, "metrics", **settings) as first:
            await until(first.service.ready, "the service")
            await caught_up(stack)
            await until(lambda: fresh(first.service, LAST), "the source to be known")
            assert set((await stale(first.service, TODAY)).values()) == {None}
        counted = await fetch(stack.database_url, "select source, type, events from metrics.source_days")
        assert ("payroll", "hr.absence.started.v1", 5) in map(tuple, counted)  # sent twice, counted once
        async with killable(stack, "metrics", STADGA_TODAY=LATE, **settings) as later:
            await until(lambda: fresh(later.service, LAST), "the source to be known")
            assert await later.service.counted("stadga_source_late", source="payroll", kind=Kind.ABSENCE) == 1
            assert await stale(later.service, LATE) == {
                "*": LAST,
                "top": LAST,
                "u1": LAST,
                "u2": None,
                "u-l": None,
            }
            assert await marked(servers) == {"*", "top", "u1"}
            before = max(group.revision for group in await published(servers))
            await send(servers, [message(absence(9, BACK))])
            await until(lambda: fresh(later.service, BACK), "the source to be back")
            assert set((await stale(later.service, LATE)).values()) == {None}
            assert await marked(servers) == set()
            told = [group for group in await published(servers) if group.revision > before and group.metrics]
            assert {group.unit for group in told} == {"*", "top", "u1"}
        reports = [
            msgspec.json.decode(m.data, type=SourceReported)
            for m in await received_messages(servers)
            if m.type == REPORTED and m.subject == "source/payroll"
        ]
        assert [(r.today.isoformat(), bool(r.late)) for r in reports[-3:]] == [
            (TODAY, False),
            (LATE, True),
            (LATE, False),
        ]
        assert {r.unknown_units for r in reports[-3:]} == {("u-l",)}


async def fresh(service: Service, day: str) -> bool:
    """Whether Prometheus sees that the payroll has told of all until a day."""
    since = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo("Europe/Stockholm")).timestamp()
    return await service.counted("stadga_source_fresh_until_timestamp_seconds", source="payroll") == since


async def marked(servers: str) -> set[str]:
    """The units of which anything that was published last is stale."""
    last: dict[tuple[str, ...], MetricValue] = {}
    for group in await published(servers):
        for name, value in group.metrics.items():
            last[group.unit, group.occupation, group.as_of.isoformat(), name] = value
    found = {place: value for place, value in last.items() if value.fresh_until}
    assert all(place[3] not in {"headcount", "leaver_rate"} and place[2] > LAST for place in found)
    return {place[0] for place in found}
