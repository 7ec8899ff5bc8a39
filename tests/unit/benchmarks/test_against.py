"""Two revisions side by side."""

from benchmarks.against import figures, table

PRINTED = """Measured on a machine.

| figure | value |
|---|---|
| (a) events/s | 10,427 |
| facts in the ledger per event | 3.3 |
"""


def test_figures_of_a_table():
    """Every row is read, its head and what stands before it are not."""
    assert figures(PRINTED) == {"(a) events/s": "10,427", "facts in the ledger per event": "3.3"}


def test_what_one_alone_has_stands_alone():
    """In the order of these files."""
    told = table({"(b) lost": "1", "(a) events/s": "5,000"}, figures(PRINTED))
    assert told == [
        "| (a) events/s | 5,000 | 10,427 |",
        "| facts in the ledger per event |  | 3.3 |",
        "| (b) lost | 1 |  |",
    ]
