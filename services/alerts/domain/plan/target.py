"""Reading one target of a plan, and the checks that need more than one of its values."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any, NamedTuple, get_args

import msgspec
from ruamel.yaml.nodes import Node

from services.alerts.domain.plan.entries import entries
from services.alerts.domain.plan.escalation import NO_RECIPIENT, check_escalation, escalation, reminder
from services.alerts.domain.plan.parts import Breakdown, Scope, breakdown, check_parts, parts
from services.alerts.domain.plan.plan import Limit, Severity, Side, Target
from services.alerts.domain.plan.rule import is_rule, rule
from services.alerts.domain.plan.values import hold, horizons, settle
from shared.contracts.catalogue import BY_NAME, Metric
from shared.contracts.catalogue.disclosure import ByMonth
from shared.language.said import Said, alike
from shared.written.entries import Entries, optional, required
from shared.written.faults import Faults
from shared.written.values import day, few, flag, identifier, number, one_of, some_of, text

ADAPTABLE = frozenset(
    {
        "breach",
        "clear",
        "hold",
        "clear_hold",
        "look_ahead",
        "severity",
        "notify",
        "measures",
        "require_confirmation",
        "settle",
        "watch_from",
        "escalate",
        "remind",
    }
)
"""What a unit may change of a target; what it measures and for whom stays."""

KEYS = ADAPTABLE | {"id", "metric", "by", "occupation"}
WRONG_WAY = {
    ("lower_is_better", "below"): (Said("lägre", "lower"), "above"),
    ("higher_is_better", "above"): (Said("högre", "higher"), "below"),
}
"""A metric's direction and a breach that contradicts it → how to say so, and the side that was meant."""

Reader = Callable[[Faults, Node, str], object]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
SIDES: tuple[Side, ...] = get_args(Side)
ABOUT = {ByMonth.HEALTH: Said("hälsa", "health"), ByMonth.PULSE: Said("en pulsmätning", "a pulse survey")}
"""What is told of whole months alone."""

A_TARGET = Said("ett mål", "a target")
NO_MEASURE = Said("ingen åtgärd", "measure")
SIDE: dict[Side, str] = {"above": "över", "below": "under"}
"""In Swedish."""
SHARE = 1.0
MANY_A_YEAR = 5.0


class References(NamedTuple):
    """What a target may refer to, and what it takes from its plan."""

    recipients: Collection[str]
    measures: Collection[str]
    settle: int
    watch_from: date | None
    remind: int | None
    """These of targets that say nothing else."""
    scope: Scope = Scope()
    """What the plan is about."""


def targets(faults: Faults, given: Entries, known: References) -> Sequence[Target]:
    """The target of these entries, or one for each of its parts; none when what it is or its breach can't be read."""
    asked = optional(faults, given, "by", Breakdown(), breakdown)
    found = _target(faults, given, known, asked)
    if found and asked.dimensions:
        check_parts(faults, given.values["by"], found, asked, known.scope)
    return tuple(parts(found, asked)) if found else ()


def _target(faults: Faults, given: Entries, known: References, asked: Breakdown) -> Target | None:
    name = required(faults, given, "id", A_TARGET, identifier)
    measured = required(faults, given, "metric", A_TARGET, metric)
    rest = _rest(faults, given, known) | {"by": asked.by}
    if "breach" in given.values and is_rule(given.values["breach"]):
        ruled = rule(faults, given, measured, rest["watch_from"])
        check_escalation(faults, given, rest["escalate"], rest["notify"])
        return _made(name, measured, rest | {"breach": None, "rule": ruled}) if ruled else None
    breach = required(faults, given, "breach", A_TARGET, limit)
    if breach and rest["clear"]:
        _check_clear(faults, given.values["clear"], breach, rest["clear"])
    check_escalation(faults, given, rest["escalate"], rest["notify"])
    if measured and breach:
        _check_limits(faults, given, measured, breach, rest["clear"])
        _check_confirmation(faults, given, measured, rest["require_confirmation"])
        _check_look_ahead(faults, given, measured, rest["look_ahead"])
    return _made(name, measured, rest | {"breach": breach}) if breach else None


def _made(name: str | None, measured: Metric | None, said: dict[str, Any]) -> Target | None:
    return msgspec.convert({"id": name, "metric": measured.name, **said}, Target) if name and measured else None


