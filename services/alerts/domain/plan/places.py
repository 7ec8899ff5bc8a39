"""Where the units lie, learnt one by one: which of them a target is judged for, and what a new unit changes."""

from collections import Counter
from collections.abc import Iterable, Mapping

from services.alerts.domain.plan.plan import Plan, Target, Unit
from shared.contracts.metrics import ALL


class Places:
    """The units told of so far. What one unit changes costs no more than its own depth."""

    def __init__(self, units: Iterable[Unit] = ()) -> None:
        """These are known from the start."""
        self._units: dict[str, Unit] = {}
        self._below: Counter[str] = Counter()
        for unit in units:
            self.learn(unit)

    @property
    def units(self) -> Mapping[str, Unit]:
        """Every unit, by id."""
        return self._units

    def learn(self, unit: Unit) -> set[str]:
        """Take in a unit that is new, renamed, moved or closed; the units whose alerts that may change.

        Those are the unit itself, and each that has something below it only now, or not any more.
        """
        before = self._units.get(unit.id)
        old, new = _above(before), _above(unit)
        self._units[unit.id] = unit
        changed = set(old).symmetric_difference(new)
        had = {above: self._below[above] > 0 for above in changed}
        self._below.subtract(old)
        self._below.update(new)
        return {unit.id} | {above for above in changed if had[above] != (self._below[above] > 0)}

    def judged(self, plan: Plan, target: Target, unit: str) -> Unit | None:
        """The unit, if the target is judged for it.

        By total: each unit in the scope as a whole, or everything. By unit: each unit below the scope on its own; a
        unit in the scope that has none below it stands for itself. None is for a closed unit: its successor stands in.
        """
        place = self._units.get(unit)
        if place is None or place.closed:
            return None
        scope = plan.units or (ALL,)
        if target.by == "total":
            return place if unit in scope else None
        if unit == ALL:
            return None
        below = any(above in scope for above in place.path[1:])
        alone = unit in scope and self._below[unit] <= 0
        return place if below or alone else None


def _above(unit: Unit | None) -> tuple[str, ...]:
    """The units that have one below them in it; a closed one is none that a target is judged for in their place."""
    return unit.path[1:] if unit and not unit.closed else ()
