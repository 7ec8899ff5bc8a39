"""What contradicts what else is known, as tables in the reader's language and as JSON."""

from collections.abc import Iterator, Sequence

import msgspec
from rich.table import Table

from cli.connect.service import ask
from cli.terminal import harmless, harmless_json
from shared.contracts.anomalies import Anomalies, AnomalousEvent, AnomalyKind, AnomalySample
from shared.language.language import Language

KINDS: dict[Language, tuple[str, ...]] = {
    "sv": ("avvikelse", "antal", "vad det är och vad som ska göras"),
    "en": ("anomaly", "count", "what it is, and what to do"),
}
SAMPLES: dict[Language, tuple[str, ...]] = {
    "sv": ("avvikelse", "gäller", "enheter", "antal", "händelser (källsystem: id)"),
    "en": ("anomaly", "subject", "units", "count", "events (source: id)"),
}
NONE: dict[Language, str] = {"sv": "Inga avvikelser.", "en": "No anomalies."}
ALL_UNITS: dict[Language, str] = {"sv": "Avvikelser i alla enheter", "en": "Anomalies of all units"}
SHOWN: dict[Language, str] = {"sv": "Exempel", "en": "Samples"}
FURTHER: dict[Language, str] = {"sv": "och {} till", "en": "and {} more"}
NAMED = 5
"""Units and events of a sample that are named in a table."""
PAGE = 100
"""Samples of one answer, at most."""


def found(kind: str | None, unit: str, most: int, url: str | None) -> Anomalies:
    """The kinds there are any of, and so many samples at most; of the service at an address, or of the one that runs
    here. Raises AskingError.
    """
    samples, after = list[AnomalySample](), None
    while True:
        asked = {"kind": kind, "unit": unit, "after": after, "limit": str(min(PAGE, most - len(samples)))}
        answer = ask("/v1/anomalies", asked, Anomalies, url)
        samples += answer.samples
        after = answer.next
        if after is None or len(samples) >= most:
            return Anomalies(answer.kinds, samples, after)


def tables(found: Anomalies, language: Language) -> Iterator[Table | str]:
    """How many of each kind there are and what to do about it, then samples."""
    if not found.kinds:
        yield NONE[language]
        return
    yield _kinds(found.kinds, language)
    if found.samples:
        yield _samples(found.samples, language)


def as_json(found: Anomalies) -> bytes:
    """The same as JSON."""
    return harmless_json(msgspec.json.format(msgspec.json.encode(found), indent=2))


def _kinds(kinds: Sequence[AnomalyKind], language: Language) -> Table:
    made = _titled(ALL_UNITS[language], KINDS[language])
    for one in kinds:
        made.add_row(harmless(one.kind), str(one.count), harmless(getattr(one.why, language)))
    return made


def _samples(samples: Sequence[AnomalySample], language: Language) -> Table:
    made = _titled(SHOWN[language], SAMPLES[language])
    for one in samples:
        units, events = _named(one.units, language), _named(list(map(_event, one.events)), language)
        made.add_row(*map(harmless, (one.kind, one.subject, units, str(one.count), events)))
    return made


def _titled(title: str, headings: Sequence[str]) -> Table:
    made = Table(title=title, show_lines=True)
    for heading in headings:
        made.add_column(heading, overflow="fold")
    return made


def _event(event: AnomalousEvent) -> str:
    return f"{event.source}: {event.id}"


def _named(names: Sequence[str], language: Language) -> str:
    more = [FURTHER[language].format(len(names) - NAMED)] if len(names) > NAMED else []
    return ", ".join([*names[:NAMED], *more])
