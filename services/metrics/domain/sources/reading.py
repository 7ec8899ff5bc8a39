"""Reading the registry from its text: the sources, or everything that is wrong with it."""

import contextlib
from collections.abc import Collection, Mapping

from ruamel.yaml.nodes import Node, ScalarNode, SequenceNode

from services.metrics.domain.coverage.kinds import DELIVERED, Kind
from services.metrics.domain.sources.cadence import Cadence, cadence
from services.metrics.domain.sources.registry import Contact, Registry, Source
from shared.contracts.metrics import ALL
from shared.contracts.names import not_a_name, not_a_reference
from shared.language.language import Language
from shared.language.said import Said, alike
from shared.written import faults as written
from shared.written.entries import Entries, entries, optional, pairs, required
from shared.written.faults import EnoughError, Fault, Faults, document, meant
from shared.written.values import LANGUAGES, NO_UNIT, address, must_be, one_of, some_of, text, words

LARGEST = 500
"""Characters of a source's name: as many as an event may have for it."""
MOST_BYTES = 1_000_000
"""Of a registry: more than a thousand sources."""
NONE: tuple[str, ...] = ()
REGISTRY = Said("registret", "the registry")
CONTACT = alike('"contact"')
CADENCES = Said(
    "daily, working days, weekly, monthly eller en längd såsom 10d eller P2W",
    "daily, working days, weekly, monthly, or a length such as 10d or P2W",
)


class RegistryRefused(Exception):  # noqa: N818 -- a refusal is not an error of the program
    """A registry that cannot be used; ``faults`` says everything that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        """At least one fault."""
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults


def decoded(content: bytes) -> str:
    """The registry as text; raises RegistryRefused where it is not UTF-8, with where it stops being that."""
    text = written.decoded(content)
    if isinstance(text, Fault):
        raise RegistryRefused((text,))
    return text


def read(text: str, units: Collection[str] = ()) -> Registry:
    """What ``text`` registers; raises RegistryRefused. Units are checked against ``units`` once any are known."""
    root = document(text)
    if isinstance(root, Fault):
        raise RegistryRefused((root,))
    faults = Faults()
    with contextlib.suppress(EnoughError):
        given = entries(faults, root, REGISTRY, ("sources",))
        node = required(faults, given, "sources", REGISTRY, lambda _faults, found, _name: found)
        found = _sources(faults, node, units) if node else {}
    if told := faults.sorted():
        raise RegistryRefused(told)
    return found


def _sources(faults: Faults, node: Node, units: Collection[str]) -> Registry:
    found = {}
    for name, key, value in pairs(faults, node, alike('"sources"')):
        if fault := "is longer than an event may say" if len(name) > LARGEST else not_a_reference(name):
            faults.add(
                key,
                f'källsystemets namn "{name}" går inte att använda ({fault}): ingen händelse är därifrån',
                f'the name of source "{name}" {fault}: no event is of it',
            )
        of = entries(faults, value, _source(name), ("kinds", "units", "contact"))
        found[name] = Source(name, _kinds(faults, of, name), _units(faults, of, units), _contact(faults, of, name))
    return found


def _source(name: str) -> Said:
    return Said(f'källsystemet "{name}"', f'source "{name}"')


def _kinds(faults: Faults, of: Entries, name: str) -> Mapping[Kind, Cadence]:
    node = required(faults, of, "kinds", _source(name), lambda _faults, found, _name: found)
    found = {}
    for kind, key, value in pairs(faults, node, alike('"kinds"')) if node else ():
        often = _cadence(faults, value, kind)
        if kind not in DELIVERED:
            _unknown(faults, key, kind)
        elif often:
            found[Kind(kind)] = often
    if node and not node.value:
        faults.add(
            node,
            f'källsystemet "{name}" levererar ingenting: "kinds" är tomt',
            f'source "{name}" delivers nothing: "kinds" is empty',
        )
    return found


def _unknown(faults: Faults, node: Node, kind: str) -> None:
    near, options = meant(kind, DELIVERED), ", ".join(DELIVERED)
    faults.add(
        node,
        f'okänt slag "{kind}"{near.sv or f"; det kan vara {options}"}',
        f'unknown kind "{kind}"{near.en or f"; it can be {options}"}',
    )


def _cadence(faults: Faults, node: Node, kind: str) -> Cadence | None:
    found = cadence(str(node.value))
    if found is None:
        must_be(faults, node, kind, CADENCES)
    return found


def _units(faults: Faults, of: Entries, units: Collection[str]) -> tuple[str, ...]:
    read = some_of(units, NO_UNIT) if units else words
    found = optional(faults, of, "units", NONE, read)
    given = of.values.get("units")
    if given and not given.value:
        faults.add(
            given, '"units" är tomt; utelämna det för alla enheter', '"units" is empty; leave it out for all units'
        )
    if isinstance(given, SequenceNode):
        _check_units(faults, given.value)
    return found


def _check_units(faults: Faults, given: Collection[Node]) -> None:
    """Each can be a unit, and is there once."""
    seen: set[str] = set()
    for node in given:
        unit = str(node.value).strip() if isinstance(node, ScalarNode) else ""
        if unit == ALL:
            faults.add(
                node,
                f'"{ALL}" är ingen enhet; utelämna "units" för alla enheter',
                f'"{ALL}" is no unit; leave "units" out for all units',
            )
        elif unit and (fault := not_a_name(unit)):
            faults.add(
                node,
                f'enheten "{unit}" finns inte: ingen enhet kan heta så ({fault})',
                f'unit "{unit}" {fault}: no unit is called that',
            )
        elif unit in seen:
            faults.add(node, f'enheten "{unit}" står två gånger', f'unit "{unit}" is given twice')
        seen.add(unit)


def _contact(faults: Faults, of: Entries, name: str) -> Contact:
    language: Language = LANGUAGES[0]
    if "contact" not in of.values:
        faults.add(of.node, f'källsystemet "{name}" saknar "contact"', f'source "{name}" needs "contact"')
        return Contact("", "", language)
    given = entries(faults, of.values["contact"], CONTACT, ("name", "email", "language"))
    spoken = optional(faults, given, "language", language, one_of(LANGUAGES))
    email = required(faults, given, "email", CONTACT, address) or ""
    return Contact(required(faults, given, "name", CONTACT, text) or "", email, spoken)
