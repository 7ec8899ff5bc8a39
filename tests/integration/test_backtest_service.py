"""A backtest on the running ledger says what the backtest of the same log says."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from cli.offline.backtesting import from_service
from cli.offline.backtesting.ground import ground
from cli.offline.backtesting.recorded import recorded
from cli.offline.backtesting.running import backtested
from cli.simulation.log import simulate
from services.alerts.domain.backtest.document import Backtest, backtest
from services.alerts.domain.plan.reading import read
from services.metrics.domain.facts.entry import entry_of
from shared.kit.clock import Clock
from tests.integration.asking import Asking, asking
from tests.integration.taken_in import take_in

ZONE = ZoneInfo("Europe/Stockholm")
FIRST, LAST = date(2024, 1, 25), date(2024, 4, 5)
PLAN = """
plan: live
recipients: {hr: {email: hr@kommun.example}, head: {email: chef@kommun.example}}
remind: 20d
targets:
  - {id: leavers, metric: leaver_rate_own_request, breach: {above: 0.12}, clear: {below: 0.10}, hold: 3d,
     clear_hold: 2d, look_ahead: [30d, 90d], notify: [hr], escalate: {after: 5d, to: [head]}}
  - {id: sure, metric: leaver_rate, breach: {above: 0.08}, require_confirmation: true, notify: [hr]}
  - {id: agency, metric: agency_share, breach: {above: 0.15}, clear: {below: 0.12}, hold: 7d, notify: [head]}
  - {id: vacancies, metric: vacancy_rate, breach: {above: 0.10}, look_ahead: [30d], notify: [hr, head]}
"""
SICK = "  - {id: sick, metric: sick_rate, breach: {above: 0.06}, notify: [hr]}\n"


def asked_by(asked: Asking, loop: asyncio.AbstractEventLoop) -> Callable[..., Any]:
    """The command's way of asking, to the service in this process."""

    def ask(path: str, question: Mapping[str, str | None], kind: type, _: str | None) -> Any:  # noqa: ANN401
        said = {name: value for name, value in question.items() if value is not None}
        answer = asyncio.run_coroutine_threadsafe(asked.ask(path, **said), loop).result()
        assert answer.is_success, answer.text
        return msgspec.json.decode(answer.content, type=kind)

    return ask


@pytest.mark.parametrize(("hostility", "plan"), [(0.5, PLAN), (0.0, PLAN + SICK)])
async def test_the_same_alerts_as_on_the_log(
    postgres: str, monkeypatch: pytest.MonkeyPatch, hostility: float, plan: str
):
    """Alerts, days and mails of a log that comes late and is corrected; of health, where nothing came late."""
    log = simulate(1, 60, 3, first=date(2022, 9, 1), last=LAST, hostility=hostility, troubled="auto")
    told = recorded(((event, entry_of(event)) for event in log), ZONE, FIRST, LAST)
    [tested] = backtested([read(plan)], ground(told))
    wanted = backtest(FIRST, LAST, {"plan": tested})
    async with asking(postgres, known_since_ever=False) as asked:
        await take_in(asked.pool, told, Clock(ZONE))
        await asked.ledger.tell(date(2024, 6, 30))
        monkeypatch.setattr(from_service, "ask", asked_by(asked, asyncio.get_running_loop()))
        found: Backtest = await asyncio.to_thread(from_service.from_service, {"plan": plan}, None, FIRST, LAST)
    assert sum(one.alerts for one in wanted.plans[0].targets) > 10
    assert found.plans == wanted.plans
    assert (found.loaded, found.present) == (FIRST, ["sick_rate"] if "sick" in plan else [])
