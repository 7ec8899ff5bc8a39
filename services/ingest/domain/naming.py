"""Which texts of an event are names of the product, which are references, which are for people; each has its rule."""

from collections.abc import Callable, Iterator

from services.ingest.domain.refusal import RefusalError
from shared.contracts.envelope import CloudEvent
from shared.contracts.events import TYPES, Data
from shared.contracts.names import not_a_name, not_a_reference, unwritable
from shared.contracts.subjects import MEASURE, PERSON, UNIT

Rule = Callable[[str], str | None]
"""What is wrong with a text, or None."""
LONGEST_NOTE = 2_000
"""Characters: a note is a sentence or a few, and stands in mails."""
_LINES = str.maketrans("", "", "\n\r\t")


def _not_a_note(text: str) -> str | None:
    long = f"is longer than {LONGEST_NOTE:,} characters" if len(text) > LONGEST_NOTE else None
    return long or unwritable(text.translate(_LINES))


_RULES: dict[str, Rule] = {
    "unit": not_a_name,
    "occupation": not_a_name,
    "category": not_a_name,
    "parent": not_a_name,
    "successor": not_a_name,
    "index": not_a_name,
    "employment": not_a_reference,
    "absence": not_a_reference,
    "covers": not_a_reference,
    "name": not_a_reference,
    "note": _not_a_note,
}
"""By the name of the field in the data."""
_rules = {
    kind: tuple((field, _RULES[field]) for field in kind.__struct_fields__ if field in _RULES)
    for _, kind in TYPES.values()
}


def check_envelope(event: CloudEvent) -> None:
    """Raise RefusalError for an id, source or delivery that is no reference, a subject that is no name of its kind."""
    for fault in faults_of_envelope(event):
        raise fault


def faults_of_envelope(event: CloudEvent) -> Iterator[RefusalError]:
    """Every attribute that is none."""
    yield from faults("$.id", event.id, not_a_reference)
    yield from faults("$.source", event.source, not_a_reference)
    for path, named in (("$.corrects", event.corrects), ("$.delivery", event.delivery)):
        if named is not None:
            yield from faults(path, named, not_a_reference)
    kind, _, ref = event.subject.partition("/")
    if kind == MEASURE:
        plan, _, ref = ref.partition("/")
        yield from faults("$.subject", plan, not_a_name)
    if kind != PERSON:
        yield from faults("$.subject", ref, not_a_name if kind in {UNIT, MEASURE} else not_a_reference)


def check_data(data: Data) -> None:
    """Raise RefusalError with the first field that is no name, no reference, or nothing to read."""
    for fault in faults_of_data(data):
        raise fault


def faults_of_data(data: Data) -> Iterator[RefusalError]:
    """Every field that is none."""
    for field, rule in _rules[type(data)]:
        text: str | None = getattr(data, field)
        if text is not None:
            yield from faults(f"$.data.{field}", text, rule)


def check(path: str, text: str, rule: Rule) -> None:
    """Raise RefusalError if the rule finds fault with the text at ``path``."""
    for fault in faults(path, text, rule):
        raise fault


def faults(path: str, text: str, rule: Rule) -> Iterator[RefusalError]:
    """What the rule finds fault with, if anything."""
    if fault := rule(text):
        yield RefusalError("invalid_value", path, f"{path.rpartition('.')[2]} {fault}")
