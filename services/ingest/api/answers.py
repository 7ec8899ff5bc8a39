"""What a sender is told: the status, and for each refused event why."""

from collections.abc import Sequence
from http import HTTPStatus

import msgspec
from litestar import Response

from services.ingest.domain.outcome import Accepted, Outcome, Refused
from services.ingest.domain.refusal import RefusalError
from shared.contracts.rejections import Reason

RETRY_SECONDS = "5"
LISTED = 5000
"""Refused events that an answer lists: as many as `stadga publish` sends at once."""
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
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "wrong_content_type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
}


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why an event or a request is refused; ``index`` counts from 0 within a batch."""

    reason: str
    path: str
    message: str
    id: str | None = None
    index: int | None = None


class Receipt(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of the events of a request; ``unlisted`` counts refused events beyond those listed."""

    accepted: int
    rejected: list[Problem]
    unlisted: int = 0


Answer = Response[Receipt] | Response[Problem]


def receipt(outcomes: Sequence[Outcome]) -> Response[Receipt]:
    """202, with every refused event of the batch by its index."""
    refused = [(i, o) for i, o in enumerate(outcomes) if isinstance(o, Refused)]
    listed = [problem(o, i) for i, o in refused[:LISTED]]
    receipt = Receipt(len(outcomes) - len(refused), listed, len(refused) - len(listed))
    return Response(receipt, status_code=HTTPStatus.ACCEPTED)


def single(outcome: Outcome) -> Answer:
    """202 for one accepted event; else the status that its reason calls for."""
    return receipt([outcome]) if isinstance(outcome, Accepted) else _refusal(problem(outcome))


def problem(refused: Refused, index: int | None = None) -> Problem:
    """The refusal in the sender's terms."""
    return Problem(reason=refused.reason, path=refused.path, message=refused.message, id=refused.id, index=index)


def unread(error: RefusalError) -> Response[Problem]:
    """The request is not read, for want of a token or for how it is packed."""
    answer = _refusal(Problem(reason=error.reason, path=error.path, message=error.message))
    if answer.status_code == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def unavailable(message: str) -> Response[Problem]:
    """503: the sender repeats the request; events that did arrive are known by id and source."""
    content = Problem(reason="unavailable", path="$", message=f"Kafka has not confirmed the events: {message}")
    return Response(content, status_code=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": RETRY_SECONDS})


def slow() -> Response[Problem]:
    """408: the rest of the body did not come."""
    content = Problem(reason="too_slow", path="$", message="the body did not arrive in time")
    return Response(content, status_code=HTTPStatus.REQUEST_TIMEOUT, headers={"Connection": "close"})


def _refusal(content: Problem) -> Response[Problem]:
    return Response(content, status_code=_status(content.reason))


def _status(reason: str) -> HTTPStatus:
    return next((status for known, status in _STATUS.items() if known == reason), HTTPStatus.UNPROCESSABLE_ENTITY)
