"""What the running plans ask for: which alerts there are, and which values each is judged on."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from services.alerts.domain.plan import Target, Unit, judged
from services.alerts.domain.standing import Alert
from services.alerts.repository.observations import Series
from services.alerts.repository.plans import Version
from shared.contracts.catalogue import METRICS

ALERTABLE = frozenset(metric.name for metric in METRICS if metric.alertable)


class Asked(NamedTuple):
    """An alert that a plan asks for."""

    version: Version
    target: Target
    unit: Unit
    series: Series


def asked(versions: Mapping[str, Version], units: Mapping[str, Unit]) -> dict[Alert, Asked]:
    """Every alert of every running plan, for the units that are known."""
    return {
        Alert(plan, target.id, unit): _asked(version, target.id, units[unit])
        for plan, version in versions.items()
        for target in version.plan.targets.values()
        for unit in judged(version.plan, target, units.values())
    }


def _asked(version: Version, target: str, unit: Unit) -> Asked:
    held = version.plan.target(target, unit.path)
    return Asked(version, held, unit, Series(unit.id, version.plan.occupation_of(held), held.metric))


def ahead(versions: Collection[Version]) -> set[tuple[str, str, int]]:
    """The metrics, occupations and days ahead that some target looks at."""
    plans = [version.plan for version in versions]
    return {
        (target.metric, plan.occupation_of(target), horizon)
        for plan in plans
        for targets in (plan.targets, *plan.local.values())
        for target in targets.values()
        for horizon in target.look_ahead
    }
