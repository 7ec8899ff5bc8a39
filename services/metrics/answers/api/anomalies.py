"""``GET /v1/anomalies``: events that contradict what else is known, so that their source can be mended."""

from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from msgspec import structs

from services.metrics.answers import anomalies as answers
from services.metrics.answers.anomalies import AnomalyQuestion
from services.metrics.answers.api import question
from services.metrics.answers.api.desk import Desk
from services.metrics.ledger.anomalies import FIRST
from shared.access.needs import NEED, READ_METRICS
from shared.access.rights import Sight
from shared.contracts.anomalies import WHY, Anomalies, AnomalyKind
from shared.contracts.metrics import ALL
from shared.kit.problems import all_of

USUAL, MOST = 20, 100

Kind = Annotated[str | None, QueryParameter(description="one kind of anomaly; all kinds if absent")]
After = Annotated[str | None, QueryParameter(description="go on from where an answer ended: its next")]
Limit = Annotated[int, QueryParameter(ge=0, le=MOST, description="samples, at most; 0: the kinds alone")]


def route(desk: Desk) -> HTTPRouteHandler:
    """The handler."""

    @get("/v1/anomalies", opt={NEED: READ_METRICS}, summary="Events that contradict what else is known")
    async def anomalies(
        sight: NamedDependency[Sight],
        kind: Kind = None,
        unit: question.OneUnit = ALL,
        after: After = None,
        limit: Limit = USUAL,
    ) -> Anomalies:
        all_of(lambda: question.one_of("kind", kind, WHY), lambda: _after(after))
        day = desk.clock.today().toordinal()
        asked = AnomalyQuestion(kind, unit, day, _after(after), limit)
        async with desk.ledger(lambda _register: 0) as view:
            found = await answers.find(view, asked)
        desk.inside(sight, unit)
        question.unit(desk.register, unit)
        counts = found.counts if sight.everything else {}
        return Anomalies(
            [AnomalyKind(name, count, WHY[name]) for name, count in sorted(counts.items()) if name in WHY],
            [structs.replace(one, units=tuple(desk.own(sight, one.units))) for one in found.samples],
            "|".join(found.last) if found.last else None,
        )

    return anomalies


def _after(told: str | None) -> tuple[str, str]:
    if told is None:
        return FIRST
    kind, bar, subject = told.partition("|")
    if not bar or not told.isprintable():
        question.wrong("after", f"after={told!r}: expected the next of another answer, as it stands there")
    return kind, subject
