"""Files of millions of rows: what is kept of each is a few numbers."""

import tracemalloc
from datetime import datetime
from pathlib import Path

from cli.commands.import_ import MAPPINGS
from cli.connect.importing.employment_rows import lines
from cli.connect.importing.spool import Spool
from cli.connect.importing.understood import Understood

HEADER = "Anställningsnr;Personnr;Org.enhet;Befattning;Anställningsform;Sysselsättningsgrad;Från"
FEW, MANY = 300, 3_000
BYTES = 200
"""Of a row in each of two files, and its events: each of those alone is 400 as text."""


def peak(folder: Path, rows: int) -> int:
    """Bytes in use at the most while a file of so many rows is imported, whose file before said half of it."""
    texts = [f"k{n};q{n};Jour;Kurator;Tillsvidare;75;2021-03-01" for n in range(rows)]
    now, before = folder / f"{rows}.csv", folder / f"{rows}-before.csv"
    now.write_text("\n".join([HEADER, *texts, ""]), "utf-8")
    before.write_text("\n".join([HEADER, *texts[::2], ""]), "utf-8")
    mapping, as_of = MAPPINGS / "anstallningar.yaml", datetime(2024, 10, 1)  # noqa: DTZ001 -- the file's own clock
    del texts
    tracemalloc.start()
    try:
        with Spool(folder) as spool:
            for line in lines(now, before, mapping, as_of, Understood([])):
                spool.take(line)
            assert len(spool) == rows
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_hardly_grows_with_the_file(tmp_path: Path):
    """Neither rows nor events are kept, but what they are known by."""
    peak(tmp_path, FEW)
    assert peak(tmp_path, MANY) - peak(tmp_path, FEW) < BYTES * (MANY - FEW)
