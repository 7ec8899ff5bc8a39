"""The registry: which source delivers which kinds of events, of which units and how often, and whom to ask."""

from collections.abc import Mapping
from typing import NamedTuple

from services.metrics.domain.coverage.kinds import Kind
from services.metrics.domain.sources.cadence import Cadence
from shared.language.language import Language


class Contact(NamedTuple):
    """Who is told when the source is late."""

    name: str
    email: str
    language: Language


class Source(NamedTuple):
    """One source; ``units`` are the subtrees that it tells of, none for all."""

    name: str
    kinds: Mapping[Kind, Cadence]
    units: tuple[str, ...]
    contact: Contact


Registry = Mapping[str, Source]
"""Every source that is registered, by name."""
