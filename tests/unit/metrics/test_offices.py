"""Which places share posts: every case and case holder is in exactly one of them."""

import numpy as np
import pytest

from services.metrics.domain.reports.offices import Load, Office, ProposalError, loads, offices
from services.metrics.domain.sums.groups import Roster
from services.metrics.domain.sums.tree import Tree, Trees
from services.metrics.domain.values.answer import AnswerDays, answer
from tests import builders as make
from tests.unit.metrics.folding import fold

UNITS = {"city": None, "ifo": "city", "bou": "ifo", "vux": "ifo", "bou1": "bou", "bou2": "bou"}
NAMES = {"bou": "Barn och unga"}
TREE = Tree({unit: parent for unit, parent in UNITS.items() if parent}, NAMES, 0)
DAY = make.EPOCH


def found(**cases: tuple[float, float]) -> dict[str, Load]:
    """Points and posts of units themselves, added up in everything above them."""
    everything: dict[str, Load] = {}
    for unit, load in cases.items():
        for place in TREE.path(unit):
            already = everything.get(place, Load())
            everything[place] = Load(already.points + load[0], already.posts + load[1])
    return everything


CASES = found(bou1=(300.1, 2), bou2=(150.2, 1.5), vux=(600, 4), ifo=(75, 1))


def parts(unit: str | None) -> dict[str, tuple[float, float]]:
    """The load of each office."""
    return {office.unit: tuple(office.load) for office in offices(CASES, TREE, unit)}


def test_every_unit_with_cases():
    """Unasked, each unit that has cases of its own is a place, without what lies below it."""
    assert parts(None) == {"bou1": (300.1, 2), "bou2": (150.2, 1.5), "ifo": (75, 1), "vux": (600, 4)}


def test_units_below():
    """Of a unit: those right below it with everything below them, and what lies in the unit itself."""
    assert parts("ifo") == {"bou": (450.3, 3.5), "vux": (600, 4), "ifo": (75, 1)}
    assert parts("bou") == {"bou1": (300.1, 2), "bou2": (150.2, 1.5)}


def test_units_below_the_municipality():
    """``*`` is the whole municipality; below it are the units without a parent."""
    assert parts("*") == {"city": (1125.3, 8.5)}


def test_a_unit_with_nothing_below():
    """A unit without units below is its own only place."""
    assert offices(CASES, TREE, "vux") == [Office("vux", "vux", False, Load(600, 4))]


def test_itself():
    """What lies in a unit that has others below is told apart from the whole of it, and places have their names."""
    by_unit = {office.unit: office for office in offices(CASES, TREE, "ifo")}
    assert [by_unit[unit].itself for unit in ("ifo", "bou", "vux")] == [True, False, False]
    assert by_unit["bou"].name == "Barn och unga"


def test_an_unknown_unit():
    """A unit where no case holder works is refused with what was meant."""
    with pytest.raises(ProposalError, match="no case holder works in a unit 'buo'; did you mean bou"):
        offices(CASES, TREE, "buo")


def test_loads_of_sums():
    """Points and case holders' posts of each unit with all below it, on the day."""
    folded = fold(
        make.employment_started("a", DAY, "bou1", fte=0.75, case_holder=True),
        make.caseload_reported("a", DAY, 5, points=120),
        make.employment_started("b", DAY, "bou1"),
    )
    found = answer(folded.rows, Roster(TREE), Trees({}), TREE, AnswerDays(np.array([folded.rows[0].day]), 1), 0)
    assert loads(found) == dict.fromkeys(("bou1", "bou", "ifo", "city", "*"), Load(120, 0.75))
