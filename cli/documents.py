"""Writes the generated documents of the contract: ``python -m cli.documents``."""

import json
from pathlib import Path
from typing import Any

from shared.contracts import asyncapi

DOCS = Path(__file__).parent.parent / "docs"


def documents() -> dict[Path, dict[str, Any]]:
    """Every generated document, by the file that holds it."""
    return {DOCS / "asyncapi.json": asyncapi.document()}


def rendered(document: dict[str, Any]) -> str:
    """A document as it is written: indented, in its own order, UTF-8."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write them all."""
    for file, document in documents().items():
        file.parent.mkdir(exist_ok=True)
        file.write_text(rendered(document), encoding="utf-8")


if __name__ == "__main__":
    main()
