"""Reading how a measure shall be evaluated: by which metrics, from when, over which months, against whom."""

import re
from collections.abc import Callable, Collection
from typing import get_args

from ruamel.yaml.nodes import Node, ScalarNode

from services.alerts.domain.plan.entries import entries
from services.alerts.domain.plan.plan import Evaluate, Expected, Length
from shared.contracts.catalogue import BY_NAME, Metric
from shared.contracts.catalogue.monthly import UNFIT
from shared.language.said import Said, alike
from shared.written.entries import Entries, optional, required
from shared.written.faults import Faults
from shared.written.values import NO_UNIT, day, few, must_be, number, one_of, some_of, text, words

KEYS = ("metric", "metrics", "expect", "start", "units", "wash_in", "before", "after", "compare", "smallest")
EXPECTED: tuple[Expected, ...] = get_args(Expected)
BETTER: dict[str, Expected] = {"lower_is_better": "lower", "higher_is_better": "higher"}
HIGHER_OR_LOWER: dict[Expected, str] = {"lower": "lägre", "higher": "högre"}
"""In Swedish."""
SIBLINGS = "siblings"
LONGEST = 60
"""Months of a window."""
LONGEST_WASH_IN = 730
"""Days; or as many months as are about as long."""
DAYS_A_MONTH = 30
NO_METRIC = Said("inget nyckeltal", "metric")
NO_WASH_IN = Length(0, "days")
NONE: tuple[str, ...] = ()
_LENGTH = re.compile(r"(\d{1,4})([dwm])")


def evaluate(unit: str | None, units: Collection[str]) -> Callable[[Faults, Node, str], Evaluate | None]:
    """A reader of ``evaluate`` of a measure, of one ``unit`` or of the whole plan; ``units`` are known, if any are."""

    def read(faults: Faults, node: Node, name: str) -> Evaluate | None:
        what = alike(f'"{name}"')
        given = entries(faults, node, what, KEYS)
        metrics = _metrics(faults, given, what)
        own = (unit,) if unit else NONE
        found = (
            required(faults, given, "start", what, day),
            required(faults, given, "before", what, months),
            required(faults, given, "after", what, months),
            required(faults, given, "smallest", what, _smallest),
        )
        treated = optional(faults, given, "units", own, few(_units(units)))
        compare = optional(faults, given, "compare", NONE, few(_compared(units)))
        wash_in = optional(faults, given, "wash_in", NO_WASH_IN, _wash_in)
        expect = _expected(faults, given, metrics)
        if both := sorted(set(treated) & set(compare)):
            faults.add(
                given.values["compare"],
                f'"{both[0]}" genomför själv åtgärden: den är ingen jämförelse',
                f'"{both[0]}" carries the measure out: it is no comparison',
            )
        start, before, after, smallest = found
        if not (metrics and start and before and after and smallest):
            return None
        return Evaluate(tuple(metrics), expect, start, treated, wash_in, before, after, compare, smallest)

    return read


def better(metric: Metric, expect: Expected | None) -> Expected:
    """Which way a metric should move: as its direction says, else as was expected."""
    return BETTER.get(metric.direction) or expect or "lower"


def _metrics(faults: Faults, given: Entries, what: Said) -> dict[str, Metric]:
    if ("metric" in given.values) == ("metrics" in given.values):
        faults.add(
            given.node,
            f'{what.sv} behöver antingen "metric" eller "metrics"',
            f'{what.en} needs either "metric" or "metrics"',
        )
        return {}
    if "metric" in given.values:
        one = one_of(BY_NAME)(faults, given.values["metric"], "metric")
        names = (one,) if one else NONE
    else:
        names = few(some_of(BY_NAME, NO_METRIC))(faults, given.values["metrics"], "metrics") or NONE
        if not names and not given.values["metrics"].value:
            faults.add(
                given.values["metrics"], '"metrics" behöver minst ett nyckeltal', '"metrics" needs at least one metric'
            )
    node = given.values.get("metric") or given.values["metrics"]
    for name in names:
        if why := UNFIT.get(name):
            faults.add(
                node,
                f"ingenting kan utvärderas med {name}: {why.sv}",
                f"nothing can be evaluated by {name}: {why.en}",
            )
    return {name: BY_NAME[name] for name in names}


