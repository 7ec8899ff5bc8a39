"""Which parts a service can do without: the code, and the table of docs/operations.md."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from litestar import Litestar

from shared.kit.health import Health
from shared.kit.server import HEALTH
from tests.services import SERVICES, settings

TEXT = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")
ROWS = {
    name: (re.findall(r"`([\w.]+)`", essential), re.findall(r"`([\w.]+)`", lesser))
    for name, essential, lesser in re.findall(
        r"^\| (ingest|metrics|alerts) \| (`.*?) \| (`.*?) \|$", TEXT, re.MULTILINE
    )
}


def all_away(service: str) -> Health:
    """The health of a service none of whose parts works."""
    build = getattr(import_module(f"services.{service}.app"), service)
    app: Litestar = build(settings(service)())
    health: Health = app.state[HEALTH]
    for part in health.report():
        health.bad(part.name, "away")
    return health


@pytest.mark.parametrize("service", SERVICES)
def test_parts_are_told_as_they_are(service: str) -> None:
    """The table names each part, and says of each whether the service is of use without it."""
    health = all_away(service)
    found = {kind: {part.name for part in health.report() if part.condition == kind} for kind in ("bad", "degraded")}
    essential, lesser = ROWS[service]
    assert found == {"bad": set(essential), "degraded": set(lesser)}


@pytest.mark.parametrize("service", SERVICES)
def test_service_goes_on_without_its_lesser_parts(service: str) -> None:
    """A mail server that is away, or a plan with a typing error, takes no service out of service."""
    health = all_away(service)
    assert not health.ready
    for part in ROWS[service][0]:
        health.ok(part)
    assert health.ready
