"""Reading a whole plan from its text: the plan, or everything that is wrong with it."""

import contextlib
from collections.abc import Collection, Mapping
from typing import NamedTuple

from ruamel.yaml.nodes import Node

from services.alerts.domain.plan.action import Setting, actions, title
from services.alerts.domain.plan.digest import check_digest, digest
from services.alerts.domain.plan.entries import entries
from services.alerts.domain.plan.escalation import reminder
from services.alerts.domain.plan.parts import Scope
from services.alerts.domain.plan.plan import SETTLE, Action, Plan, Recipient, Target
from services.alerts.domain.plan.rule import is_rule
from services.alerts.domain.plan.target import A_TARGET, ADAPTABLE, KEYS, References, targets
from services.alerts.domain.plan.values import settle
from shared.contracts.metrics import ALL
from shared.language.language import Language
from shared.language.said import Said, alike
from shared.written.entries import Entries, optional, pairs, required
from shared.written.faults import EnoughError, Fault, Faults, document, meant
from shared.written.values import (
    LANGUAGES,
    NO_UNIT,
    address,
    day,
    identifier,
    items,
    one_of,
    some_of,
    text,
    words,
    zone,
)

NONE: tuple[str, ...] = ()
MOST_LOCAL = 15_000
"""Targets that units adapt, each counted: more than three hundred units with forty each."""

A_PLAN = Said("en handlingsplan", "a plan")
RECIPIENT_KEYS = ("email", "webhook", "language", "name", "digest")
PLAN_KEYS = frozenset(
    {
        "plan",
        "title",
        "time_zone",
        "language",
        "scope",
        "recipients",
        "targets",
        "measures",
        "local",
        "settle",
        "watch_from",
        "known_from",
        "remind",
        "responsible",
    }
)


