"""A small file on an empty stack, in two halves: one mail, and every number in it is that of the whole file.

The first half is a breach, which is decided and shown; the second half changes its number.
"""

import random
from datetime import date, timedelta
from pathlib import Path

import httpx
import msgspec
import pytest

from services.alerts.domain.alert.occasion import Occasion
from tests import builders as make
from tests.integration.computing import computed, every_row_of
from tests.integration.metering import TODAY, fetch, standing
from tests.polling import until

PLAN = """\
plan: small
settle: 20s
recipients: {hr: {email: hr@kommun.example, language: en}}
targets:
  - {id: leavers, metric: leaver_rate, breach: {above: 0.2}, notify: [hr]}
  - {id: by-choice, metric: leaver_rate_own_request, breach: {above: 0.9}, notify: [hr]}
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


@pytest.mark.parametrize("seed", [1])
async def test_one_mail_with_the_numbers_of_the_whole_file(seed: int, tmp_path: Path):
    """Whatever states came between."""
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "plan.yaml").write_text(PLAN)
    first, rest = halves(seed)
    log = tmp_path / "log.jsonl"
    log.write_bytes(make.lines([*first, *rest]))
    numbers = every_row_of(computed([log]), TODAY)["unit", "*"]["leaver_rate"]
    async with standing(tmp_path / "stack", STADGA_PLANS=str(tmp_path / "plans")) as stack:
        await stack.start(["mailbox", "ingest", "metrics", "alerts"])
        await send(stack.address("ingest"), first)

        async def decided() -> bool:
            return bool(await fetch(stack.database_url, "select from alerts.standings where state = 'firing'"))

        await until(decided, "the breach of the first half to be decided")
        await send(stack.address("ingest"), rest)

        async def mailed() -> bool:
            rows = await fetch(stack.database_url, "select state from alerts.outbox")
            return bool(rows) and {row["state"] for row in rows} == {"sent"}

        await until(mailed, "the mail to be sent")
        rows = await fetch(stack.database_url, "select occasion::text as said from alerts.outbox")
        said = [msgspec.json.decode(row["said"], type=Occasion) for row in rows]
        arrived = len(list(stack.mail_folder.glob("*.eml")))
    assert [(one.reason, one.target, one.unit) for one in said] == [("hold_met", "leavers", "unit")]
    measured = said[0].measured
    assert (measured.value, measured.numerator, measured.denominator) == (
        numbers["value"],
        numbers["numerator"],
        numbers["denominator"],
    )
    assert arrived == len(said)
