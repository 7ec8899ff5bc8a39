"""The job as Stadga does it: which of its facts belong to it, out of its ledger."""

from collections.abc import Iterable, Mapping
from datetime import date

import asyncpg

from services.metrics.domain.facts.measures import Measure

MEASURES: Mapping[int, str] = {
    Measure.fte: "fte",
    Measure.headcount: "headcount",
    Measure.joiners: "joiners",
    Measure.leavers_own_request: "leavers",
    Measure.leavers_retirement: "leavers",
    Measure.leavers_other: "leavers",
    Measure.sick_fte: "sick_fte",
    Measure.sick_spells: "sick_spells",
    Measure.open_cases: "open_cases",
    Measure.case_points: "points",
    Measure.worked_hours: "worked_hours",
    Measure.overtime_hours: "overtime_hours",
}
"""The measures of the job, and what it calls them."""
LEDGER = """
select unit, measure, day, sum(delta)::int8 from metrics.facts join metrics.cells on cells.id = facts.cell
where measure = any($1) group by unit, measure, day
"""

Net = dict[str, int]
"""Amounts in millionths by unit, measure and day, as ``unit|measure|2025-01-31``; none is nothing."""


def net(changes: Iterable[tuple[str, int]]) -> Net:
    """What changes come to together."""
    sums: Net = {}
    for fact, amount in changes:
        sums[fact] = sums.get(fact, 0) + amount
    return {fact: amount for fact, amount in sums.items() if amount}


def key(unit: str, measure: int, day: int) -> str:
    """A fact of Stadga's as the job writes it."""
    return f"{unit}|{MEASURES[measure]}|{date.fromordinal(day)}"


async def in_ledger(url: str) -> Net:
    """The facts of the job in Stadga's own ledger."""
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(LEDGER, list(MEASURES))
    finally:
        await connection.close()
    return net((key(unit, measure, day), delta) for unit, measure, day, delta in rows)
