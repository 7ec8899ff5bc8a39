"""``docs/glossary.md`` uses the names that the code uses."""

import re
from pathlib import Path

from shared.contracts.catalogue import METRICS
from shared.contracts.event_types import RETRACTED
from shared.contracts.events import TYPES

PAGE = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text("utf-8")
TERMS, NAMES = PAGE.split("## Metrics by name")


def test_metrics():
    """Every metric is listed with its English and Swedish name, in the order of the catalogue."""
    listed = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", NAMES, re.MULTILINE)
    assert listed == [(metric.name, metric.en, metric.sv) for metric in METRICS]


def test_event_types():
    """Every event type that a term refers to exists."""
    assert set(re.findall(r"`([a-z.]+\.v1)`", TERMS)) <= {*TYPES, RETRACTED}


def test_rows():
    """Every term has a Swedish word, a definition and a place where it is used, and is explained once."""
    rows = [line.strip("|").split("|") for line in TERMS.splitlines() if line.startswith("| ")]
    assert all(len(row) == 4 and all(cell.strip() for cell in row) for row in rows)
    terms = [row[0].strip() for row in rows if row[0].strip() != "term"]
    assert len(terms) == len(set(terms))