def _rest(faults: Faults, given: Entries, known: References) -> dict[str, Any]:
    """What a target may leave out: key → value."""
    readers: tuple[tuple[str, object, Reader], ...] = (
        ("clear", None, limit),
        ("hold", 0, hold),
        ("clear_hold", 0, hold),
        ("look_ahead", (), few(horizons)),
        ("severity", "warning", one_of(SEVERITIES)),
        ("notify", (), few(some_of(known.recipients, NO_RECIPIENT))),
        ("measures", (), few(some_of(known.measures, NO_MEASURE))),
        ("require_confirmation", False, flag),
        ("occupation", None, text),
        ("settle", known.settle, settle),
        ("watch_from", known.watch_from, day),
        ("escalate", (), escalation(known.recipients)),
        ("remind", known.remind, reminder),
    )
    return {key: optional(faults, given, key, default, read) for key, default, read in readers}


def metric(faults: Faults, node: Node, name: str) -> Metric | None:
    """A metric a target can be set for."""
    word = one_of(BY_NAME)(faults, node, name)
    found = BY_NAME.get(word or "")
    if found and not found.alertable:
        faults.add(
            node,
            f"{found.name} är för rapporter: inget mål kan sättas för det",
            f"{found.name} is for reports: no target can be set for it",
        )
    return found


def limit(faults: Faults, node: Node, name: str) -> Limit | None:
    """``{above: x}`` or ``{below: x}``."""
    given = entries(faults, node, alike(f'"{name}"'), SIDES)
    sides = [side for side in SIDES if side in given.values]
    if len(sides) != 1:
        faults.add(
            node,
            f'"{name}" måste vara {{above: ett tal}} eller {{below: ett tal}}',
            f'"{name}" must be {{above: a number}} or {{below: a number}}',
        )
        return None
    value = number(faults, given.values[sides[0]], sides[0])
    return None if value is None else Limit(sides[0], value)


def _check_limits(faults: Faults, given: Entries, of: Metric, breach: Limit, clear: Limit | None) -> None:
    node = given.values["breach"]
    if (of.direction, breach.side) in WRONG_WAY:
        better, side = WRONG_WAY[of.direction, breach.side]
        written = f"breach: {{{side}: {breach.value:g}}}"
        faults.add(
            node,
            f"{of.name} är bättre ju {better.sv} det är: skriv {written}",
            f"{of.name} is better the {better.en} it is: write {written}",
        )
    for name, limit_ in (("breach", breach), ("clear", clear)):
        if limit_ and of.unit == "ratio" and limit_.value > (MANY_A_YEAR if of.interval == "poisson" else SHARE):
            value, meant = limit_.value, f"{limit_.value / 100:g}"
            faults.add(
                given.values[name],
                f"{of.name} är en andel: {value:g} är {value * 100:.0f} %; menade du {meant}?",
                f"{of.name} is a share: {value:g} is {value:.0%}; did you mean {meant}?",
            )


def _check_confirmation(faults: Faults, given: Entries, of: Metric, asked: bool) -> None:
    if asked and of.interval == "none":
        node = given.values["require_confirmation"]
        faults.add(
            node,
            f"{of.name} har inget intervall, så ingenting kan säkerställa en överträdelse; utelämna detta",
            f"{of.name} has no interval, so nothing can confirm a breach; leave this out",
        )


def _check_look_ahead(faults: Faults, given: Entries, of: Metric, asked: tuple[int, ...]) -> None:
    if asked and (kind := of.by_month):
        faults.add(
            given.values["look_ahead"],
            f"{of.name} handlar om {ABOUT[kind].sv}, som visas för hela månader som är över och inte för någon dag"
            " framåt: utelämna detta; en överträdelse meddelas när dess månad är över",
            f"{of.name} is about {ABOUT[kind].en}, which is told of whole months that are over and of no day ahead:"
            " leave this out; a breach is told of once its month is over",
        )


def _check_clear(faults: Faults, node: Node, breach: Limit, clear: Limit) -> None:
    good: Side = "below" if breach.side == "above" else "above"
    if clear.side == breach.side:
        faults.add(
            node,
            f"en överträdelse {SIDE[breach.side]} {breach.value:g} upphör {SIDE[good]} en gräns,"
            f" inte {SIDE[clear.side]} en",
            f"a breach {breach.side} {breach.value:g} clears {good} a limit, not {clear.side} one",
        )
    elif clear.value != breach.value and not Limit(good, breach.value).passed(clear.value):
        faults.add(
            node,
            f"fel håll: en överträdelse {SIDE[breach.side]} {breach.value:g} upphör {SIDE[good]} {breach.value:g} eller"
            f" längre {SIDE[good]}, inte {SIDE[good]} {clear.value:g}",
            f"the wrong way round: a breach {breach.side} {breach.value:g} clears {good} {breach.value:g} or further"
            f" {good}, not {good} {clear.value:g}",
        )
