"""A large municipality's ledger, made up directly: the same numbers every time, and none of its events."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import asyncpg
import msgspec
import numpy as np
from numpy.typing import NDArray

from cli.local.stack import Stack
from services.metrics.domain.coverage.coverage import ALWAYS, EVERYWHERE
from services.metrics.domain.coverage.kinds import KIND_OF_TYPE
from services.metrics.domain.facts.cell import MIDDLE, OLDER, YOUNG, Cell
from services.metrics.domain.facts.entry import entry_of
from services.metrics.domain.facts.measures import Measure as M  # noqa: N817
from services.metrics.domain.facts.reported import DETAILS
from services.metrics.domain.facts.rules import RULES
from services.metrics.domain.facts.tally import ONE
from services.metrics.intake import repository
from services.metrics.ledger import statements as sql
from services.metrics.ledger.statements import FACT_COLUMNS
from shared.contracts.envelope import CloudEvent
from shared.contracts.events import UnitDefined

Ints = NDArray[np.int64]

OCCUPATIONS = ("socialsekreterare", "socialsekreterare", "biståndshandläggare")
GENDERS, AGES = ("f", "f", "m"), (YOUNG, MIDDLE, OLDER)
UNITS_PER_OFFICE = 100
BATCHES_A_YEAR, DAYS_A_YEAR = 12, 365

OPENING = (
    (M.headcount, 1.0),
    (M.fte, 1.0),
    (M.scheduled_fte, 1.0),
    (M.reports, 1.0),
    (M.tenured, 1.0),
    (M.case_holder_fte, 1.0),
    (M.open_cases, 15.0),
    (M.case_points, 126.0),
    (M.worked_hours, 4.5),
    (M.check_in_due, 1.0),
    (M.check_in_current, 1.0),
)
"""What each person adds on the first day."""
YEARLY = (
    *((M.open_cases, day, sign * 2.0) for day, sign in ((20, 1), (110, -1), (200, 1), (290, -1))),
    *((M.case_points, day, sign * 17.0) for day, sign in ((20, 1), (110, -1), (200, 1), (290, -1))),
    (M.worked_hours, 30, -0.5),
    (M.worked_hours, 210, 0.5),
    (M.documentation_hours, 30, 1.9),
    (M.documentation_hours, 210, -1.9),
    (M.overtime_hours, 60, 0.1),
    (M.overtime_hours, 120, -0.1),
    (M.sick_fte, 40, 1.0),
    (M.sick_fte, 46, -1.0),
    (M.sick_spells, 40, 1.0),
    (M.short_spells, 40, 1.0),
    (M.check_in_current, 150, -1.0),
    (M.check_in_current, 165, 1.0),
)
"""What each person adds every year: measure, day of the year (each person's own year), amount."""

ROW = np.dtype(
    [
        ("fields", ">i2"),
        *((part, kind) for name, kind in zip(FACT_COLUMNS, (">i8", ">i4", ">i2", ">i4", ">i8"), strict=True)
          for part, kind in ((f"{name}_size", ">i4"), (name, kind))),
    ]
)  # fmt: skip
"""A row of PostgreSQL's binary COPY: the number of fields, then the size and the bytes of each."""
HEAD, TAIL = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"


class Town(NamedTuple):
    """How large it is, over how many years its facts lie, and its last day."""

    units: int
    people: int
    years: int
    last: date

    @property
    def facts(self) -> int:
        """Rows of the ledger."""
        return self.people * (len(OPENING) + self.years * len(YEARLY))


def unit(number: int) -> str:
    """The reference of a unit."""
    return f"unit-{number:05}"


async def settle(stack: Stack, town: Town) -> None:
    """Write the town's cells, tree and facts where the metrics service finds them."""
    connection = await asyncpg.connect(stack.database_url, server_settings={"search_path": "metrics"})
    try:
        numbers = await _cells(connection, town)
        await _tree(connection, town)
        await connection.execute("drop index facts_cell")
        await connection.copy_to_table(
            "facts", source=_rows(town, numbers), columns=FACT_COLUMNS, format="binary", schema_name="metrics"
        )
        await connection.execute("create index facts_cell on facts (cell, measure)")
        await connection.execute("vacuum analyze facts")
        # Made up as this release counts, and of no events that it could be counted anew from.
        await connection.execute("update rules set rules = $1", RULES)
    finally:
        await connection.close()


async def _cells(connection: asyncpg.Connection, town: Town) -> Ints:
    """The number of each person's cell."""
    people = [_cell(town, person) for person in range(town.people)]
    columns = list(zip(*sorted(set(people)), strict=True))
    await connection.execute(sql.NEW_CELLS, *columns)
    known = {Cell(*cell): number for number, *cell in await connection.fetch(sql.FIND_CELLS, *columns)}
    return np.array([known[cell] for cell in people], np.int64)


def _cell(town: Town, person: int) -> Cell:
    turn = person // town.units
    return Cell(unit(person % town.units), OCCUPATIONS[turn % 3], GENDERS[turn // 2 % 3], AGES[turn // 3 % 3])


async def _tree(connection: asyncpg.Connection, town: Town) -> None:
    """A municipality of offices of units, the batches that the facts came in, and a source that has told all of it."""
    batches = town.years * BATCHES_A_YEAR + 1
    for number in range(batches):
        batch = await repository.begin(connection)
        await repository.end(connection, batch, 0, town.facts // batches, tree=number == 0)
    parents = {"kommun": None} | {f"office-{n}": "kommun" for n in range(-(-town.units // UNITS_PER_OFFICE))}
    parents |= {unit(n): f"office-{n // UNITS_PER_OFFICE}" for n in range(town.units)}
    rows = [(1, ref, _definition(ref, parent)) for ref, parent in parents.items()]
    await connection.copy_records_to_table("units", records=rows, columns=sql.UNIT_COLUMNS, schema_name="metrics")
    since = [(1, "bench", type_, EVERYWHERE, True, ALWAYS) for type_ in (*KIND_OF_TYPE, *DETAILS)]
    await connection.copy_records_to_table(
        "coverage", records=since, columns=sql.COVERAGE_COLUMNS, schema_name="metrics"
    )


def _definition(ref: str, parent: str | None) -> bytes:
    data = UnitDefined(effective=date(2000, 1, 1), name=ref, level="unit", parent=parent)
    event = CloudEvent(
        specversion="1.0",
        id=ref,
        source="bench",
        type="hr.unit.defined.v1",
        subject=f"unit/{ref}",
        time=datetime(2000, 1, 1, tzinfo=UTC),
        data=msgspec.Raw(msgspec.json.encode(data)),
    )
    return msgspec.msgpack.encode([entry_of(event).entry])


async def _rows(town: Town, cells: Ints) -> AsyncIterator[bytes]:
    yield HEAD
    for rows in _years(town, cells):
        yield rows.tobytes()
    yield TAIL


def _years(town: Town, cells: Ints) -> Iterator[NDArray[np.void]]:
    """The rows of the opening, then of each year, in the order of their batches."""
    first = (town.last - timedelta(days=town.years * DAYS_A_YEAR)).toordinal()
    ones = np.ones_like(cells)
    yield _packed([(ones, cells, m * ones, first * ones, round(amount * ONE) * ones) for m, amount in OPENING])
    shift = np.arange(len(cells)) * 7 % (DAYS_A_YEAR - max(day for _, day, _ in YEARLY))
    for year in range(town.years):
        begins = first + year * DAYS_A_YEAR
        yield _packed(
            [
                (
                    2 + year * BATCHES_A_YEAR + (shift + day) * BATCHES_A_YEAR // DAYS_A_YEAR,
                    cells,
                    m * ones,
                    begins + shift + day,
                    round(amount * ONE) * ones,
                )
                for m, day, amount in YEARLY
            ]
        )


def _packed(kinds: list[tuple[Ints, ...]]) -> NDArray[np.void]:
    columns = [np.concatenate(column) for column in zip(*kinds, strict=True)]
    order = np.argsort(columns[0], kind="stable")
    rows = np.zeros(len(order), ROW)
    rows["fields"] = len(FACT_COLUMNS)
    for name, column in zip(FACT_COLUMNS, columns, strict=True):
        rows[f"{name}_size"], rows[name] = ROW[name].itemsize, column[order]
    return rows
