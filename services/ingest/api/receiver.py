"""From a request to its answer: who sends, in which mode, what each event is worth, whether Kafka has it."""

from collections.abc import AsyncIterator, Callable, Mapping
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from services.ingest.api import answers
from services.ingest.api.batch import split
from services.ingest.api.body import BATCH_LIMIT, EVENT_LIMIT, IncompleteError, limited
from services.ingest.api.turns import Turns
from services.ingest.domain import binding, warnings
from services.ingest.domain.acceptance import is_of_another, judge, of_another, refused
from services.ingest.domain.access import Grant
from services.ingest.domain.memory import Memory
from services.ingest.domain.outcome import Accepted, Incoming, Outcome, Refused
from services.ingest.domain.own import called
from services.ingest.domain.pseudonym import Pseudonyms
from services.ingest.domain.refusal import RefusalError
from services.ingest.domain.repeats import Repeats
from services.ingest.domain.together import Together
from services.ingest.domain.warnings import Warned
from services.ingest.pace import in_turns
from services.ingest.publisher import Publisher, UnconfirmedError
from services.ingest.telemetry import Telemetry
from shared.contracts.tenants import ALONE, Tenant
from shared.kit.clock import Clock

_SCHEME = "bearer "


class Sender(NamedTuple):
    """Whose request it is, and whether it only asks what would become of it."""

    grant: Grant
    dry: bool


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
        memory: Memory,
        tenant: Tenant = ALONE,
    ) -> None:
        """``grant``: what a token allows; ``seconds``: how long a request waits for Kafka.

        ``memory`` is what was heard so far, also from elsewhere; ``tenant`` is whose door it is.
        """
        self._tenant = tenant
        self._grant = grant
        self._pseudonym = pseudonym
        self._publisher = publisher
        self._telemetry = telemetry
        self._seconds = seconds
        self._clock = clock
        self._memory = memory
        self._turns = Turns()

    async def answer(
        self, headers: Mapping[str, str], chunks: AsyncIterator[bytes], *, dry: bool = False
    ) -> answers.Answer:
        """202 only when Kafka has acknowledged every event of the request, accepted and refused.

        A ``dry`` one is answered as it would be, by 200, and nothing is published, counted or remembered.
        """
        try:
            sender = Sender(self.granted(headers.get("authorization", "")), dry)
            return await self._read(headers, chunks, sender)
        except RefusalError as error:
            if not dry:
                self._telemetry.rejected.labels(error.reason).inc()
            return answers.unread(error)
        except IncompleteError:
            return answers.slow()

    async def _read(self, headers: Mapping[str, str], chunks: AsyncIterator[bytes], sender: Sender) -> answers.Answer:
        _check_encoding(headers)
        if not binding.is_batch(headers):
            return await self._single(headers, await limited(chunks, EVENT_LIMIT), sender)
        async with self._turns.reading(sender.grant.name):
            body = await limited(chunks, BATCH_LIMIT)
            async with self._turns.judging:
                return await self._batch(body, sender)

    def granted(self, authorization: str) -> Grant:
        """What the token of a request is for; raises RefusalError without one that is known."""
        if not authorization.lower().startswith(_SCHEME):
            raise RefusalError("no_token", "$", "send the header Authorization: Bearer TOKEN")
        grant = self._grant(authorization[len(_SCHEME) :].strip())
        if grant is None:
            raise RefusalError("wrong_token", "$", "this token is not known")
        if not grant.rules:
            raise RefusalError("source_not_allowed", "$", "this token may not publish events")
        return grant

    async def _single(self, headers: Mapping[str, str], body: bytes, sender: Sender) -> answers.Answer:
        try:
            _check_size(body, EVENT_LIMIT)
            async with self._turns.single:
                incoming = binding.from_http(headers, body)
                outcome = judge(incoming, self._pseudonym, sender.grant.check, self._clock.now(), self._tenant)
                await self._turns.pace.after()
        except RefusalError as error:
            outcome = self._unread(body, error)
        return await self._answered([outcome], answers.single, sender)

    async def _batch(self, body: bytes, sender: Sender) -> answers.Answer:
        try:
            _check_size(body, BATCH_LIMIT)
            outcomes = await self._judged(split(body), sender.grant)
        except RefusalError as error:
            return await self._answered([self._unread(body, error)], answers.single, sender)
        return await self._answered(outcomes, answers.receipt, sender)

    def _unread(self, body: bytes, error: RefusalError) -> Refused:
        incoming = Incoming(body)
        return of_another() if is_of_another(incoming, self._tenant) else refused(incoming, error)

    async def _judged(self, elements: list[msgspec.Raw], grant: Grant) -> list[Outcome]:
        def judged(element: msgspec.Raw) -> Outcome:
            return judge(Incoming(bytes(element)), self._pseudonym, grant.check, now, self._tenant)

        now = self._clock.now()
        return await in_turns(elements, judged)

    async def _answered(self, judged: list[Outcome], tell: answers.Tell, sender: Sender) -> answers.Answer:
        repeats = Repeats(self._memory)
        outcomes = await in_turns(judged, repeats.take)
        try:
            became = outcomes if sender.dry else await self._published(outcomes, called(sender.grant))
        except UnconfirmedError as error:
            return answers.unavailable(f"Kafka has not confirmed the events: {error}")
        warned = await self._warned(became)
        return tell(became, answers.Besides(repeats.duplicates, warned, dry_run=sender.dry))

    async def _published(self, outcomes: list[Outcome], token: str) -> list[Outcome]:
        outcomes = [replace(one, token=token) if isinstance(one, Refused) else one for one in outcomes]
        together = Together()
        await in_turns(outcomes, together.take)
        named = await in_turns(outcomes, together.named)
        became = await self._publisher.publish(named, "http", self._seconds)
        await in_turns(became, self._memory.hear)
        return became

    async def _warned(self, outcomes: list[Outcome]) -> list[tuple[int, Accepted, Warned]]:
        """By index; units that the request itself defines are known, also of a dry one."""
        units = self._memory.units.beside(one.event for one in outcomes if isinstance(one, Accepted))

        def of(numbered: tuple[int, Outcome]) -> list[tuple[int, Accepted, Warned]]:
            index, outcome = numbered
            return [(index, outcome, w) for w in warnings.of(outcome, units)] if isinstance(outcome, Accepted) else []

        return [one for some in await in_turns(enumerate(outcomes), of) for one in some]


def _check_size(body: bytes, limit: int) -> None:
    if len(body) > limit:
        raise RefusalError("too_large", "$", f"the body has more than {limit} bytes")


def _check_encoding(headers: Mapping[str, str]) -> None:
    """What is packed may unpack to anything, so nothing is unpacked."""
    if headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}:
        raise RefusalError("wrong_content_type", "$", "send the body as it is, without a content encoding")
