"""What a running metrics service must come to: the same log computed from its file."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from cli.offline.computing import log, rows
from cli.offline.computing.log import Computed
from cli.offline.proposing.staffing import propose
from cli.offline.reporting.sickness import disclose
from services.metrics.domain.reports.offices import ProposalError
from services.metrics.domain.reports.sickness import DisclosureError
from services.metrics.domain.sums.groups import Group
from shared.contracts.catalogue import BY_NAME, METRICS
from shared.contracts.metrics import ALL
from tests.integration.metering import TODAY, Values


def computed(files: Iterable[Path]) -> Computed:
    """The log as ``stadga compute`` reads it."""
    return log.compute(files, None)


def every_row_of(of: Computed, as_of: str, window: int = 365) -> dict[tuple[str, str], dict[str, Any]]:
    """What ``stadga compute`` says, by unit and occupation; of days ahead the service tells nothing of health."""
    question = rows.Question(date.fromisoformat(as_of), window, METRICS, 10, by=("occupation",), with_measures=False)
    return {
        (row.unit, row.occupation): {
            name: UNTOLD if as_of > TODAY and BY_NAME[name].by_month else _shown(number)
            for name, number in row.metrics.items()
        }
        for row in rows.report(of, question).rows
    }


UNTOLD = {"status": "suppressed"}


def rows_by(of: Computed, as_of: str, *by: str) -> dict[Group, dict[str, Any]]:
    """What ``stadga compute`` says of every group by some dimensions."""
    question = rows.Question(date.fromisoformat(as_of), 365, METRICS, 10, by, with_measures=False)
    return {
        Group(row.unit, row.occupation, row.gender or ALL, row.age or ALL): {
            n: _shown(v) for n, v in row.metrics.items()
        }
        for row in rows.report(of, question).rows
    }


def rows_of(of: Computed, as_of: str, occupation: str = "*", window: int = 365) -> Values:
    """What ``stadga compute`` says of every unit, in the form of the API."""
    found = every_row_of(of, as_of, window)
    return {unit: numbers for (unit, who), numbers in found.items() if who == occupation}


def _shown(number: rows.Number) -> dict[str, Any]:
    return {name: value for name, value in msgspec.to_builtins(number).items() if value is not None}


def statuses(values: Values) -> Counter[str]:
    """How many values have which status."""
    return Counter(number["status"] for found in values.values() for number in found.values())


def disclosed(of: Computed, unit: str, as_of: str) -> object:
    """The disclosure of 2023 computed from the file; where there is none, the sentence that says why."""
    facts, definitions = of.tally.facts(), of.memory.definitions
    try:
        return msgspec.to_builtins(disclose(facts, definitions, 2023, unit, date.fromisoformat(as_of)))
    except DisclosureError as error:
        return str(error)


def proposed(of: Computed, unit: str | None) -> object:
    """The proposal computed from the file; where there is none, the sentence that says why."""
    facts, definitions = of.tally.facts(), of.memory.definitions
    try:
        return msgspec.to_builtins(propose(facts, definitions, 40, 140, unit, date.fromisoformat(TODAY)))
    except ProposalError as error:
        return str(error)
