"""Which units a change touches: those whose facts it moved, and all whose sums contain them."""

from collections.abc import Collection

from services.metrics.domain.sums.tree import Tree
from shared.contracts.metrics import ALL


def touched(moved: Collection[str], tree: Tree, known: Collection[str]) -> frozenset[str]:
    """The units ``moved`` and those above them; where everything was moved, all that are ``known``."""
    above = {node for unit in moved for node in tree.path(unit)}
    return frozenset({*above, *known} if ALL in moved else above)
