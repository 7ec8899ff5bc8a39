"""Signing in through an identity provider, and what those try who are not let in."""

import base64
import hashlib
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, NamedTuple

import httpx
import pytest
from litestar import get, post

from services.alerts.api import signing_in, views
from services.alerts.api.session import Sessions
from services.alerts.api.signing_in import SignIn
from services.alerts.repository import sessions as table
from services.alerts.signin import provider as asking
from services.alerts.signin.attempt import HOME
from services.alerts.signin.provider import Client, Provider
from shared.access.needs import HANDLE, NEED, READ_ALERTS
from shared.access.policy_file import read
from shared.access.tokens import Keyring
from shared.kit.access.guard import AnyRequest, Guard, csrf
from shared.kit.access.tokens import PART, Tokens
from shared.kit.health import Health
from shared.kit.server import application, process_metrics
from tests.fakes.provider import CLIENT, ISSUER, SECRET, FakeProvider, key
from tests.integration.alerts_workshop import Workshop, workshop

ADDRESS = "https://stadga.example"
POLICY = "groups:\n  heads: {roles: [handler], units: [a]}\n  readers: {roles: [reader], units: all}\n"
SESSION, ATTEMPT = "__Host-stadga", "__Host-stadga-signin"


class House(NamedTuple):
    """The service as people reach it, its provider, and the database behind it."""

    http: httpx.AsyncClient
    provider: FakeProvider
    shop: Workshop
    sessions: Sessions

    async def signs_in(self, back: str = "/v1/alerts") -> httpx.Response:
        """All the way there and back; the last answer."""
        began = await self.http.get("/signin", params={"back": back})
        assert began.status_code == httpx.codes.SEE_OTHER, began.text
        return await self.comes_back(began)

    async def comes_back(self, began: httpx.Response, **instead: str) -> httpx.Response:
        """From the provider, with what it gave the browser."""
        brought = self.provider.signs_in(began.headers["location"]) | instead
        return await self.http.get("/signin/callback", params=brought)

    async def status(self, **headers: str) -> int:
        """Of what a reader asks."""
        return (await self.http.get("/v1/alerts", headers=headers)).status_code

    async def rows(self) -> int:
        """How many are signed in."""
        [(found,)] = await self.shop.rows("select count(*) from sessions")
        return int(found)


@post("/v1/act", opt={NEED: HANDLE}, status_code=200)
async def act() -> dict[str, str]:
    """Something that a form does."""
    return {}


@get("/v1/page", opt={NEED: READ_ALERTS}, media_type="text/plain")
async def page(request: AnyRequest) -> str:
    """A page with a form."""
    return csrf(request)


