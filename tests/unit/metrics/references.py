"""Data and programs with known answers, kept beside the project's folder."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

BESIDE = Path(__file__).resolve().parents[4] / "shared"


def beside(*parts: str) -> Path:
    """A file beside the project; skips the test where it is missing."""
    path = BESIDE.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{path.name} is not beside the project (../shared/{'/'.join(parts)})")
    return path


def module(*parts: str) -> ModuleType:
    """A program beside the project, imported by its path."""
    path = beside(*parts)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found
