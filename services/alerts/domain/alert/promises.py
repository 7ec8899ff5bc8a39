"""What the running plans ask for: which alerts there are, and which values each is judged on."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from services.alerts.domain.alert.observation import SeriesKey
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.plan.places import Places
from services.alerts.domain.plan.plan import EVERYONE, Target, Unit, Version
from shared.contracts.catalogue import METRICS

ALERTABLE = frozenset(metric.name for metric in METRICS if metric.alertable)


class Promise(NamedTuple):
    """An alert that a plan asks for."""

    version: Version
    target: Target
    unit: Unit
    series: SeriesKey


def promise(alert: Alert, versions: Mapping[str, Version], places: Places) -> Promise | None:
    """What a running plan asks for under this name; None when none does."""
    version = versions.get(alert.plan)
    target = version.plan.targets.get(alert.target) if version else None
    unit = places.judged(version.plan, target, alert.unit) if version and target else None
    if version is None or unit is None:
        return None
    held = version.plan.target(alert.target, unit.path)
    series = SeriesKey(unit.id, version.plan.occupation_of(held), held.metric, *held.part)
    return Promise(version, held, unit, series)


def every(versions: Mapping[str, Version], places: Places, units: Iterable[str] | None = None) -> dict[Alert, Promise]:
    """All alerts of all plans, of these units or of all."""
    names = (alert for unit in (places.units if units is None else units) for alert in of_unit(unit, versions))
    return {alert: one for alert in names if (one := promise(alert, versions, places))}


def of_unit(unit: str, versions: Mapping[str, Version]) -> Iterator[Alert]:
    """Every alert of a unit that a plan may ask for."""
    return (Alert(plan, target, unit) for plan, version in versions.items() for target in version.plan.targets)


def judged_on(changed: Collection[SeriesKey], versions: Mapping[str, Version], places: Places) -> set[Alert]:
    """The alerts that are judged on one of these series. What a series costs is the targets of its metric.

    Those with a rule, or of a part of a group, are not: what they are judged on is asked for.
    """
    targets: dict[tuple[str, str], list[tuple[Version, Target]]] = {}
    for version in versions.values():
        for target in version.plan.targets.values():
            if target.rule or target.part != EVERYONE:
                continue
            key = version.plan.occupation_of(target), target.metric
            targets.setdefault(key, []).append((version, target))
    return {
        Alert(version.plan.id, target.id, series.unit)
        for series in changed
        for version, target in targets.get((series.occupation, series.metric), ())
        if places.judged(version.plan, target, series.unit)
    }


def ahead(versions: Collection[Version]) -> set[tuple[str, str, int]]:
    """The metrics, occupations and days ahead that some target looks at, but those of parts of a group."""
    plans = [version.plan for version in versions]
    return {
        (target.metric, plan.occupation_of(target), horizon)
        for plan in plans
        for targets in (plan.targets, *plan.local.values())
        for target in targets.values()
        if target.part == EVERYONE
        for horizon in target.look_ahead
    }
