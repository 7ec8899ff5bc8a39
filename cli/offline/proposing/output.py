"""The proposal as a table to read, as CSV to open elsewhere, or as JSON."""

import msgspec
from rich.console import Group
from rich.table import Table
from rich.text import Text

from cli import spreadsheet
from cli.terminal import harmless, harmless_json
from shared.contracts.metrics import ALL
from shared.contracts.staffing import Office, StaffingProposal

COLUMNS = ("case points", "posts today", "need", "proposal", "difference", "points per post", "as proposed")
STEADY = 0.005
"""A difference that reads as none."""


def as_json(found: StaffingProposal) -> str:
    """One JSON document."""
    return harmless_json(msgspec.json.format(msgspec.json.encode(found))).decode() + "\n"


def as_csv(found: StaffingProposal) -> str:
    """A line for each office."""
    header = ("as_of", "norm", *Office.__struct_fields__)
    told = (msgspec.to_builtins(office) | {"itself": str(office.itself).lower()} for office in found.offices)
    return spreadsheet.written((header, *((found.as_of, found.norm, *values.values()) for values in told)))


def as_table(found: StaffingProposal) -> Group:
    """A row for each office and one for all of them, and what could not be shared."""
    table = Table(title=_title(found), show_footer=True)
    table.add_column("office", footer="all")
    for name, total in zip(COLUMNS, _numbers(_all(found)), strict=True):
        table.add_column(name, justify="right", footer=total)
    for office in found.offices:
        table.add_row(_name(office), *_numbers(office))
    notes = [f"need: case points ÷ the norm of {found.norm:g} points per post of full time"]
    if found.unmeasured:
        notes.append(f"no case points reported, left out: {', '.join(map(harmless, found.unmeasured))}")
    return Group(table, *(Text(note, "dim") for note in notes))


def _title(found: StaffingProposal) -> str:
    where = {None: "units with cases", ALL: "units below the municipality"}.get(
        found.unit, f"units below {harmless(found.unit or '')}"
    )
    return f"{found.posts:g} posts shared over the {where} by case points, {found.as_of}"


def _name(office: Office) -> str:
    name = harmless(office.unit_name)
    return f"{name}, itself" if office.itself else name


def _all(found: StaffingProposal) -> Office:
    points, posts, need = (sum(getattr(o, part) for o in found.offices) for part in ("points", "posts", "need"))
    return Office(
        unit=ALL,
        unit_name=ALL,
        itself=False,
        points=points,
        posts=posts,
        need=need,
        proposal=found.posts,
        difference=found.posts - posts,
        load=points / posts if posts else None,
        load_after=points / found.posts,
    )


def _numbers(office: Office) -> tuple[str, ...]:
    return (
        f"{office.points:,.0f}",
        f"{office.posts:,.2f}",
        f"{office.need:,.2f}",
        f"{office.proposal:,.2f}",
        f"{office.difference:+,.2f}" if abs(office.difference) >= STEADY else "0.00",
        "–" if office.load is None else f"{office.load:,.0f}",
        f"{office.load_after:,.0f}",
    )
