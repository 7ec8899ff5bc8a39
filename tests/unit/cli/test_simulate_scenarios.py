"""Each scenario breaks every target of its plan, and where nothing goes wrong every target is kept."""

from datetime import date
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest

from cli.offline.computing.log import Computed, compute
from cli.offline.computing.rows import Number, Question, report
from cli.simulation.log import simulate_scenario
from cli.simulation.scenarios import SCENARIOS
from services.alerts.domain.plan.places import Places
from services.alerts.domain.plan.plan import EVERYONE, Limit, Plan, Target, Unit
from services.alerts.domain.plan.reading import read
from services.metrics.domain.disclosure.suppression import SMALL_GROUP
from services.metrics.domain.sums.tree import tree
from shared.contracts.catalogue import METRICS
from shared.contracts.envelope import encode
from shared.contracts.metrics import ALL

FIRST, LAST = date(2023, 1, 1), date(2025, 12, 31)
HOSTILITY = 0.1
FOLDER = Path(__file__).parents[3] / "deploy" / "plans"

CALM = {
    "vasteras": ("ifo-bou-2", "ifo-eb-2", "ifo-vux-1"),
    "boras": ("ifo-vux-1", "alf-ald-1", "alf-lss-1"),
    "stockholm": ("skarholmen-bou-2", "sodermalm-bou-2", "sodermalm-ald-1"),
    "goteborg": ("ifo-bou-2", "ifo-eb-2", "ifo-vux-1"),
    "varmdo": ("ifo-bou-2", "ifo-eb-2", "ifo-vux-1"),
}
"""Units in which nothing goes wrong but what goes wrong everywhere."""
BEFORE = {
    "vasteras": date(2024, 8, 31),
    "boras": date(2024, 8, 31),
    "stockholm": date(2024, 10, 31),
    "varmdo": date(2023, 12, 31),
}
"""A day before what goes wrong everywhere begins."""


@cache
def plan_of(name: str) -> Plan:
    """A ready-made plan."""
    return read((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


PROMISES = [
    pytest.param(name.partition("-")[0], plan_of(name), target, id=f"{name}-{target.id}")
    for name in (*SCENARIOS, "boras-halsa")
    for target in plan_of(name).targets.values()
    if isinstance(target.breach, Limit) and target.part == EVERYONE
]
"""What has a limit, of all; a rule of the control chart, and parts, are tried where plans are rehearsed."""


@cache
def computed(scenario: str) -> Computed:
    """The facts of a scenario's log."""
    with NamedTemporaryFile() as log:
        events = simulate_scenario(1, scenario, first=FIRST, last=LAST, hostility=HOSTILITY)
        log.writelines(encode(event) + b"\n" for event in events)
        log.flush()
        return compute([Path(log.name)], None)


@cache
def numbers(scenario: str, day: date) -> dict[tuple[str, str], dict[str, Number]]:
    """Every metric of a scenario on a day, by unit and occupation."""
    question = Question(day, 365, METRICS, SMALL_GROUP, ("occupation",), False)
    return {(row.unit, row.occupation): row.metrics for row in report(computed(scenario), question).rows}


@cache
def units(scenario: str) -> tuple[Unit, ...]:
    """The units of a scenario, with their ancestors."""
    found = tree(computed(scenario).memory.definitions, LAST.toordinal())
    return (*(Unit(ref, name, found.path(ref)) for ref, name in found.names.items()), Unit(ALL, ALL, (ALL,)))


def breaking(scenario: str, plan: Plan, target: Target, day: date) -> set[str]:
    """The units whose value is beyond the limit of the target as it holds there."""
    met, places, found = numbers(scenario, day), Places(units(scenario)), set()
    for unit in (u for u in units(scenario) if places.judged(plan, target, u.id)):
        number = met.get((unit.id, plan.occupation_of(target)), {}).get(target.metric)
        limit = plan.target(target.id, unit.path).breach
        if number is not None and number.value is not None and limit.passed(number.value):
            found.add(unit.id)
    return found


@pytest.mark.parametrize(("scenario", "plan", "target"), PROMISES)
def test_broken(scenario: str, plan: Plan, target: Target):
    """On the last day the target is broken somewhere."""
    assert breaking(scenario, plan, target, LAST)


@pytest.mark.parametrize(("scenario", "plan", "target"), PROMISES)
def test_kept(scenario: str, plan: Plan, target: Target):
    """The target is kept in calm units; one for the whole was kept before what goes wrong everywhere began."""
    if target.by == "unit":
        assert not breaking(scenario, plan, target, LAST) & set(CALM[scenario])
    else:
        assert not breaking(scenario, plan, target, BEFORE[scenario])


def test_unknown():
    """A scenario that does not exist is refused by name."""
    with pytest.raises(ValueError, match="scenario: 'nowhere' is none of vasteras, boras"):
        simulate_scenario(1, "nowhere", first=FIRST, last=LAST)


def test_too_short():
    """In less than three years no promise is first kept and then broken."""
    with pytest.raises(ValueError, match="scenario: 1095 days are needed, not 365"):
        simulate_scenario(1, "boras", first=date(2025, 1, 1), last=LAST)