def _expected(faults: Faults, given: Entries, metrics: dict[str, Metric]) -> Expected | None:
    expect = optional(faults, given, "expect", None, one_of(EXPECTED))
    for metric in metrics.values():
        good = BETTER.get(metric.direction)
        if good is None and "expect" not in given.values:
            faults.add(
                given.node,
                f'{metric.name} är varken bättre högre eller lägre: skriv "expect": {" eller ".join(EXPECTED)}',
                f'{metric.name} is neither better higher nor lower: say "expect": {" or ".join(EXPECTED)}',
            )
        elif good and expect and good != expect:
            faults.add(
                given.values["expect"],
                f"{metric.name} är bättre ju {HIGHER_OR_LOWER[good]} det är: skriv expect: {good}",
                f"{metric.name} is better the {good} it is: it is expected to be {good}",
            )
    return expect


def months(faults: Faults, node: Node, name: str) -> int | None:
    """A window such as 12m, in calendar months."""
    found = _LENGTH.fullmatch(str(node.value)) if isinstance(node, ScalarNode) else None
    if found and found[2] == "m" and 1 <= int(found[1]) <= LONGEST:
        return int(found[1])
    kind = Said(f"1m till {LONGEST}m, i hela månader", f"1m to {LONGEST}m, in whole months")
    must_be(faults, node, name, kind)
    return None


def _wash_in(faults: Faults, node: Node, name: str) -> Length | None:
    found = _LENGTH.fullmatch(str(node.value)) if isinstance(node, ScalarNode) else None
    if found is None:
        kind = Said("en tid såsom 60d, 8w eller 3m", "a duration such as 60d, 8w or 3m")
        must_be(faults, node, name, kind)
        return None
    count = int(found[1]) * (7 if found[2] == "w" else 1)
    if count * (DAYS_A_MONTH if found[2] == "m" else 1) > LONGEST_WASH_IN:
        faults.add(node, f'"{name}" kan vara högst {LONGEST_WASH_IN}d', f'"{name}" can be {LONGEST_WASH_IN}d at most')
        return None
    return Length(count, "months" if found[2] == "m" else "days")


def _smallest(faults: Faults, node: Node, name: str) -> float | None:
    value = number(faults, node, name)
    if value is not None and not 0 < value < 1:
        percent = 1 <= value < 100
        faults.add(
            node,
            f'"{name}" är en andel av värdet före, mellan 0 och 1, inte {value:g}'
            + (f"; menade du {value / 100:g}?" if percent else ""),
            f'"{name}" is a share of the value before, between 0 and 1, not {value:g}'
            + (f"; did you mean {value / 100:g}?" if percent else ""),
        )
        return None
    return value


def _units(units: Collection[str]) -> Callable[[Faults, Node, str], tuple[str, ...]]:
    return some_of(units, NO_UNIT) if units else words


def _compared(units: Collection[str]) -> Callable[[Faults, Node, str], tuple[str, ...] | None]:
    """``siblings``, or a list of units, at least one."""

    def read(faults: Faults, node: Node, name: str) -> tuple[str, ...] | None:
        if not isinstance(node, ScalarNode):
            found = _units(units)(faults, node, name)
            if not found and not node.value:
                faults.add(
                    node,
                    f'"{name}" behöver minst en enhet; utelämna det för {SIBLINGS}',
                    f'"{name}" needs at least one unit; leave it out for {SIBLINGS}',
                )
            return found
        if text(faults, node, name) not in {SIBLINGS, None}:
            must_be(faults, node, name, Said(f"{SIBLINGS} eller en lista av enheter", f"{SIBLINGS} or a list of units"))
        return None

    return read
