"""The identity provider: what it publishes of itself, where people sign in, and the tokens it gives for a code."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any, TypeVar, cast
from urllib.parse import quote, urlencode, urlsplit

import httpx
import msgspec
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from services.alerts.signin.attempt import HOME, Attempt
from services.alerts.signin.claims import Claims, Expected, Person, RefusedError, SignedOut, person, read, signed_out
from shared.kit.waiting import within

KEPT_SECONDS = 3600.0
"""How long what the provider publishes of itself is taken to be so."""
KEYS_SECONDS = 10.0
"""Between looks at its keys: whoever sends tokens of unknown keys does not make us ask it over and over."""
PATIENCE = 10.0
"""Seconds for a whole answer, also where it comes drop by drop."""
LARGEST = 1_000_000
T = TypeVar("T")


class AwayError(Exception):
    """The provider does not answer, or with nothing that can be used; nobody new can sign in."""


class Known(msgspec.Struct, frozen=True):
    """What it publishes of itself, as far as it is needed."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str = ""
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class _Given(msgspec.Struct):
    id_token: str


class Client(msgspec.Struct, frozen=True):
    """What this service is to the provider; ``address`` is where people reach it, without a slash at the end."""

    issuer: str
    id: str
    secret: str
    address: str

    @property
    def answers_at(self) -> str:
        """Where the provider sends people back to."""
        return f"{self.address}/signin/callback"


class Provider:
    """Asked when somebody signs in, and at no other time."""

    def __init__(self, client: Client, now: Callable[[], int], http: Callable[[], httpx.AsyncClient]) -> None:
        """Nothing is asked yet; ``now`` in seconds since 1970, ``http`` opens a client."""
        self.client = client
        self._expected = Expected(client.issuer, client.id, now)
        self._http = http
        self._known: tuple[float, Known] | None = None
        self._keys = KeySet([])
        self._looked = float("-inf")
        self._looking = asyncio.Lock()

    async def sign_in_at(self, attempt: Attempt) -> str:
        """Where to send the browser; raises AwayError."""
        asked = {
            "response_type": "code",
            "scope": "openid profile",
            "client_id": self.client.id,
            "redirect_uri": self.client.answers_at,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        return _with((await self._about()).authorization_endpoint, asked)

    async def sign_out_at(self) -> str | None:
        """Where to send a browser that has signed out here, to do so at the provider as well; None: nowhere."""
        try:
            end = (await self._about()).end_session_endpoint
        except AwayError:
            return None
        asked = {"client_id": self.client.id, "post_logout_redirect_uri": f"{self.client.address}{HOME}"}
        return _with(end, asked) if end else None

    async def signed_in(self, code: str, attempt: Attempt, groups: str) -> Person:
        """Who has signed in; raises RefusedError and AwayError."""
        about = await self._about()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.client.answers_at,
            "code_verifier": attempt.verifier,
            "client_id": self.client.id,
        }
        auth = httpx.Auth()
        if "client_secret_post" in about.token_endpoint_auth_methods_supported:
            form["client_secret"] = self.client.secret
        else:
            auth = httpx.BasicAuth(quote(self.client.id, safe=""), quote(self.client.secret, safe=""))
        answer = await self._asked(lambda http: http.post(about.token_endpoint, data=form, auth=auth))
        if answer.is_client_error:
            raise RefusedError("the provider does not take the code")
        claims = await self._read(_decoded(answer, _Given).id_token)
        return person(claims, self._expected, attempt.nonce, groups)

    async def signed_out(self, token: str) -> SignedOut:
        """Whose session ended at the provider; raises RefusedError and AwayError."""
        return signed_out(await self._read(token))

    async def _read(self, token: str) -> Claims:
        """The claims of a token, with keys that are new since the last look."""
        try:
            try:
                return read(token, self._keys, self._expected)
            except InvalidKeyIdError:
                await self._look()
                return read(token, self._keys, self._expected)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise RefusedError(type(error).__name__) from None

    async def _look(self) -> None:
        async with self._looking:
            if monotonic() - self._looked < KEYS_SECONDS:
                return
            about = await self._about()
            answer = await self._asked(lambda http: http.get(about.jwks_uri))
            self._looked = monotonic()
            try:
                self._keys = KeySet.import_key_set(cast("KeySetSerialization", _decoded(answer, dict[str, Any])))
            except (JoseError, ValueError, TypeError, KeyError) as error:
                raise AwayError(f"its keys cannot be read: {type(error).__name__}") from None

    async def _about(self) -> Known:
        if self._known and monotonic() - self._known[0] < KEPT_SECONDS:
            return self._known[1]
        path = f"{self.client.issuer.rstrip('/')}/.well-known/openid-configuration"
        known = _decoded(await self._asked(lambda http: http.get(path)), Known)
        if known.issuer != self.client.issuer:
            raise AwayError("it says that it is another issuer than STADGA_OIDC_ISSUER")
        secure = urlsplit(self.client.issuer).scheme
        for address in (known.authorization_endpoint, known.token_endpoint, known.jwks_uri):
            if urlsplit(address).scheme not in {secure, "https"}:
                raise AwayError("an address of it is not https")
        self._known = monotonic(), known
        return known

    async def _asked(self, ask: Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]) -> httpx.Response:
        try:
            async with self._http() as http:
                answer = await within(ask(http), PATIENCE)
        except (httpx.HTTPError, TimeoutError) as error:
            raise AwayError(type(error).__name__) from None
        if answer.is_server_error or len(answer.content) > LARGEST:
            raise AwayError(f"it answers {answer.status_code}")
        return answer


def _decoded(answer: httpx.Response, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(answer.content, type=kind)
    except (msgspec.MsgspecError, RecursionError):
        raise AwayError(f"it answers {answer.status_code}, with something else than was asked for") from None


def _with(address: str, asked: dict[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"
