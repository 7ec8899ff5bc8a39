"""The unit tree: a municipality, its departments, their offices, and the units where people work."""

from typing import Literal, NamedTuple

from cli.simulation import magnitudes
from cli.simulation.chance import Chance
from cli.simulation.conditions import ORDINARY, Conditions
from cli.simulation.refusal import SimulationError
from cli.simulation.trouble import DOWNHILL, Onset

SOCIAL_WORKER = "socialsekreterare"
CARE_ASSESSOR = "biståndshandläggare"
FAMILY_THERAPIST = "familjebehandlare"
MANAGER = "enhetschef"
ADMINISTRATOR = "administratör"
CASE_HOLDERS = frozenset({SOCIAL_WORKER, CARE_ASSESSOR})

Level = Literal["municipality", "department", "office", "unit"]
Mix = tuple[tuple[str, float], ...]

AUTHORITY: Mix = ((SOCIAL_WORKER, 0.92), (FAMILY_THERAPIST, 0.03), (ADMINISTRATOR, 0.05))
TREATMENT: Mix = ((SOCIAL_WORKER, 0.45), (FAMILY_THERAPIST, 0.50), (ADMINISTRATOR, 0.05))
CARE: Mix = ((CARE_ASSESSOR, 0.94), (ADMINISTRATOR, 0.06))
TOP = "kommun"
TROUBLED_SIZE = 2.4


class Node(NamedTuple):
    """A node of the tree above the units."""

    ref: str
    name: str
    level: Level
    parent: str | None = None


class Office(NamedTuple):
    """An office: its share of the municipality's units and which occupations its units are made of."""

    ref: str
    name: str
    parent: str
    share: float
    mix: Mix


class Site(NamedTuple):
    """A unit to be staffed: how many people work there when the log begins, and how many posts a person are vacant.

    ``calm`` is how things stand there, but for its troubles.
    """

    ref: str
    name: str
    office: Office
    size: int
    onsets: tuple[Onset, ...] = ()
    calm: Conditions = ORDINARY
    vacant: float = magnitudes.VACANT_AT_START


class Tree(NamedTuple):
    """Everything above the units, and a unit that is no more, as every tree has one."""

    places: tuple[Node, ...]
    offices: tuple[Office, ...]
    closed: Node


PLACES = (
    Node(TOP, "Björkviks kommun", "municipality"),
    Node("ifo", "Individ- och familjeomsorg", "department", TOP),
    Node("alf", "Äldre, LSS och funktionsnedsättning", "department", TOP),
)
OFFICES = (
    Office("ifo-bou", "Barn och unga", "ifo", 0.34, AUTHORITY),
    Office("ifo-eb", "Ekonomiskt bistånd", "ifo", 0.22, AUTHORITY),
    Office("ifo-vux", "Vuxna", "ifo", 0.12, AUTHORITY),
    Office("ifo-fam", "Familjestöd", "ifo", 0.10, TREATMENT),
    Office("alf-ald", "Äldre", "alf", 0.13, CARE),
    Office("alf-lss", "LSS", "alf", 0.09, CARE),
)
TREE = Tree(PLACES, OFFICES, Node("projekt-etablering", "Projekt Etablering", "unit", "ifo"))
AREAS = ("Centrum", "Norr", "Söder", "Väster", "Öster", "Mitt", "Stranden", "Hamnen", "Åsen", "Ängen", "Backen", "Sjön")


def apportion(total: int, weights: list[float]) -> list[int]:
    """Whole parts of a total by weight, each at least one when there is enough (largest remainder)."""
    base = 1 if total >= len(weights) else 0
    rest, scale = total - base * len(weights), sum(weights)
    exact = [rest * weight / scale for weight in weights]
    parts = [base + int(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (int(exact[i]) - exact[i], i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


def area(number: int) -> str:
    """The name of an office's nth area: the list of names, then the list again with a number."""
    lap, place = divmod(number, len(AREAS))
    return AREAS[place] if lap == 0 else f"{AREAS[place]} {lap + 1}"


def sites(people: int, units: int, troubled: str | None, chance: Chance) -> list[Site]:
    """The units and their sizes; the troubled one is large, so that its figures are more than chance.

    ``troubled`` is a unit's reference or name, ``auto`` for the first unit, or None. Raises SimulationError when no
    unit has that name.
    """
    plain = [
        (f"{office.ref}-{n + 1}", f"{office.name} {area(n)}", office)
        for office, count in zip(OFFICES, apportion(units, [o.share for o in OFFICES]), strict=True)
        for n in range(count)
    ]
    weights = [0.7 + 0.6 * chance.random() for _ in plain]
    wrong = None if troubled is None else _place_of(troubled, [(ref, name) for ref, name, _ in plain])
    if wrong is not None:
        weights[wrong] = TROUBLED_SIZE
    sizes = enumerate(zip(plain, apportion(people, weights), strict=True))
    return [Site(*names, size, DOWNHILL if place == wrong else ()) for place, (names, size) in sizes]


def _place_of(wanted: str, named: list[tuple[str, str]]) -> int:
    if wanted == "auto":
        return 0
    for i, names in enumerate(named):
        if wanted in names:
            return i
    known = ", ".join(f"{name} ({ref})" for ref, name in named[:12]) + (", …" if len(named) > 12 else "")
    raise SimulationError(
        f"ingen enhet heter {wanted!r}; enheterna är {known}", f"no unit is called {wanted!r}; the units are {known}"
    )
