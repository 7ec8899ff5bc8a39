"""From a request to its answer: who sends, in which mode, what each event is worth, whether Kafka has it."""

from collections.abc import AsyncIterator, Callable, Mapping

import msgspec

from services.ingest.api import answers
from services.ingest.api.batch import split
from services.ingest.api.body import BATCH_LIMIT, EVENT_LIMIT, IncompleteError, limited
from services.ingest.api.turns import Turns
from services.ingest.domain import binding
from services.ingest.domain.acceptance import judge, refused
from services.ingest.domain.access import Grant
from services.ingest.domain.outcome import Incoming, Outcome
from services.ingest.domain.pseudonym import Pseudonyms
from services.ingest.domain.refusal import RefusalError
from services.ingest.domain.together import Together
from services.ingest.pace import in_turns
from services.ingest.publisher import Publisher, UnconfirmedError
from services.ingest.telemetry import Telemetry
from shared.kit.clock import Clock

_SCHEME = "bearer "


class Receiver:
    """Everything a request needs to be answered."""

    def __init__(
        self,
        grant: Callable[[str], Grant | None],
        pseudonym: Pseudonyms,
        publisher: Publisher,
        telemetry: Telemetry,
        seconds: float,
        clock: Clock,
    ) -> None:
        """``grant``: what a token allows; ``seconds``: how long a request waits for Kafka."""
        self._grant = grant
        self._pseudonym = pseudonym
        self._publisher = publisher
        self._telemetry = telemetry
        self._seconds = seconds
        self._clock = clock
        self._turns = Turns()

    async def answer(self, headers: Mapping[str, str], chunks: AsyncIterator[bytes]) -> answers.Answer:
        """202 only when Kafka has acknowledged every event of the request, accepted and refused."""
        try:
            grant = self._granted(headers.get("authorization", ""))
            return await self._read(headers, chunks, grant)
        except RefusalError as error:
            self._telemetry.rejected.labels(error.reason).inc()
            return answers.unread(error)
        except IncompleteError:
            return answers.slow()

    async def _read(self, headers: Mapping[str, str], chunks: AsyncIterator[bytes], grant: Grant) -> answers.Answer:
        _check_encoding(headers)
        if not binding.is_batch(headers):
            return await self._single(headers, await limited(chunks, EVENT_LIMIT), grant)
        async with self._turns.reading(grant.name):
            body = await limited(chunks, BATCH_LIMIT)
            async with self._turns.judging:
                return await self._batch(body, grant)

    def _granted(self, authorization: str) -> Grant:
        if not authorization.lower().startswith(_SCHEME):
            raise RefusalError("no_token", "$", "send the header Authorization: Bearer TOKEN")
        grant = self._grant(authorization[len(_SCHEME) :].strip())
        if grant is None:
            raise RefusalError("wrong_token", "$", "this token is not known")
        if not grant.rules:
            raise RefusalError("source_not_allowed", "$", "this token may not publish events")
        return grant

    async def _single(self, headers: Mapping[str, str], body: bytes, grant: Grant) -> answers.Answer:
        try:
            _check_size(body, EVENT_LIMIT)
            async with self._turns.single:
                outcome = judge(binding.from_http(headers, body), self._pseudonym, grant.check, self._clock.now())
                await self._turns.pace.after()
        except RefusalError as error:
            outcome = refused(Incoming(body), error)
        return await self._answered([outcome], lambda became: answers.single(became[0]))

    async def _batch(self, body: bytes, grant: Grant) -> answers.Answer:
        try:
            _check_size(body, BATCH_LIMIT)
            outcomes = await self._judged(split(body), grant)
        except RefusalError as error:
            whole = refused(Incoming(body), error)
            return await self._answered([whole], lambda became: answers.single(became[0]))
        return await self._answered(outcomes, answers.receipt)

    async def _judged(self, elements: list[msgspec.Raw], grant: Grant) -> list[Outcome]:
        def judged(element: msgspec.Raw) -> Outcome:
            return judge(Incoming(bytes(element)), self._pseudonym, grant.check, now)

        now = self._clock.now()
        outcomes, together = await in_turns(elements, judged), Together()
        await in_turns(outcomes, together.take)
        return await in_turns(outcomes, together.named)

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


def _check_encoding(headers: Mapping[str, str]) -> None:
    """What is packed may unpack to anything, so nothing is unpacked."""
    if headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}:
        raise RefusalError("wrong_content_type", "$", "send the body as it is, without a content encoding")