class PlanRefused(Exception):  # noqa: N818 -- a refusal is not an error of the program
    """A plan that can't run; ``faults`` says everything that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        """At least one fault."""
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults


def read(source: str, units: Collection[str] = ()) -> Plan:
    """The plan that ``source`` says; raises PlanRefused. Units are checked against ``units`` once any are known."""
    root = document(source)
    if isinstance(root, Fault):
        raise PlanRefused((root,))
    faults = Faults()
    with contextlib.suppress(EnoughError):
        plan = _plan(faults, entries(faults, root, A_PLAN, PLAN_KEYS), units)
    if found := faults.sorted():
        raise PlanRefused(found)
    return plan


def _plan(faults: Faults, given: Entries, units: Collection[str]) -> Plan:
    name = required(faults, given, "plan", A_PLAN, identifier) or ""
    language = optional(faults, given, "language", LANGUAGES[0], one_of(LANGUAGES))
    recipients = _recipients(faults, given, language)
    planned = actions(faults, given, Setting(language, recipients, units=units))
    watched = optional(faults, given, "watch_from", None, day)
    reminded = optional(faults, given, "remind", None, reminder)
    scope = _scope(faults, given, units)
    settled = optional(faults, given, "settle", SETTLE, settle)
    known = References(recipients, planned, settled, watched, reminded, scope)
    bases = _target_entries(faults, given)
    own, local = _local(faults, given, bases, known, Local(language, planned, units))
    return Plan(
        id=name,
        title=title(faults, given, language, default=name),
        time_zone=optional(faults, given, "time_zone", "Europe/Stockholm", zone),
        language=language,
        units=tuple(scope.units),
        occupation=scope.occupation,
        recipients=recipients,
        targets=_targets(faults, bases, known),
        measures=planned | own,
        local=local,
        known_from=optional(faults, given, "known_from", None, day),
        responsible=optional(faults, given, "responsible", None, one_of(recipients)),
        remind=reminded,
    )


def _scope(faults: Faults, given: Entries, units: Collection[str]) -> Scope:
    """The units and the one occupation of the scope."""
    if "scope" not in given.values:
        return Scope()
    scope = entries(faults, given.values["scope"], alike('"scope"'), ("units", "occupations"))
    places = optional(faults, scope, "units", NONE, some_of(units, NO_UNIT) if units else words)
    occupations = optional(faults, scope, "occupations", NONE, words)
    if len(occupations) > 1:
        faults.add(
            scope.values["occupations"],
            "högst ett yrke: ett värde för flera går inte att sätta ihop av dem som publiceras; skriv en plan för"
            " varje, eller utelämna det för alla",
            "one occupation at most: a value over several can't be put together from the published ones;"
            " write a plan for each, or leave it out for all",
        )
    return Scope(places, occupations[0] if occupations else ALL)


def _recipients(faults: Faults, given: Entries, language: Language) -> dict[str, Recipient]:
    found = {}
    if node := given.values.get("recipients"):
        for name, key, value in pairs(faults, node, alike('"recipients"')):
            identifier(faults, key, "recipient")
            of = entries(faults, value, _recipient(name), RECIPIENT_KEYS)
            spoken = optional(faults, of, "language", language, one_of(LANGUAGES))
            to = _where(faults, of, name)
            weekly = optional(faults, of, "digest", None, digest)
            check_digest(faults, of, name)
            found[name] = Recipient(name, to[0], spoken, optional(faults, of, "name", name, text), to[1], weekly)
    return found


def _where(faults: Faults, of: Entries, name: str) -> tuple[str, str]:
    """An e-mail address, or the name of a webhook."""
    if "webhook" not in of.values:
        return required(faults, of, "email", _recipient(name), address) or "", ""
    if "email" in of.values:
        faults.add(
            of.values["webhook"],
            f'mottagaren "{name}" har "email" eller "webhook", inte båda',
            f'recipient "{name}" has "email" or "webhook", not both',
        )
    return "", optional(faults, of, "webhook", "", _webhook)


def _recipient(name: str) -> Said:
    return Said(f'mottagaren "{name}"', f'recipient "{name}"')


def _webhook(faults: Faults, node: Node, name: str) -> str | None:
    identifier(faults, node, name)
    return text(faults, node, name)


def _target_entries(faults: Faults, given: Entries) -> list[Entries]:
    node = required(faults, given, "targets", A_PLAN, lambda _faults, found, _name: found)
    found = items(faults, node, "targets") if node else []
    if node and not found:
        faults.add(node, 'en plan behöver minst ett mål i "targets"', 'a plan needs at least one target in "targets"')
    return [entries(faults, item, A_TARGET, KEYS) for item in found]


def _targets(faults: Faults, bases: list[Entries], known: References) -> dict[str, Target]:
    seen: set[str] = set()
    found: dict[str, Target] = {}
    for base in bases:
        name = _id(base)
        if twice := name in seen:
            faults.add(base.values["id"], f'målet "{name}" står två gånger', f'target "{name}" is given twice')
        seen.add(name or "")
        for made in targets(faults, base, known):
            if made.id in found and not twice:
                faults.add(
                    base.values["id"],
                    f'målet "{made.id}" står två gånger: en gång som del av ett annat',
                    f'target "{made.id}" is given twice: once as a part of another',
                )
            found[made.id] = made
    return found


def _id(base: Entries) -> str | None:
    return str(base.values["id"].value) if "id" in base.values else None


class Local(NamedTuple):
    """What units adapt a plan within: its language, its own measures, and the units that are known, if any."""

    language: Language
    planned: Mapping[str, Action]
    units: Collection[str]


def _local(
    faults: Faults, given: Entries, bases: list[Entries], known: References, within: Local
) -> tuple[dict[str, Action], dict[str, dict[str, Target]]]:
    """The measures that units have of their own, and the targets they adapt: those may name either."""
    node = given.values.get("local")
    by_id = {name: base for base in bases if (name := _id(base))}
    own: dict[str, Action] = {}
    found = {}
    for unit, key, value in pairs(faults, node, alike('"local"')) if node else ():
        if within.units and unit not in within.units:
            near = meant(unit, within.units)
            faults.add(key, f'det finns ingen enhet "{unit}"{near.sv}', f'unknown unit "{unit}"{near.en}')
        of = entries(faults, value, Said(f'"local" för "{unit}"', f'local "{unit}"'), ("targets", "measures"))
        taken = (*within.planned, *own)
        mine = actions(faults, of, Setting(within.language, known.recipients, unit, taken, within.units))
        own |= mine
        named = known._replace(measures=(*within.planned, *mine))
        found[unit] = _adapted(faults, of.values.get("targets"), by_id, named)
        if sum(map(len, found.values())) + len(own) > MOST_LOCAL:
            most = f"{MOST_LOCAL:,}"
            faults.add(
                key,
                f"enheter anpassar sammanlagt fler än {most.replace(',', ' ')} mål",
                f"units adapt more than {most} targets in all",
            )
            break
    return own, found


def _adapted(faults: Faults, node: Node | None, bases: dict[str, Entries], known: References) -> dict[str, Target]:
    found: dict[str, Target] = {}
    for name, key, value in pairs(faults, node, alike('"targets"')) if node else ():
        if name not in bases:
            near = meant(name, bases)
            faults.add(key, f'det finns inget mål "{name}"{near.sv}', f'unknown target "{name}"{near.en}')
            continue
        over = entries(faults, value, Said(f'målet "{name}" i "local"', f'local target "{name}"'), ADAPTABLE)
        _check_kind(faults, bases[name], over)
        found |= {made.id: made for made in targets(faults, bases[name].adapted(over), known)}
    return found


def _check_kind(faults: Faults, base: Entries, over: Entries) -> None:
    """A unit may move a limit, or change a rule; it does not put one in place of the other."""
    before, now = base.values.get("breach"), over.values.get("breach")
    if before and now and is_rule(before) != is_rule(now):
        kind = Said("en regel", "a rule") if is_rule(before) else Said("en gräns", "a limit")
        faults.add(
            now,
            f'planens mål bedöms efter {kind.sv}, och så även här: "breach" måste också vara en sådan',
            f'the target of the plan is judged by {kind.en}, and so is it here: "breach" must be one, too',
        )
