"""Reading what a target is judged by, and the targets that one by gender or by age comes to: one for each part."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import NamedTuple, get_args

import msgspec
from ruamel.yaml.nodes import Node, SequenceNode

from services.alerts.domain.plan.plan import By, Target
from shared.contracts.catalogue import BY_NAME
from shared.contracts.catalogue.parts import PARTS, Dimension, no_parts
from shared.contracts.metrics import ALL
from shared.language.said import Said
from shared.written.faults import Faults
from shared.written.values import few, one_of, some_of

PLACES: tuple[By, ...] = get_args(By)
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
NO_WORD = Said("ingen indelning", "word")


class Breakdown(NamedTuple):
    """Where a target is judged, and by which dimensions it has parts."""

    by: By = "unit"
    dimensions: tuple[Dimension, ...] = ()


class Scope(NamedTuple):
    """The units and the occupation that a plan is about; no units: the whole municipality."""

    units: Sequence[str] = ()
    occupation: str = ALL


def breakdown(faults: Faults, node: Node, name: str) -> Breakdown | None:
    """``unit``, ``total``, ``gender`` or ``age``, or a list of these such as ``[total, gender]``."""
    known = (*PLACES, *DIMENSIONS)
    if not isinstance(node, SequenceNode):
        word = one_of(known)(faults, node, name)
        words: tuple[str, ...] = (word,) if word else ()
    else:
        words = few(some_of(known, NO_WORD))(faults, node, name) or ()
    places = [place for place in PLACES if place in words]
    if len(places) > 1:
        faults.add(node, f'"{name}" kan vara unit eller total, inte båda', f'"{name}" can be unit or total, not both')
    return Breakdown(places[0] if places else "unit", tuple(one for one in DIMENSIONS if one in words))


def check_parts(faults: Faults, node: Node, of: Target, asked: Breakdown, scope: Scope) -> None:
    """Refuse parts that metrics has no groups for."""
    for dimension in asked.dimensions:
        if why := no_parts(BY_NAME[of.metric], dimension):
            faults.add(
                node,
                f"{of.metric} har inga värden efter {dimension}: {why.sv}",
                f"{of.metric} has no values by {dimension}: {why.en}",
            )
    if asked.dimensions and of.look_ahead:
        faults.add(
            node,
            "om en del av en grupp får visas är känt först när dagen är över: utelämna look_ahead",
            "whether a part may be told is known of days that are over: leave look_ahead out",
        )
    narrowed = [*(("occupation",) if (of.occupation or scope.occupation) != ALL else ()), *asked.dimensions]
    whole = asked.by == "total" and not scope.units
    if asked.dimensions and len(narrowed) > (2 if whole else 1):
        faults.add(
            node,
            f"efter {' och '.join(narrowed)} på en gång finns inga värden för {'helheten' if whole else 'en enhet'}:"
            " grupper i en enhet är efter ett av occupation, gender och age, hela kommunens (by: total, och inga"
            " enheter i scope) efter två",
            f"by {' and '.join(narrowed)} at once there are no values of {'everything' if whole else 'a unit'}:"
            " groups of a unit are by one of occupation, gender and age, those of the whole municipality (by: total,"
            " and no units in the scope) by two",
        )


def parts(of: Target, asked: Breakdown) -> Iterator[Target]:
    """The target, or one for each part, with an id of its own: ``leaving.f`` of ``leaving``."""
    for words in product(*(PARTS[dimension] for dimension in asked.dimensions)):
        part: Mapping[str, str] = dict(zip(asked.dimensions, words, strict=True))
        yield msgspec.structs.replace(of, id=".".join((of.id, *words)), **part)
