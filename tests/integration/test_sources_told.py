"""A source that falls silent, from the registry to the mail: stale values, an alert that does not end, one reminder."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any, NamedTuple

from cli.local.stack import Stack
from tests import builders as make
from tests.integration.metering import Service, caught_up, killable, message, send, standing
from tests.polling import until

REGISTRY = """
sources:
  cases:
    kinds: {caseload: working days}
    contact: {name: Systems, email: systems@kommun.example, language: en}
"""
PLAN = """
plan: plan
settle: 0s
recipients:
  head: {email: head@kommun.example, language: en}
targets:
  - {id: load, metric: caseload, breach: {above: 20}, notify: [head]}
"""
MONDAY, TUESDAY, WEDNESDAY, NEXT = "2024-05-06", "2024-05-07", "2024-05-08", "2024-05-15"


def report(person: str, cases: int, recorded: str) -> make.Event:
    """The cases of somebody, from the source that will be silent."""
    return make.caseload_reported(person, recorded, cases, source="cases", time=f"{recorded}T08:00:00Z")


def hired(*people: str, since: str = "2020-01-01") -> list[make.Event]:
    """Case holders, told of by another source."""
    return [make.employment_started(person, since, "u1", case_holder=True) for person in people]


HOLDERS = [f"p{n}" for n in range(12)]
LOG = [make.unit_defined("u1"), *hired(*HOLDERS), *(report(person, 30, MONDAY) for person in HOLDERS)]


class Day(NamedTuple):
    """Both services on one day."""

    metrics: Service
    alerts: Service

    async def alert(self) -> dict[str, Any]:
        """How the alert of the unit stands."""
        answer = await self.alerts.ask("/v1/alerts", unit="u1")
        found = answer.json()["alerts"] if answer.is_success else []
        return found[0] if found else {"state": None}

    async def stands(self, state: str, as_of: str, value: float) -> bool:
        """Whether the alert has been judged on a value of a day, and stands so."""
        found = await self.alert()
        return (found["state"], found.get("as_of"), found.get("value")) == (state, as_of, value)

    async def late(self) -> bool:
        """Whether Prometheus sees the source late."""
        return await self.metrics.counted("stadga_source_late", source="cases") == 1


@asynccontextmanager
async def on(day: str, stack: Stack, folder: Path) -> AsyncIterator[Day]:
    """Both services, on that day."""
    given = {
        "STADGA_TODAY": day,
        "STADGA_SOURCES": str(folder / "sources.yaml"),
        "STADGA_PLANS": str(folder / "plan.yaml"),
    }
    async with killable(stack, "metrics", **given) as metrics, killable(stack, "alerts", **given) as alerts:
        await until(metrics.service.ready, "metrics")
        await until(alerts.service.ready, "alerts")
        await caught_up(stack)
        yield Day(metrics.service, alerts.service)


def mails(stack: Stack, to: str) -> list[str]:
    """The subjects of the mails that somebody got, in order."""
    found = [
        message_from_bytes(file.read_bytes(), policy=policy.default) for file in sorted(stack.mail_folder.glob("*.eml"))
    ]
    return [mail["Subject"] for mail in found if to in mail["To"]]


SILENT = "cases has fallen silent: caseloads"
STILL = "cases is still silent, late since 8 May 2024: caseloads"
AGAIN = "cases delivers again"


async def test_a_source_that_falls_silent(tmp_path: Path):
    """What it told of is stale, its contact is told once and a week later again, and an alert ends once it is back."""
    (tmp_path / "sources.yaml").write_text(REGISTRY)
    (tmp_path / "plan.yaml").write_text(PLAN)
    contact, head = "systems@kommun.example", "head@kommun.example"
    async with standing(tmp_path / "stack", "mailbox") as stack:
        servers = stack.kafka_bootstrap_servers
        await send(servers, map(message, LOG))
        async with on(MONDAY, stack, tmp_path) as day:
            await until(lambda: day.stands("firing", MONDAY, 30.0), "the alert")
            await until(lambda: len(mails(stack, head)) == 1, "its mail")
            assert not await day.late()
        assert mails(stack, contact) == []
        async with on(WEDNESDAY, stack, tmp_path) as day:
            await until(day.late, "the source to be late")
            await send(servers, map(message, hired(*(f"q{n}" for n in range(12)), since=TUESDAY)))
            await until(lambda: day.stands("firing", WEDNESDAY, 15.0), "the stale value, which ends nothing")
            assert (await day.alert())["fresh_until"] == MONDAY
            [value] = [
                found["caseload"] for unit, found in (await day.metrics.values(WEDNESDAY)).items() if unit == "u1"
            ]
            assert (value["value"], value["fresh_until"]) == (15.0, MONDAY)
            await until(lambda: mails(stack, contact) == [SILENT], "the mail to the contact")
        async with on(NEXT, stack, tmp_path) as day:
            await until(lambda: mails(stack, contact) == [SILENT, STILL], "the reminder")
            assert (await day.alert())["state"] == "firing"
            await send(servers, map(message, [report("p0", 30, "2024-05-14")]))
            await until(lambda: mails(stack, contact) == [SILENT, STILL, AGAIN], "the mail that it is back")
            await until(lambda: day.stands("ok", NEXT, 15.0), "the alert to end")
            await until(lambda: len(mails(stack, head)) == 2, "the mail that it has ended")
        assert mails(stack, contact) == [SILENT, STILL, AGAIN]
        assert len(mails(stack, head)) == 2


def told(stack: Stack) -> list[tuple[str, str]]:
    """Subject and text of the mails that the contact got."""
    found = [
        message_from_bytes(file.read_bytes(), policy=policy.default) for file in sorted(stack.mail_folder.glob("*.eml"))
    ]
    texts = [(mail["Subject"], mail.get_body(("plain",))) for mail in found if "systems@" in mail["To"]]
    return [(subject, body.get_content().replace("\N{NO-BREAK SPACE}", " ")) for subject, body in texts if body]


async def test_a_unit_that_nobody_has_defined(tmp_path: Path):
    """A misspelt unit in the events of a source: its contact is told which, once, and once more of another."""
    (tmp_path / "sources.yaml").write_text(REGISTRY)
    (tmp_path / "plan.yaml").write_text(PLAN)
    async with standing(tmp_path / "stack", "mailbox") as stack, on(TUESDAY, stack, tmp_path) as day:
        servers = stack.kafka_bootstrap_servers
        await send(servers, map(message, LOG))
        await until(lambda: day.stands("firing", TUESDAY, 30.0), "what is well is known")
        assert told(stack) == []
        for person, unit in (("x1", "u1-misspelt"), ("x2", "u1-misspelt"), ("x3", "another")):
            await send(servers, [message(make.employment_started(person, "2024-05-01", unit, source="cases"))])
            await until(lambda unit=unit: any(unit in text for _, text in told(stack)), f"the mail about {unit}")
        assert [subject for subject, _ in told(stack)] == ["cases names 1 unit that nobody has defined"] * 2


TUESDAYS = [date.fromisoformat(TUESDAY) - timedelta(weeks=week) for week in range(8, 0, -1)]


async def test_a_sudden_drop_of_volume(tmp_path: Path):
    """Two reports on a Tuesday, where twelve are usual: the contact is told on Wednesday, with both numbers, once."""
    (tmp_path / "sources.yaml").write_text(REGISTRY)
    (tmp_path / "plan.yaml").write_text(PLAN)
    usual = [report(person, 10, day.isoformat()) for day in TUESDAYS for person in HOLDERS]
    async with standing(tmp_path / "stack", "mailbox") as stack:
        few = [report(person, 10, TUESDAY) for person in HOLDERS[:2]]
        await send(stack.kafka_bootstrap_servers, map(message, [*LOG[:-12], *usual, *few]))
        async with on(TUESDAY, stack, tmp_path) as day:
            await until(lambda: day.stands("ok", TUESDAY, 10.0), "the values of the day")
            assert told(stack) == [], "the day is not over"
        async with on(WEDNESDAY, stack, tmp_path) as day:
            await until(lambda: len(told(stack)) == 1, "the mail to the contact")
            await until(lambda: day.stands("ok", WEDNESDAY, 10.0), "the values of the next day")
        async with on(WEDNESDAY, stack, tmp_path) as day:
            await until(lambda: day.stands("ok", WEDNESDAY, 10.0), "the same day again")
        [(subject, text)] = told(stack)
    assert subject == "Unusually few events from cases: caseloads"
    assert "2 events on 7 May 2024, against 12 on such a weekday." in text