@asynccontextmanager
async def house(postgres: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """One with a provider of its own, whose keys may be looked at as often as tests like."""
    monkeypatch.setattr(asking, "KEYS_SECONDS", 0)
    fake = FakeProvider()
    async with workshop(postgres) as shop:
        policy = read(POLICY.encode())
        people = Sessions(lambda: shop.pool, lambda: policy, shop.clock, ADDRESS)
        client = Client(ISSUER, CLIENT, SECRET, ADDRESS)
        provider = Provider(client, lambda: int(time.time()), fake.client)
        registry = shop.telemetry.registry
        tokens = Tokens("", Keyring(()), Health(shop.clock, PART), shop.clock, registry)
        guard = Guard(tokens, people)
        signing = SignIn(provider, people, lambda: shop.pool, guard.attempts, lambda: policy.claim)
        handlers = [*signing_in.routes(signing), *views.routes(lambda: shop.pool, list, shop.clock), act, page]
        app = application("Alerts", handlers, shop.health, registry, process_metrics(registry), guard=guard)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as http:
            yield House(http, fake, shop, people)


@pytest.fixture
async def inn(postgres: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """A house for one test."""
    async with house(postgres, monkeypatch) as found:
        yield found


async def test_somebody_signs_in_and_out(inn: House):
    """To the page that was wanted; the code is bound to the browser by state, nonce and PKCE."""
    assert await inn.status() == httpx.codes.UNAUTHORIZED
    wanted = await inn.http.get("/v1/alerts?plan=x", headers={"accept": "text/html"})
    assert (wanted.status_code, wanted.headers["location"]) == (303, "/signin?back=%2Fv1%2Falerts%3Fplan%3Dx")
    answer = await inn.signs_in("/v1/alerts?plan=x")
    assert (answer.status_code, answer.headers["location"]) == (303, "/v1/alerts?plan=x")
    digest = hashlib.sha256(inn.provider.verifier.encode()).digest()
    assert inn.provider.challenge == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert await inn.status() == httpx.codes.OK
    out = await inn.http.post("/signout", data={"csrf": await form(inn)})
    assert out.headers["location"].startswith(f"{ISSUER}/out?client_id=stadga")
    assert (await inn.status(), await inn.rows()) == (httpx.codes.UNAUTHORIZED, 0)


async def form(inn: House) -> str:
    """What a page of the session carries in its forms."""
    return (await inn.http.get("/v1/page")).text


async def test_the_cookie_is_out_of_reach(inn: House):
    """Of scripts, of other sites, of plain HTTP; the table holds its digest alone."""
    answer = await inn.signs_in()
    said = next(one for one in answer.headers.get_list("set-cookie") if one.startswith(f"{SESSION}="))
    for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert word.lower() in said.lower()
    assert "domain" not in said.lower()
    [(stored,)] = await inn.shop.rows("select id from sessions")
    assert stored == hashlib.sha256(inn.http.cookies[SESSION].encode()).digest()


async def test_a_session_that_somebody_else_fixed_is_not_taken_over(inn: House):
    """A cookie planted beforehand is worth nothing, nor is the one of before."""
    inn.http.cookies.set(SESSION, "planted", domain="stadga.example")
    await inn.signs_in()
    first = inn.http.cookies[SESSION]
    assert first != "planted"
    await inn.signs_in()
    assert inn.http.cookies[SESSION] != first
    assert await inn.rows() == 1
    for old in ("planted", first):
        inn.http.cookies.clear()
        assert await inn.status(cookie=f"{SESSION}={old}") == httpx.codes.UNAUTHORIZED


async def test_the_answer_of_another_browser_is_refused(inn: House):
    """Whoever is led to a stranger's callback is not signed in as the stranger."""
    began = await inn.http.get("/signin")
    inn.http.cookies.clear()
    assert (await inn.comes_back(began)).status_code == httpx.codes.UNAUTHORIZED
    other = await inn.http.get("/signin")
    assert (await inn.comes_back(began)).status_code == httpx.codes.UNAUTHORIZED
    assert (await inn.comes_back(other, state="")).status_code == httpx.codes.UNAUTHORIZED
    assert (await inn.comes_back(other, code="made up")).status_code == httpx.codes.UNAUTHORIZED
    assert await inn.rows() == 0


NOW = int(time.time())
LIES: dict[str, dict[str, Any]] = {
    "ended": {"exp": NOW - 3600},
    "without an end": {"exp": None},
    "of the future": {"nbf": NOW + 3600},
    "for another client": {"aud": "payroll"},
    "for several, given to another": {"aud": [CLIENT, "payroll"], "azp": "payroll"},
    "of another issuer": {"iss": "https://evil.example"},
    "of another attempt": {"nonce": "another"},
    "without a nonce": {"nonce": None},
    "of nobody": {"sub": None},
    "of no text": {"sub": 7},
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_token_that_does_not_fit_is_refused(inn: House, lie: str):
    """Whatever else it says rightly."""
    inn.provider.claims = LIES[lie]
    assert (await inn.signs_in()).status_code == httpx.codes.UNAUTHORIZED
    assert await inn.rows() == 0


def unsigned(claims: dict[str, Any], **header: str) -> str:
    """A token without a signature."""
    parts = ({"alg": "none", **header}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."


@pytest.mark.parametrize("how", ["none", "None", "of a stranger", "as a shared secret", "not one", "changed"])
async def test_a_forged_token_is_refused(inn: House, how: str):
    """No signature, a stranger's, the public key as a secret, a changed word."""
    began = await inn.http.get("/signin")
    brought = inn.provider.signs_in(began.headers["location"])
    nonce = inn.provider._codes[brought["code"]]["nonce"]
    claims = {"iss": ISSUER, "aud": CLIENT, "iat": NOW, "exp": NOW + 3600, "sub": "u-9", "nonce": nonce}
    stranger = FakeProvider()
    stranger.key = key("first")
    good = inn.provider.token(claims)
    inn.provider.forged = {
        "none": unsigned(claims),
        "None": unsigned(claims, alg="None", kid="first"),
        "of a stranger": stranger.token(claims),
        "as a shared secret": inn.provider.with_a_shared_secret(claims),
        "not one": "a.b",
        "changed": good.replace(good.split(".")[1], unsigned(claims | {"sub": "u-1"}).split(".")[1]),
    }[how]
    answer = await inn.http.get("/signin/callback", params=brought)
    assert (answer.status_code, await inn.rows()) == (httpx.codes.UNAUTHORIZED, 0)


async def test_new_keys_are_fetched_when_they_are_used(inn: House):
    """Not each time; a name that nobody knows is looked for at most once in a while."""
    await inn.signs_in()
    await inn.signs_in()
    assert inn.provider.asked.count("/keys") == 1
    inn.provider.rotates("second")
    assert (await inn.signs_in()).status_code == httpx.codes.SEE_OTHER
    assert inn.provider.asked.count("/keys") == 2


async def test_strangers_do_not_make_the_keys_be_fetched_over_and_over(inn: House, monkeypatch: pytest.MonkeyPatch):
    """Tokens of unknown keys cost the provider nothing."""
    monkeypatch.setattr(asking, "KEYS_SECONDS", 3600)
    stranger = FakeProvider()
    stranger.key = key("unknown")
    for _ in range(5):
        await inn.http.post("/signin/ended", data={"logout_token": stranger.logout_token(sub="u-1")})
    assert inn.provider.asked.count("/keys") == 1


async def test_who_is_signed_in_stays_while_the_provider_is_away(inn: House):
    """Nobody new is let in, and is told so in both languages; signing out works."""
    await inn.signs_in()
    inn.provider.away = True
    assert await inn.status() == httpx.codes.OK
    began = await inn.http.get("/signin")
    assert began.status_code == httpx.codes.SEE_OTHER, "what it said of itself is remembered"
    answer = await inn.comes_back(began)
    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert "Inloggningen svarar inte" in answer.text
    assert "does not answer" in answer.text
    assert (await inn.http.post("/signout", data={"csrf": await form(inn)})).status_code == httpx.codes.SEE_OTHER
    assert await inn.status() == httpx.codes.UNAUTHORIZED


async def test_a_form_of_another_site_is_refused(inn: House):
    """Whatever it carries but the token of this session; reading needs none."""
    await inn.signs_in()
    own = await form(inn)
    forbidden = httpx.codes.FORBIDDEN
    assert (await inn.http.post("/v1/act")).status_code == forbidden
    assert (await inn.http.post("/v1/act", data={"csrf": "0" * 64})).status_code == forbidden
    assert (await inn.http.post("/v1/act", json={"csrf": own})).status_code == forbidden
    assert (await inn.http.post("/v1/act", params={"csrf": own})).status_code == forbidden
    evil = {"origin": "https://evil.example"}
    assert (await inn.http.post("/v1/act", data={"csrf": own}, headers=evil)).status_code == forbidden
    assert (await inn.http.post("/signout", data={})).status_code == forbidden
    assert (await inn.http.post("/v1/act", data={"csrf": own})).status_code == httpx.codes.OK
    assert (await inn.http.post("/v1/act", headers={"x-csrf-token": own})).status_code == httpx.codes.OK
    await inn.signs_in()
    assert (await inn.http.post("/v1/act", data={"csrf": own})).status_code == forbidden, "of the session before"


STRANGERS = [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "javascript:alert(1)",
    "///evil.example",
    "http:evil.example",
    "/v1/alerts\r\nSet-Cookie: a=b",
    "/" + "x" * 5_000,
    "",
]


@pytest.mark.parametrize("back", STRANGERS)
async def test_nobody_is_sent_to_a_stranger(inn: House, back: str):
    """Not even by who planted the cookie of the attempt."""
    answer = await inn.signs_in(back)
    assert (answer.status_code, answer.headers["location"]) == (httpx.codes.SEE_OTHER, HOME)
    began = await inn.http.get("/signin")
    secret = inn.http.cookies[ATTEMPT].partition(".")[0]
    planted = base64.urlsafe_b64encode(back.encode()).decode().rstrip("=")
    inn.http.cookies.clear()
    inn.http.cookies.set(ATTEMPT, f"{secret}.{planted}", domain="stadga.example")
    answer = await inn.comes_back(began)
    assert (answer.status_code, answer.headers.get("location")) == (httpx.codes.SEE_OTHER, HOME)


async def test_the_provider_ends_sessions(inn: House):
    """Of one sign-in there; not those that began afterwards, nor for a token that is none."""
    await inn.signs_in()
    kept = [
        inn.provider.logout_token(sid="another"),
        inn.provider.logout_token(sid="s-1", nonce="x"),
        inn.provider.logout_token(sid="s-1", aud="payroll"),
        inn.provider.logout_token(sid="s-1", iat=NOW - 3600),
        inn.provider.token({"sid": "s-1"}),
        inn.provider.logout_token(),
        "",
    ]
    for token in kept:
        await inn.http.post("/signin/ended", data={"logout_token": token})
        assert await inn.rows() == 1
    ended = await inn.http.post("/signin/ended", data={"logout_token": inn.provider.logout_token(sid="s-1")})
    assert ended.status_code == httpx.codes.OK
    assert await inn.status() == httpx.codes.UNAUTHORIZED


async def test_a_session_ends_idle_and_at_the_latest(inn: House):
    """One by rest, one although it was used."""
    await inn.signs_in()
    await inn.shop.pool.execute("update sessions set used = used - $1::interval", table.IDLE)
    assert await inn.status() == httpx.codes.UNAUTHORIZED
    await inn.signs_in()
    await inn.shop.pool.execute("update sessions set created = created - $1::interval", table.LONGEST)
    assert await inn.status() == httpx.codes.UNAUTHORIZED
    await table.clear(inn.shop.pool, inn.shop.clock.now())
    assert await inn.rows() == 0
    await inn.signs_in()
    await inn.shop.pool.execute("update sessions set used = used - $1::interval", timedelta(minutes=30))
    assert await inn.status() == httpx.codes.OK
    [(rest,)] = await inn.shop.rows("select now() - used from sessions")
    assert rest < timedelta(minutes=29)


async def test_groups_decide_and_nobody_is_let_in_without_one(inn: House):
    """Signed in is not let in; a reader of all does not act anywhere."""
    inn.provider.claims = {"groups": ["canteen"]}
    await inn.signs_in()
    assert await inn.status() == httpx.codes.FORBIDDEN
    inn.provider.claims = {"groups": ["readers", 7, None]}
    await inn.signs_in()
    assert await inn.status() == httpx.codes.OK
    assert (
        await inn.http.post("/v1/act", headers={"x-csrf-token": await form(inn)})
    ).status_code == httpx.codes.FORBIDDEN


async def test_failed_attempts_are_limited_by_address(inn: House):
    """Who guesses is answered 429 before long; who is signed in goes on."""
    await inn.signs_in()
    statuses = [await inn.status(authorization=f"Bearer {guess}") for guess in range(25)]
    assert statuses == [httpx.codes.UNAUTHORIZED] * 20 + [httpx.codes.TOO_MANY_REQUESTS] * 5
    assert await inn.status() == httpx.codes.OK
