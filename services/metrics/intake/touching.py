"""The units that the deliveries of a batch touch: whose facts they move, and of whose sources more is known."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from services.metrics.domain.facts.reported import Firsts, Reported
from services.metrics.domain.record.arrivals import Arrival, Delivery
from services.metrics.domain.sums.tree import above
from services.metrics.intake.folding import FoldedBatch
from shared.contracts.metrics import ALL
from shared.contracts.subjects import UNIT


def moved(done: Sequence[FoldedBatch], deliveries: Mapping[Delivery, Arrival]) -> dict[str, set[str]]:
    """By subject that a delivery is about, the units whose facts or whose place in the tree were moved."""
    wanted = {subject for arrival in deliveries.values() for subject in arrival.subjects}
    return {one.subject: _of(one) for one in done if one.subject in wanted}


def _of(one: FoldedBatch) -> set[str]:
    found = {cell.unit for (cell, _, _), delta in one.tally.deltas.items() if delta}
    if one.outcome.definitions is None:
        return found
    kind, _, unit = one.subject.partition("/")
    return found | above([one.outcome.definitions]) | ({unit} if kind == UNIT else set())


def touched(
    deliveries: Mapping[Delivery, Arrival],
    by_subject: Mapping[str, Iterable[str]],
    reports: Mapping[str, Firsts],
    firsts: Firsts,
    earliest: Collection[Reported],
) -> dict[Delivery, set[str]]:
    """By delivery; ``reports`` are the first days that the subjects of deliveries tell of, ``firsts`` those that are
    news, and ``earliest`` those of these that move what is known of every unit.
    """
    found: dict[Delivery, set[str]] = {}
    for delivery, arrival in deliveries.items():
        told = (one for subject in arrival.subjects for one in reports.get(subject, {}).items())
        news = {one for one, day in told if one.source == delivery.source and firsts.get(one) == day}
        known = set(filter(None, (ALL if one in earliest else one.unit for one in news)))
        found[delivery] = known.union(*(by_subject.get(one, ()) for one in arrival.subjects))
    return found
