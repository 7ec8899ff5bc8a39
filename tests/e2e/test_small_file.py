"""A small file on an empty stack, in two halves: one mail, and every number in it is that of the whole file.

The first half is a breach, which is decided and shown; the second half changes its number. What is not whole keeps the
alerts of no other unit waiting.
"""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from cli.local.stack import Stack
from services.alerts.domain.alert.occasion import Occasion
from tests import builders as make
from tests.integration.computing import computed, every_row_of
from tests.integration.evaluating import published
from tests.integration.metering import TODAY, fetch, metrics, standing
from tests.polling import until

PLAN = """\
plan: small
settle: {settle}
recipients: {{hr: {{email: hr@kommun.example, language: en}}}}
targets:
  - {{id: leavers, metric: leaver_rate, breach: {{above: 0.2}}, notify: [hr]}}
  - {{id: by-choice, metric: leaver_rate_own_request, breach: {{above: 0.9}}, notify: [hr]}}
"""
PEOPLE, GONE = 60, 15


def halves(seed: int) -> tuple[list[make.Event], list[make.Event]]:
    """Sixty people of one unit in any order, a quarter of whom left within the year; half of those who came, later."""
    chance = random.Random(seed)  # noqa: S311  (a seed makes the same order each time)
    first = date.fromisoformat(TODAY) - timedelta(days=500)
    starts = [
        make.employment_started(f"p{n}", (first + timedelta(days=n * 4)).isoformat(), unit="unit")
        for n in range(PEOPLE)
    ]
    ends = [
        make.employment_ended(f"p{n}", (date.fromisoformat(TODAY) - timedelta(days=1 + 9 * n)).isoformat())
        for n in range(GONE)
    ]
    chance.shuffle(starts)
    return [*starts[: PEOPLE // 2], *ends], starts[PEOPLE // 2 :]


async def send(url: str, events: list[make.Event]) -> None:
    """One request after another, each with one line."""
    headers = {"authorization": "Bearer local", "content-type": "application/cloudevents+json"}
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        for event in events:
            answer = await http.post(f"{url}/v1/events", content=make.encoded(event), headers=headers)
            assert answer.status_code == 202, answer.text


@asynccontextmanager
async def watching(folder: Path, settle: str, **settings: str) -> AsyncIterator[Stack]:
    """Everything, on a plan whose mails wait so long."""
    (folder / "plans").mkdir()
    (folder / "plans" / "plan.yaml").write_text(PLAN.format(settle=settle))
    async with standing(folder / "stack", STADGA_PLANS=str(folder / "plans"), **settings) as stack:
        await stack.start(["mailbox", "ingest", "metrics", "alerts"])
        yield stack


def numbers(folder: Path, events: list[make.Event], unit: str = "unit") -> tuple[Any, ...]:
    """The leaver rate of a unit by the whole log."""
    log = folder / "log.jsonl"
    log.write_bytes(make.lines(events))
    rate = every_row_of(computed([log]), TODAY)[unit, "*"]["leaver_rate"]
    return rate["value"], rate["numerator"], rate["denominator"]


async def mailed(stack: Stack) -> list[tuple[object, ...]]:
    """What was mailed, once all that waits is sent."""

    async def sent() -> bool:
        rows = await fetch(stack.database_url, "select state from alerts.outbox")
        return bool(rows) and {row["state"] for row in rows} == {"sent"}

    await until(sent, "the mail to be sent")
    rows = await fetch(stack.database_url, "select occasion::text as said from alerts.outbox")
    said = [msgspec.json.decode(row["said"], type=Occasion) for row in rows]
    assert len(list(stack.mail_folder.glob("*.eml"))) == len(said)
    measured = [(one.measured.value, one.measured.numerator, one.measured.denominator) for one in said]
    return [(one.reason, one.target, one.unit, *told) for one, told in zip(said, measured, strict=True)]


async def firing(stack: Stack) -> bool:
    """Whether a breach is decided."""
    return bool(await fetch(stack.database_url, "select from alerts.standings where state = 'firing'"))


@pytest.mark.parametrize("seed", [1])
async def test_one_mail_with_the_numbers_of_the_whole_file(seed: int, tmp_path: Path):
    """Whatever states came between."""
    first, rest = halves(seed)
    async with watching(tmp_path, "20s") as stack:
        await send(stack.address("ingest"), first)
        await until(lambda: firing(stack), "the breach of the first half to be decided")
        await send(stack.address("ingest"), rest)
        assert await mailed(stack) == [("hold_met", "leavers", "unit", *numbers(tmp_path, [*first, *rest]))]


async def test_of_a_delivery_nothing_is_judged_before_it_is_whole(tmp_path: Path):
    """Its first half is a breach with other numbers; mails wait for nothing, and there is one."""
    first, rest = halves(2)
    events = [event | {"delivery": "file"} for event in [*first, *rest]]
    async with watching(tmp_path, "0s") as stack:
        await send(stack.address("ingest"), events[: len(first)])

        async def held() -> bool:
            told = await published(stack.kafka_bootstrap_servers)
            [one] = (await metrics(stack).ask("/v1/deliveries")).json()["deliveries"] or [{"arrived": 0}]
            return one["arrived"] == len(first) and any(group.provisional for group in told)

        await until(held, "the first half to be held back")
        assert not await fetch(stack.database_url, "select from alerts.standings")
        await send(stack.address("ingest"), [*events[len(first) : -1], events[-1] | {"deliverycount": len(events)}])
        assert await mailed(stack) == [("hold_met", "leavers", "unit", *numbers(tmp_path, [*first, *rest]))]
        assert (await metrics(stack).ask("/v1/deliveries")).json() == {"deliveries": []}


async def test_what_rests_on_a_delivery_that_was_given_up_says_so(tmp_path: Path):
    """Its mail names the source and how much has come of how many, in the words of its reader."""
    first, rest = halves(3)
    sized = [event | {"delivery": "file", "deliverycount": len(first) + len(rest)} for event in first]
    async with watching(tmp_path, "2s", STADGA_DELIVERY_SECONDS="5") as stack:
        await send(stack.address("ingest"), sized)
        assert await mailed(stack) == [("hold_met", "leavers", "unit", *numbers(tmp_path, first))]
        [path] = stack.mail_folder.glob("*.eml")
        mail = message_from_bytes(path.read_bytes(), policy=default)
        assert isinstance(mail, EmailMessage)
        text = " ".join(mail.get_body(("plain",)).get_content().split())  # type: ignore[union-attr]  # it has one
        assert f"a delivery from hr-system has not arrived as a whole, {len(first)} of {len(first) + len(rest)}" in text


async def test_another_unit_is_mailed_while_a_delivery_is_not_whole(tmp_path: Path):
    """Half of it would be a breach where it touches, and in all; the other unit's is mailed with its own numbers."""
    known = [*staff("a", 60), *staff("b", 40), make.employment_started("left", day_before(499), unit="b")]
    known.append(make.employment_ended("left", day_before(480)))
    half, rest = leavers("a", 30), staff("a", 300)[60:]
    file, breach = delivered("file", [*half, *rest]), delivered("other", leavers("b", 12))
    whole = {unit: numbers(tmp_path, [*known, *breach, *file], unit)[0] for unit in ("a", "*")}
    for unit, rate in whole.items():
        assert numbers(tmp_path, [*known, *breach, *half], unit)[0] > 0.2 > rate
    async with watching(tmp_path, "0s") as stack:
        await send(stack.address("ingest"), known)
        await until(lambda: is_told(stack, "*", "headcount", 100.0), "all who are there to be published")
        await send(stack.address("ingest"), file[: len(half)])
        await send(stack.address("ingest"), breach)
        wanted = [("hold_met", "leavers", "b", *numbers(tmp_path, [*known, *breach], "b"))]
        assert await mailed(stack) == wanted
        [held] = (await metrics(stack).ask("/v1/deliveries")).json()["deliveries"]
        assert [held[name] for name in ("id", "arrived", "given_up")] == ["file", len(half), False]
        await send(stack.address("ingest"), file[len(half) :])
        for unit, rate in whole.items():
            await until(partial(is_told, stack, unit, "leaver_rate", rate), "the whole to be published")
            assert await told(stack, unit, "leaver_rate") <= {None, 0.0, rate}
        assert await mailed(stack) == wanted


def staff(unit: str, people: int) -> list[make.Event]:
    """So many who came long ago."""
    return [make.employment_started(f"{unit}-{n}", day_before(500), unit=unit) for n in range(people)]


def leavers(unit: str, people: int) -> list[make.Event]:
    """The last day of some of them, within the year."""
    return [make.employment_ended(f"{unit}-{n}", day_before(10 + n)) for n in range(people)]


def day_before(days: int) -> str:
    """So many days before today."""
    return (date.fromisoformat(TODAY) - timedelta(days=days)).isoformat()


def delivered(name: str, events: list[make.Event]) -> list[make.Event]:
    """As a delivery; the last says how many it has."""
    named = [event | {"delivery": name} for event in events]
    return [*named[:-1], named[-1] | {"deliverycount": len(named)}]


async def told(stack: Stack, unit: str, metric: str) -> set[float | None]:
    """The values as of today that were published of a unit."""
    found = [one for one in await published(stack.kafka_bootstrap_servers) if metric in one.metrics]
    today = [one for one in found if (one.unit, one.occupation, one.as_of) == (unit, "*", one.today)]
    return {one.metrics[metric].value for one in today}


async def is_told(stack: Stack, unit: str, metric: str, value: float) -> bool:
    """Whether a value was published of a unit."""
    return value in await told(stack, unit, metric)
