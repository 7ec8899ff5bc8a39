"""What a sender is told: the status, and for each refused event why."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Literal, NamedTuple

import msgspec
from litestar import Response
from litestar.openapi.datastructures import ResponseSpec

from services.ingest.domain.outcome import Accepted, Outcome, Refused
from services.ingest.domain.refusal import RefusalError
from services.ingest.domain.warnings import Warned
from shared.contracts.problems import Fault, Problem, problem, simple
from shared.contracts.rejections import Kept, Reason, Refusal, Refusals
from shared.kit.problems import faulty

RETRY_SECONDS = "5"
LISTED = 5000
"""Refused events, duplicates and warnings that an answer lists: as many as `stadga publish` sends at once."""
_STATUS: dict[Reason, HTTPStatus] = {
    "not_json": HTTPStatus.BAD_REQUEST,
    "not_utf8": HTTPStatus.BAD_REQUEST,
    "empty_message": HTTPStatus.BAD_REQUEST,
    "too_deep": HTTPStatus.BAD_REQUEST,
    "no_token": HTTPStatus.UNAUTHORIZED,
    "wrong_token": HTTPStatus.UNAUTHORIZED,
    "source_not_allowed": HTTPStatus.FORBIDDEN,
    "type_not_allowed": HTTPStatus.FORBIDDEN,
    "subject_not_allowed": HTTPStatus.FORBIDDEN,
    "other_tenant": HTTPStatus.FORBIDDEN,
    "conflict": HTTPStatus.CONFLICT,
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "wrong_content_type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
}


class Rejected(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why an event of a batch is refused; ``index`` counts from 0. The rest is as in a problem."""

    index: int
    id: str | None = None
    reason: str
    path: str
    detail: str
    allowed: tuple[str, ...] = ()
    nearest: str | None = None
    faults: tuple[Fault, ...]


class Duplicate(msgspec.Struct, frozen=True):
    """An event that was sent before and says the same; ``index`` counts from 0. It is accepted, and changes nothing."""

    index: int
    id: str


class EventWarning(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something to look at in an event that is accepted; ``nearest`` is what may have been meant."""

    index: int
    id: str
    reason: Literal["unknown_field", "unknown_unit"]
    path: str
    detail: str
    nearest: str | None = None


class Receipt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of the events of a request; ``accepted`` counts duplicates too.

    ``unlisted`` counts what is refused, sent before or warned of beyond what is listed. ``duplicates`` are those that
    this process of ingest remembers. With ``dry_run`` nothing was published.
    """

    accepted: int
    rejected: list[Rejected]
    duplicates: list[Duplicate]
    warnings: list[EventWarning]
    unlisted: int = 0
    dry_run: bool = False


class Besides(NamedTuple):
    """What is told of a request besides what became of its events."""

    duplicates: list[tuple[int, str]]
    warned: list[tuple[int, Accepted, Warned]]
    dry_run: bool


DOCUMENTED = {
    HTTPStatus.ACCEPTED: ResponseSpec(
        Receipt, generate_examples=False, description="Kafka has all of it, what is refused on hr.rejected"
    ),
    **{status: ResponseSpec(Problem, description="", generate_examples=False) for status in (408, 409, 413, 415, 422)},
}
"""What may be answered, beside what every operation answers."""

Answer = Response[Receipt] | Response[Problem]
Tell = Callable[[Sequence[Outcome], Besides], Answer]


def receipt(outcomes: Sequence[Outcome], besides: Besides) -> Response[Receipt]:
    """202, or 200 of a dry run, with every refused event of the batch by its index."""
    refused = [(i, o) for i, o in enumerate(outcomes) if isinstance(o, Refused)]
    told = (len(refused), len(besides.duplicates), len(besides.warned))
    receipt = Receipt(
        accepted=len(outcomes) - len(refused),
        rejected=[_rejected(o, i) for i, o in refused[:LISTED]],
        duplicates=[Duplicate(i, id_) for i, id_ in besides.duplicates[:LISTED]],
        warnings=[_warning(*one) for one in besides.warned[:LISTED]],
        unlisted=sum(max(0, count - LISTED) for count in told),
        dry_run=besides.dry_run,
    )
    return Response(receipt, status_code=HTTPStatus.OK if besides.dry_run else HTTPStatus.ACCEPTED)


def single(outcomes: Sequence[Outcome], besides: Besides) -> Answer:
    """The receipt of one accepted event; else the status that its reason calls for."""
    outcome = outcomes[0]
    return receipt(outcomes, besides) if isinstance(outcome, Accepted) else _refusal(_faults(outcome), outcome.id)


def _warning(index: int, accepted: Accepted, warned: Warned) -> EventWarning:
    return EventWarning(
        index=index,
        id=accepted.event.id,
        reason=warned.reason,
        path=warned.path,
        detail=warned.detail,
        nearest=warned.nearest,
    )


def _rejected(refused: Refused, index: int) -> Rejected:
    """The refusal in the sender's terms."""
    first, *_ = faults = _faults(refused)
    return Rejected(
        index=index,
        id=refused.id,
        reason=first.reason,
        path=first.path,
        detail=first.detail,
        allowed=first.allowed,
        nearest=first.nearest,
        faults=tuple(faults),
    )


def _faults(refused: Refused) -> list[Fault]:
    return list(refused.faults) or [Fault(reason=refused.reason, path=refused.path, detail=refused.message)]


def unread(error: RefusalError) -> Response[Problem]:
    """The request is not read, for want of a token or for how it is packed."""
    answer = _refusal([Fault(reason=error.reason, path=error.path, detail=error.message)])
    if answer.status_code == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def unavailable(message: str) -> Response[Problem]:
    """503: ask again; events that did arrive are known by id and source."""
    return faulty(simple(HTTPStatus.SERVICE_UNAVAILABLE, message), {"Retry-After": RETRY_SECONDS})


def refusals(found: Sequence[Kept], most: int, since: datetime | None) -> Refusals:
    """What was refused, the latest first."""
    listed = [
        Refusal(
            reason=one.reason,
            path=one.path,
            detail=one.message,
            received=one.received,
            channel=one.channel,
            source=one.source,
        )
        for one in found[:most]
    ]
    return Refusals(rejections=listed, counts=dict(Counter(one.reason for one in found)), since=since)


def slow() -> Response[Problem]:
    """408: the rest of the body did not come."""
    return faulty(simple(HTTPStatus.REQUEST_TIMEOUT, "the body did not arrive in time"), {"Connection": "close"})


def _refusal(faults: Sequence[Fault], event: str | None = None) -> Response[Problem]:
    return faulty(problem(_status(faults[0].reason), faults, event))


def _status(reason: str) -> HTTPStatus:
    return next((status for known, status in _STATUS.items() if known == reason), HTTPStatus.UNPROCESSABLE_ENTITY)
