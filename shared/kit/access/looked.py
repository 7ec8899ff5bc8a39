"""What the access log says of a request: the route, and the units and metrics that it names."""

from datetime import UTC, datetime
from urllib.parse import parse_qs
from uuid import uuid4

from litestar.types import Scope

from shared.access.rights import Caller
from shared.contracts.access_log import Look

UNIT, METRIC = ("unit", "below"), ("metric", "metrics")
LONGEST = 1_000


def looked(scope: Scope, caller: Caller, status: int) -> Look:
    """The entry of a request that is answered now."""
    query = parse_qs(scope["query_string"].decode("latin-1"), encoding="utf-8", errors="replace")
    named = {name: ",".join(values) for name, values in query.items()}
    named |= {name: str(value).removeprefix("/") for name, value in scope["path_params"].items()}
    return Look(
        id=uuid4(),
        at=datetime.now(UTC),
        who=_kept(caller.subject),
        name=_kept(caller.name),
        through=caller.through,
        method=str(scope.get("method", "")),
        route=scope.get("path_template", ""),
        unit=_first(named, UNIT),
        metric=_first(named, METRIC),
        status=status,
    )


def _first(named: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((_kept(named[name]) for name in names if named.get(name)), None)


def _kept(text: str) -> str:
    """What a table can hold of it."""
    return "".join("?" if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in text[:LONGEST])
