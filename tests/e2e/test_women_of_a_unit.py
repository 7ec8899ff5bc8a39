"""The women of one unit leave: from events to a mail about them alone, over a time without metrics, to its end."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from cli.local.stack import Stack
from tests import builders as make
from tests.e2e.test_small_file import day_before, send
from tests.integration.metering import fetch, metrics, standing
from tests.polling import until

PLAN = """\
plan: equal
settle: 0s
recipients: {hr: {email: hr@kommun.example, language: sv}}
targets:
  - {id: leaving, metric: leaver_rate, by: gender, breach: {above: 0.2}, clear: {below: 0.15}, notify: [hr]}
"""


def staff(unit: str, gender: str, people: int, of: str = "") -> list[make.Event]:
    """So many who came long ago."""
    came = day_before(500)
    return [make.employment_started(f"{unit}{gender}{of}{n}", came, unit=unit, gender=gender) for n in range(people)]


def leavers(unit: str, gender: str, people: int) -> list[make.Event]:
    """The last day of some of them, within the year."""
    return [make.employment_ended(f"{unit}{gender}{n}", day_before(10 + n)) for n in range(people)]


EVENTS = [
    *(event for unit in ("a", "b") for gender in ("f", "m") for event in staff(unit, gender, 40)),
    *leavers("a", "f", 15),
    *leavers("a", "m", 2),
    *leavers("b", "f", 2),
]
"""A rate of 0.38 of the women of a, of 0.05 of its men; of all of it 0.21."""


async def states(stack: Stack) -> dict[tuple[str, str], tuple[str, str | None]]:
    """State and status of each alert, by target and unit."""
    answer = await metrics(stack, "alerts").ask("/v1/alerts", plan="equal")
    found: list[dict[str, Any]] = answer.json()["alerts"] if answer.is_success else []
    return {(one["target"], one["unit"]): (one["state"], one["status"]) for one in found}


async def stands(stack: Stack, state: str) -> bool:
    """Whether the alert about the women of a is in that state."""
    return (await states(stack)).get(("leaving.f", "a"), ("", ""))[0] == state


def mails(stack: Stack) -> list[EmailMessage]:
    """What arrived, the earliest first."""
    files = sorted(stack.mail_folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    found = [message_from_bytes(path.read_bytes(), policy=default) for path in files]
    return [one for one in found if isinstance(one, EmailMessage)]


async def test_one_mail_about_the_women_of_one_unit(tmp_path: Path):
    """Nobody is told of the men, or of the other unit; what comes late of more women ends it."""
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans" / "plan.yaml").write_text(PLAN)
    async with standing(tmp_path / "stack", STADGA_PLANS=str(tmp_path / "plans")) as stack:
        await stack.start(["mailbox", "ingest", "metrics", "alerts"])
        await send(stack.address("ingest"), EVENTS)
        await until(lambda: stands(stack, "firing"), "the alert about the women of a")
        await until(lambda: len(mails(stack)) == 1, "a mail")
        [mail] = mails(stack)
        assert "(kvinnor)" in mail["Subject"]
        said = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one
        assert "kvinnor" in said
        told = await states(stack)
        assert told.pop(("leaving.f", "a")) == ("firing", "final")
        assert told == dict.fromkeys([("leaving.m", "a"), ("leaving.f", "b"), ("leaving.m", "b")], ("ok", "final"))
        stack.kill("metrics")
        stack.kill("alerts")
        await stack.restart("alerts")
        await until(lambda: stands(stack, "firing"), "the alert to stand while metrics is away")
        await stack.restart("metrics")
        await send(stack.address("ingest"), staff("a", "f", 60, of="late"))
        await until(lambda: stands(stack, "ok"), "the alert to end")
        await until(lambda: len(mails(stack)) == 2, "a mail of it")
        assert "(kvinnor)" in mails(stack)[1]["Subject"]
        told_of = await fetch(stack.database_url, "select distinct occasion ->> 'target' as of from alerts.outbox")
        assert [row["of"] for row in told_of] == ["leaving.f"]
