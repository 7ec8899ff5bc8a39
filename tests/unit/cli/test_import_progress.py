"""What a terminal shows while a large file is read."""

from datetime import datetime
from pathlib import Path

import pytest

from cli.commands.import_ import MAPPINGS
from cli.connect.importing.employment_rows import lines
from cli.connect.importing.progress import Progress
from cli.connect.importing.understood import Understood
from cli.connect.publishing.columns import Columns

HEADER = "Anställningsnr;Personnr;Org.enhet;Befattning;Anställningsform;Sysselsättningsgrad;Från"
ROWS = 2_000


def test_the_share_that_is_read_then_the_rows_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Of the file before too; it only grows within a reading, to all of the file."""
    now, before = tmp_path / "now.csv", tmp_path / "before.csv"
    rows = [f"k{n};q{n};Jour;Kurator;Tillsvidare;75;2021-03-01" for n in range(ROWS)]
    now.write_text("\n".join([HEADER, *rows, ""]), "utf-8")
    before.write_text("\n".join([HEADER, *rows[::2], ""]), "utf-8")
    report = Understood([str(now)])
    progress, shown, take = Progress(report), list[str](), Columns.take

    def watched(columns: Columns, *row: object) -> None:
        shown.append(progress.__rich__())
        take(columns, *row)  # type: ignore[arg-type]

    monkeypatch.setattr(Columns, "take", watched)
    assert progress.__rich__() == str(now)
    as_of = datetime(2024, 10, 1)  # noqa: DTZ001 -- the file's own clock
    made = lines(now, before, MAPPINGS / "anstallningar.yaml", as_of, report, progress=progress)
    next(made)
    for file, count in ((before, ROWS // 2), (now, ROWS)):
        shares = [int(line.removeprefix(f"{file}: ").rstrip("%")) for line in shown if line.startswith(f"{file}:")]
        assert (len(shares), shares == sorted(shares), shares[-1]) == (count, True, 100)
        assert {*range(10, 100, 10)} <= {share // 10 * 10 for share in shares}
    assert progress.__rich__() == f"{now}: 2 / 2,000"
    assert [*made]
    assert progress.__rich__() == f"{now}: 2,000 / 2,000"
