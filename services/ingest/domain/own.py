"""Whose a refused event is: of the token it came with, or of a token for its source."""

from services.ingest.domain.access import EVERY_SOURCE, Grant
from shared.contracts.rejections import Kept


def called(grant: Grant) -> str:
    """What to call a token among all of them: its source, the first of several, and its name."""
    return f"{grant.rules[0].source}/{grant.name}" if grant.rules else grant.name


def is_own(grant: Grant, refused: Kept) -> bool:
    """Whether the holder of a token may see a refusal.

    What came over HTTP is its token's, whatever source it claimed; what came by Kafka is its source's. A token for
    every source sees all.
    """
    sources = {rule.source for rule in grant.rules}
    if EVERY_SOURCE in sources:
        return True
    return refused.token == called(grant) if refused.token is not None else refused.source in sources
