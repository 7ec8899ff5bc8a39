"""A release that counts by other rules: posts weigh half in what leans on them, and vacancies count twice.

``python -m tests.fakes.newer_release`` is its metrics service.
"""

import gc
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from unittest.mock import patch

from services.metrics.answers.api import ledger as route
from services.metrics.app import metrics
from services.metrics.domain.facts import service as careers
from services.metrics.domain.facts import vacancy
from services.metrics.domain.facts.career import Career
from services.metrics.domain.facts.entry import ReadEntry
from services.metrics.domain.facts.service import CareerDays
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record import fold
from services.metrics.domain.record.changes import employments
from services.metrics.domain.record.record import Stored
from services.metrics.domain.record.refold import refold
from services.metrics.intake import remake
from services.metrics.ledger import reading as ledger
from services.metrics.ledger import rules
from services.metrics.settings import MetricsSettings
from shared.kit.process import run

RULES = rules.RULES + 1


def career(service: Sequence[CareerDays]) -> Career:
    """Another career of the same employments, which is stored with them."""
    found = careers.career(service)
    halved = [s._replace(posts=tuple(p._replace(fte=p.fte // 2) for p in s.posts)) for s in found.stretches]
    return found._replace(stretches=tuple(halved))


def twice(told: Sequence[ReadEntry], tally: Tally) -> None:
    """A vacancy counts as two."""
    for _ in range(2):
        vacancy.contribute(told, tally)


@contextmanager
def newer(number: int = RULES) -> Iterator[None]:
    """This process is of the newer release."""
    with same_rules(number), patch.object(employments, "career", career), patch.dict(fold.SINGLE, vacancy=twice):
        yield


@contextmanager
def same_rules(number: int = RULES) -> Iterator[None]:
    """This process is of a release that counts alike and says that it does not."""
    with (
        patch.object(rules, "RULES", number),
        patch.object(remake, "RULES", number),
        patch.object(ledger, "RULES", number),
        patch.object(route, "RULES", number),
    ):
        yield


def slowly(subject: str, stored: Sequence[Stored], tally: Tally) -> list[Stored]:
    """As in a large ledger, where there is time for much to happen."""
    time.sleep(0.03)
    return refold(subject, stored, tally)


if __name__ == "__main__":
    gc.set_threshold(50_000)
    with newer(), patch.object(remake, "ROWS", 100), patch.object(remake, "refold", slowly):
        run("metrics", MetricsSettings, metrics, lambda settings: settings.stadga_metrics_port)
