"""What ``omfattning`` says in a file as a whole: per cent, or shares of full time.

A record that says 1 is of all of a day in a file that else says 0.5 and 0.75, and of a hundredth in one that says 50.
"""

from collections.abc import Iterator, Sequence

from cli.connect.importing.pax_fields import Transaction
from cli.connect.publishing.line import CellError, FilePlace, LineFault, faulty

_ONE_PER_CENT = 0.01
_PRECISION = 6


def are_shares(transactions: Sequence[Transaction]) -> bool:
    """Whether all that tell an extent tell at most 1."""
    told = [t for t in transactions if t.extent is not None]
    return bool(told) and all(map(is_small, told))


def is_small(t: Transaction) -> bool:
    """Whether the extent, read as per cent, is at most one of them."""
    return t.extent is not None and t.extent <= _ONE_PER_CENT


def as_share(t: Transaction) -> Transaction:
    """The same, its extent not taken for per cent."""
    return t if t.extent is None else t._replace(extent=round(t.extent * 100, _PRECISION))


def unclear(transactions: Sequence[tuple[FilePlace, Transaction]]) -> Iterator[LineFault]:
    """A fault for each extent of at most 1, among others that are per cent."""
    for place, t in transactions:
        if t.extent is not None and is_small(t):
            message = "per cent, or a share of one? Others in the file are per cent"
            yield faulty(
                place,
                CellError("invalid_value", "omfattning", message, "mixed_degrees", cell=f"{t.extent * 100:g}"),
            )
