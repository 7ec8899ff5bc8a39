"""A backtest of plans on event logs, from their files."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from cli.connect.publishing.line import LineFault
from cli.offline.backtesting.ground import ground
from cli.offline.backtesting.recorded import recorded
from cli.offline.backtesting.running import backtested
from cli.offline.computing import log
from cli.offline.computing.log import Counts
from services.alerts.domain.backtest.document import Backtest, backtest
from services.alerts.domain.plan.reading import read
from shared.language.language import Language
from shared.language.refusal import SaidError


class NothingToTestError(SaidError):
    """Without a plan, or a log, there is nothing to try."""


def from_files(
    plans: Mapping[str, str],
    logs: Sequence[Path],
    zone: ZoneInfo,
    first: date | None,
    last: date | None,
    language: Language,
) -> Backtest:
    """By name the texts of plans, tried on logs; what of these is not taken is told.

    Raises NothingToTestError, NothingRecordedError, and PlanRefused.
    """
    if not plans or not logs:
        raise NothingToTestError(
            "en prövning behöver en plan (.yaml) och en logg med händelser",
            "a backtest needs a plan (.yaml) and a log of events",
        )
    written = {name: read(text) for name, text in plans.items()}
    log.need(logs, language)
    faults = list[LineFault]()
    try:
        told = recorded(log.entries(logs, Counts(), faults), zone, first, last)
    finally:
        log.tell(faults, language)
    on = ground(told)
    found = dict(zip(plans, backtested(list(written.values()), on), strict=True))
    return backtest(date.fromordinal(on.first), date.fromordinal(on.last), found)
