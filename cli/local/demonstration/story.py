"""The demo from beginning to end, on a stack of its own that starts empty."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from rich.console import Console

from cli.connect.publishing.hindrance import HindranceError
from cli.local.demonstration import report
from cli.local.demonstration.replay import LAST, PEOPLE, UNITS, Replay, bars
from cli.local.demonstration.settling import settled
from cli.local.demonstration.watching import Services, mails
from cli.local.demonstration.words import WORDS
from cli.local.stack import INFRASTRUCTURE, SERVICES, Stack, StackError, session
from cli.local.stack.child import Hold
from cli.local.stack.external import VARIABLES
from cli.local.stack.part import ROOT
from shared.language.language import Language
from shared.language.numbers import day, plain

HOME = Path(".stadga") / "demo"
PLAN = ROOT / "deploy" / "plans" / "socialsekreterare.yaml"


SETTLE = "5s"
SETTINGS = {
    "STADGA_TODAY": LAST.isoformat(),
    "STADGA_PLANS": str(HOME / "plans"),
    "STADGA_HEALTH_SETTLE_SECONDS": "10",
}
"""Of a stack whose log is sent at once, by somebody who waits."""


@contextmanager
def fresh() -> Iterator[Stack]:
    """An empty stack whose today is the log's last day: nobody's database is filled, nobody's mail server used."""
    turn = Hold(HOME.with_suffix(".lock"))
    if not turn.take():
        raise StackError(f"en annan demo körs i {HOME}", f"another demo runs in {HOME}")
    shutil.rmtree(HOME, ignore_errors=True)
    base = {name: value for name, value in os.environ.items() if name not in VARIABLES.values()}
    _impatient(PLAN.read_text(encoding="utf-8"))
    try:
        yield Stack(HOME, {**base, **SETTINGS}, leashed=True)
    finally:
        turn.release()


def _impatient(plan: str) -> None:
    """The plan for somebody who waits: its mails need their values to be still for seconds, not minutes."""
    (HOME / "plans").mkdir(parents=True)
    (HOME / "plans" / PLAN.name).write_text(f"settle: {SETTLE}\n{plan}", encoding="utf-8")


async def tell(stack: Stack, console: Console, language: Language) -> None:
    """Start everything, replay the log, and show what came of it; raises StackError."""
    parts = (*INFRASTRUCTURE, *SERVICES)
    await session.start(stack, console, parts, language)
    people, last = plain(PEOPLE, language), day(LAST, language)
    console.print(WORDS[language].story.format(people=people, units=UNITS, last=last), highlight=False)
    try:
        async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
            await _replay_and_show(stack, console, http, language)
    except* (HindranceError, httpx.HTTPError) as errors:
        problem = repr(errors.exceptions[0])
        raise StackError(f"demon kan inte fortsätta: {problem}", f"the demo cannot go on: {problem}") from errors


async def _replay_and_show(stack: Stack, console: Console, http: httpx.AsyncClient, language: Language) -> None:
    services = Services(http, stack.address("metrics"), stack.address("alerts"))
    with bars(console) as progress:
        await Replay(stack.address("ingest"), services, progress, language).run()
    firing = await settled(services, stack.mail_folder, console, language)
    told = report.worst(firing)
    mail = report.about(told, mails(stack.mail_folder))
    if mail is None:
        where = stack.mail_folder
        raise StackError(
            f"inget mejl om {told.unit_name} finns i {where}", f"no mail about {told.unit_name} is in {where}"
        )
    shown = (
        report.values(await services.values("*"), await services.values(told.unit), LAST, language),
        report.alerts(firing, str(PLAN.relative_to(ROOT)), language),
        report.letter(mail, language),
        report.addresses(stack, stack.mail_folder, language),
    )
    console.print(*(part for whole in shown for part in ("", whole)), sep="\n")
