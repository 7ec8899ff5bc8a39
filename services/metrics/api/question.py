"""What a question may say, and the sentence that is answered when it does not make sense."""

from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Annotated

from litestar.exceptions import ValidationException
from litestar.params import QueryParameter

from services.metrics.domain.selection import DIMENSIONS, Selection
from shared.contracts.catalogue import BY_NAME, METRICS, Metric
from shared.contracts.metrics import ALL

Unit = Annotated[str | None, QueryParameter(description="a unit's reference; * for everything; all units if absent")]
Occupation = Annotated[str | None, QueryParameter(description="one occupation, or * for all (default)")]
By = Annotated[
    str | None,
    QueryParameter(
        description="a group for each value too: occupation, gender or age; two of them, comma separated, for unit=*"
    ),
]
KnownAt = Annotated[
    str | None,
    QueryParameter(description="RFC 3339: only what the service had taken in by then; everything if absent"),
]
AsOf = Annotated[date | None, QueryParameter(description="any day, past or future; today if absent")]
Window = Annotated[int, QueryParameter(ge=1, le=3660, description="days of the window")]
Names = Annotated[str | None, QueryParameter(name="metrics", description="names, comma separated; all if absent")]


def metrics(names: str | None) -> tuple[Metric, ...]:
    """The metrics named; all of them if none is."""
    if not names:
        return METRICS
    for name in names.split(","):
        if name not in BY_NAME:
            near = get_close_matches(name, BY_NAME, 1)
            raise ValidationException(f"no metric {name!r}" + (f"; did you mean {near[0]}?" if near else ""))
    return tuple(BY_NAME[name] for name in names.split(","))


def selection(unit: str | None, occupation: str | None, by: str | None) -> Selection:
    """Which groups are asked about; ``occupation`` None is one for each, as ``by`` occupation."""
    dimensions = set(by.split(",")) if by else set()
    if unknown := sorted(dimensions - set(DIMENSIONS)):
        raise ValidationException(f"by={unknown[0]!r}: expected {', '.join(DIMENSIONS)}")
    if occupation is None:
        dimensions.add("occupation")
    fixed = {} if occupation in {None, ALL} else {"occupation": str(occupation)}
    if len(dimensions | fixed.keys()) > (2 if unit == ALL else 1):
        raise ValidationException("a unit's groups are by one of occupation, gender and age; by two for unit=* alone")
    return Selection(unit, frozenset(dimensions), fixed)


def instant(known_at: str | None) -> datetime | None:
    """A time with its offset from UTC; UTC if it has none."""
    if known_at is None:
        return None
    try:
        at = datetime.fromisoformat(known_at)
    except ValueError:
        raise ValidationException(f"known_at={known_at!r}: expected a time such as 2025-03-01T12:00:00Z") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
