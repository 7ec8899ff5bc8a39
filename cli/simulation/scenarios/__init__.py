"""Scenarios: municipalities in which the targets of the ready-made plans are broken, by name."""

from collections.abc import Mapping

from cli.simulation.scenarios import boras, goteborg, stockholm, varmdo, vasteras
from cli.simulation.scenarios.scenario import Scenario

SCENARIOS: Mapping[str, Scenario] = {
    "vasteras": vasteras.SCENARIO,
    "boras": boras.SCENARIO,
    "stockholm": stockholm.SCENARIO,
    "goteborg": goteborg.SCENARIO,
    "varmdo": varmdo.SCENARIO,
}
