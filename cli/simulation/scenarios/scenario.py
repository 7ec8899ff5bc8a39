"""A scenario: a small municipality where every target of a plan is broken somewhere and kept elsewhere."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from cli.simulation.organisation import ADMINISTRATOR, OFFICES, PLACES, SOCIAL_WORKER, TOP, TREE, Mix, Node, Site, Tree
from shared.contracts.events import MeasureStatus
from shared.contracts.subjects import MEASURE_PREFIX

LASTS = timedelta(days=3 * 365)
"""The shortest log in which every promise is first kept and then broken."""
CASEWORK: Mix = ((SOCIAL_WORKER, 0.95), (ADMINISTRATOR, 0.05))
"""So that whoever is of another profession works where the scenario says."""
BARN_OCH_UNGA, EKONOMISKT_BISTAND, VUXNA = (office._replace(mix=CASEWORK) for office in OFFICES[:3])
FAMILJESTOD, ALDRE, LSS = OFFICES[3:]


class Step(NamedTuple):
    """A measure of a plan gets a status so many days before the end of the log."""

    plan: str
    measure: str
    status: MeasureStatus
    days_before: int

    @property
    def subject(self) -> str:
        """The subject of the event."""
        return f"{MEASURE_PREFIX}{self.plan}/{self.measure}"


class Scenario(NamedTuple):
    """What lies above the units, and the units: who works there and what they suffer from when.

    ``steps`` are how far the measures of the plans come.
    """

    tree: Tree
    sites: tuple[Site, ...]
    steps: tuple[Step, ...] = ()


def scenario(
    name: str, sites: Iterable[Site], departments: tuple[Node, ...] = PLACES[1:], steps: tuple[Step, ...] = ()
) -> Scenario:
    """A municipality of some name with the departments that its units' offices belong to."""
    staffed = tuple(sites)
    offices = tuple(dict.fromkeys(site.office for site in staffed))
    parents = {office.parent for office in offices}
    places = (Node(TOP, name, "municipality"), *(place for place in departments if place.ref in parents))
    return Scenario(Tree(places, offices, TREE.closed._replace(parent=places[1].ref)), staffed, steps)
