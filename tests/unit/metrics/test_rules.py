"""The number of the rules is raised when what events come to changes."""

import hashlib

import msgspec

from services.metrics.domain.facts.rules import RULES
from services.metrics.domain.record.record import JOB, SIZE
from services.metrics.domain.record.refold import content
from shared.contracts.event_types import RETRACTED
from shared.contracts.events import TYPES
from tests.fakes.newer_release import newer
from tests.unit.metrics.corpus import CORPUS
from tests.unit.metrics.folding import fold, named

RECORDED = {
    1: "dde8ae0e208135ea",
    2: "f823b993f3925ef2",
    3: "a98b663195ab2af7",
    4: "ee6ac283717750ac",
    5: "68b29664c977ee23",
}
"""What the corpus comes to, by the number of the rules. A new number gets a new line; old ones stay."""


def digest() -> str:
    """What the corpus comes to: facts, anomalies, and what later folds rely on."""
    folded = fold(*CORPUS)
    facts = sorted((*cell, measure, day, delta) for (cell, measure, day), delta in folded.facts.items())
    stored = [
        (subject, row.key, row.section, row.lo, row.hi, repr(content(row)) if row.key == JOB else "")
        for subject, rows in sorted(folded.memory.rows.items())
        for row in sorted(rows.values())
        if row.key != SIZE  # a migration told records of before how much they hold
    ]
    found = msgspec.json.encode((facts, sorted(folded.anomalies.items()), stored))
    return hashlib.sha256(found).hexdigest()[:16]


def test_other_facts_have_other_rules() -> None:
    """If this fails, events come to something else than with RULES: raise it, and record the digest for it here.

    A ledger of the old rules is then remade when the new release starts.
    """
    assert digest() == RECORDED[RULES]


def test_the_digest_sees_a_change() -> None:
    """A contribution or a career that differs gives another digest."""
    with newer(RULES):
        assert digest() != RECORDED[RULES]


def test_the_corpus_has_everything() -> None:
    """Every type of event that is folded, and nearly all measures but those of pay, which has many."""
    types = {event["type"] for event in CORPUS}
    assert types == TYPES.keys() - {"plan.measure.updated.v1"} | {RETRACTED}
    assert len(named(fold(*CORPUS))) > 60
