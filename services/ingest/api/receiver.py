"""From a request to its answer: who sends, in which mode, what each event is worth, whether Kafka has it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping

import msgspec

from services.ingest.api import answers
from services.ingest.api.body import BATCH_LIMIT, EVENT_LIMIT, limited
from services.ingest.domain import binding
from services.ingest.domain.acceptance import judge, refused
from services.ingest.domain.access import Access, Grant
from services.ingest.domain.decoding import MALFORMED
from services.ingest.domain.outcome import Incoming, Outcome
from services.ingest.domain.pseudonym import Pseudonyms
from services.ingest.domain.refusal import RefusalError, explained
from services.ingest.pace import in_turns
from services.ingest.publisher import Publisher, UnconfirmedError
from services.ingest.telemetry import Telemetry

_BATCHES_AT_ONCE = 8
"""Further batches wait unread, so that memory stays bounded while Kafka is slow or away."""
_SCHEME = "bearer "
_elements = msgspec.json.Decoder(list[msgspec.Raw])


class Receiver:
    """Everything a request needs to be answered."""

    def __init__(
        self, access: Access, pseudonym: Pseudonyms, publisher: Publisher, telemetry: Telemetry, seconds: float
    ) -> None:
        """``seconds``: how long a request waits for Kafka."""
        self._access = access
        self._pseudonym = pseudonym
        self._publisher = publisher
        self._telemetry = telemetry
        self._seconds = seconds
        self._turns = asyncio.Semaphore(_BATCHES_AT_ONCE)

    async def answer(self, headers: Mapping[str, str], chunks: AsyncIterator[bytes]) -> answers.Answer:
        """202 only when Kafka has acknowledged every event of the request, accepted and refused."""
        try:
            grant = self._granted(headers.get("authorization", ""))
        except RefusalError as error:
            self._telemetry.rejected.labels(error.reason).inc()
            return answers.unauthorized(error)
        if binding.is_batch(headers):
            async with self._turns:
                return await self._batch(await limited(chunks, BATCH_LIMIT), grant)
        return await self._single(headers, await limited(chunks, EVENT_LIMIT), grant)

    def _granted(self, authorization: str) -> Grant:
        if not authorization.lower().startswith(_SCHEME):
            raise RefusalError("no_token", "$", "send the header Authorization: Bearer TOKEN")
        grant = self._access.grant(authorization[len(_SCHEME) :].strip())
        if grant is None:
            raise RefusalError("wrong_token", "$", "this token is not known")
        return grant

    async def _single(self, headers: Mapping[str, str], body: bytes, grant: Grant) -> answers.Answer:
        try:
            _check_size(body, EVENT_LIMIT)
            outcome = judge(binding.from_http(headers, body), self._pseudonym, grant.allows)
        except RefusalError as error:
            outcome = refused(Incoming(body), error)
        return await self._answered([outcome], lambda became: answers.single(became[0]))

    async def _batch(self, body: bytes, grant: Grant) -> answers.Answer:
        try:
            _check_size(body, BATCH_LIMIT)
            outcomes = await self._judged(_split(body), grant)
        except RefusalError as error:
            whole = refused(Incoming(body), error)
            return await self._answered([whole], lambda became: answers.single(became[0]))
        return await self._answered(outcomes, answers.receipt)

    async def _judged(self, elements: list[msgspec.Raw], grant: Grant) -> list[Outcome]:
        def judged(element: msgspec.Raw) -> Outcome:
            return judge(Incoming(bytes(element)), self._pseudonym, grant.allows)

        return await in_turns(elements, judged, len)

    async def _answered(
        self, outcomes: list[Outcome], tell: Callable[[list[Outcome]], answers.Answer]
    ) -> answers.Answer:
        try:
            return tell(await self._publisher.publish(outcomes, "http", self._seconds))
        except UnconfirmedError as error:
            return answers.unavailable(str(error))


def _check_size(body: bytes, limit: int) -> None:
    if len(body) > limit:
        raise RefusalError("too_large", "$", f"the body has more than {limit} bytes")


def _split(body: bytes) -> list[msgspec.Raw]:
    try:
        return _elements.decode(body)
    except MALFORMED as error:
        raise explained(error) from None
