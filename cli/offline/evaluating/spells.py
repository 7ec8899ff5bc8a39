"""How long people had been there while they were in some units, out of an event log."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

import msgspec

from cli.offline.computing.log import Computed
from services.metrics.domain.facts.career import Career
from services.metrics.domain.record.record import JOB, Part
from services.metrics.domain.sums.tree import Tree
from shared.contracts.metrics import ALL
from shared.contracts.subjects import PERSON_PREFIX
from shared.statistics.survival import Spell

_part = msgspec.msgpack.Decoder(Part).decode


class Among(NamedTuple):
    """Permanent staff of these units and all below them, of one occupation or of all."""

    units: Collection[str]
    occupation: str
    tree: Tree


def spells(computed: Computed, among: Among, first: date, last: date) -> list[Spell]:
    """In days since the person's first: from when they were there until they left, or were no longer seen there."""
    span = first.toordinal(), last.toordinal()
    return [spell for career in _careers(computed) for spell in _seen(career, among, *span)]


def _careers(computed: Computed) -> Iterator[Career]:
    for subject, rows in computed.memory.rows.items():
        if subject.startswith(PERSON_PREFIX) and JOB in rows and (career := _part(rows[JOB].body).career):
            yield career


def _seen(career: Career, among: Among, first: int, last: int) -> Iterator[Spell]:
    for stay in career.stays:
        for stretch in career.stretches:
            begin, end = max(first, stretch.first, stay.first), min(last, stretch.last, stay.last)
            at = stretch.home
            if begin > end or stretch.form != "permanent" or among.occupation not in {ALL, at.occupation}:
                continue
            if any(place in among.units for place in among.tree.path(at.unit)):
                yield Spell(begin - stay.first, end + 1 - stay.first, left=end == stay.last)
