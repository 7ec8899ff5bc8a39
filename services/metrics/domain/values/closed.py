"""Who is still placed in a unit that is closed: nobody told where they are now."""

from collections import defaultdict
from collections.abc import Mapping

from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.sums.groups import Group
from services.metrics.domain.sums.kernels import LEVEL, Floats, Kernel
from services.metrics.domain.sums.tree import Tree

IN_CLOSED_UNIT = "in_closed_unit"
"""The kind of anomaly that counts them."""

PEOPLE = (Measure.headcount, Measure.fixed_term_headcount)
READ_OF_CLOSED: frozenset[Kernel] = frozenset((measure, LEVEL) for measure in PEOPLE)
"""What they are counted by: everybody with a monthly-paid employment is in one of these levels."""


def in_closed_units(tree: Tree, numbers: Mapping[Group, int], people: Floats) -> int:
    """How many people work in closed units themselves; ``people`` counts those of each group by its number."""
    below = defaultdict[str, list[str]](list)
    for unit, parent in tree.parents.items() if tree.closed else ():
        below[parent].append(unit)
    own = (_of(unit, numbers, people) - sum(_of(u, numbers, people) for u in below[unit]) for unit in tree.closed)
    return round(sum(own))


def _of(unit: str, numbers: Mapping[Group, int], people: Floats) -> float:
    number = numbers.get(Group(unit))
    return 0.0 if number is None else float(people[number])
