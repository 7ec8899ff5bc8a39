"""Scenarios: small municipalities, by name, where targets of the ready-made plans are broken, or something helps."""

from collections.abc import Mapping

from cli.simulation.scenarios import boras, goteborg, mentorer, stockholm, varmdo, vasteras
from cli.simulation.scenarios.scenario import Scenario

SCENARIOS: Mapping[str, Scenario] = {
    "vasteras": vasteras.SCENARIO,
    "boras": boras.SCENARIO,
    "stockholm": stockholm.SCENARIO,
    "goteborg": goteborg.SCENARIO,
    "varmdo": varmdo.SCENARIO,
}
"""Each breaks the plan of its name."""
HELPED: Mapping[str, Scenario] = {"mentorer": mentorer.SCENARIO}
"""In which a measure has the effect that an evaluation should find."""
